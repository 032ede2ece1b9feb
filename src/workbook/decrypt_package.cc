// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "tidemill/base/digest.h"
#include "tidemill/base/text.h"

#include "decrypt.h"
#include "xml.h"

namespace tidemill::workbook {
namespace {

using base::AesMode;
using base::ErrorCode;
using base::Fail;

constexpr std::uint32_t kMostSpins = 1'000'000;  // Excel writes 100,000; a file may ask for ten million
constexpr std::string_view kVerifierInputBlock = "\xFE\xA7\xD2\x76\x3B\x4B\x9E\x79";
constexpr std::string_view kVerifierHashBlock = "\xD7\xAA\x0F\x6D\x30\x61\x34\x4E";
constexpr std::string_view kKeyBlock = "\x14\x6E\x0B\xE7\xAB\xAC\xD0\xD6";

tl::unexpected<base::Error> Refuse(std::string_view how) {
  return Fail(ErrorCode::kUnsupported, "encrypted: the workbook is protected by a password ({}), expected an open one",
              how);
}

std::string LittleEndian(std::uint32_t value) {
  std::string bytes(4, '\0');
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>(value >> (8 * i) & 0xFFU);
  return bytes;
}

std::string SpunHash(base::Hasher& hasher, std::string_view salt, std::string_view password, std::uint32_t spins) {
  std::string hash = hasher.Hash(salt, WidePassword(password));
  for (std::uint32_t i = 0; i < spins; ++i) hash = hasher.Hash(LittleEndian(i), hash);
  return hash;
}

std::string Sized(std::string bytes, std::size_t size, char padding) {
  bytes.resize(size, padding);
  return bytes;
}

// 2.3.4.7: the key of "standard" encryption, of the first block.
std::string StandardKey(std::string_view salt, std::string_view password, std::size_t key_size) {
  constexpr std::uint32_t kSpins = 50'000;
  base::Hasher sha1(base::DigestKind::kSha1);
  const std::string hash = sha1.Hash(SpunHash(sha1, salt, password, kSpins), LittleEndian(0));
  std::string inner(64, '\x36');
  std::string outer(64, '\x5C');
  for (std::size_t i = 0; i < hash.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ hash[i]);
    outer[i] = static_cast<char>(outer[i] ^ hash[i]);
  }
  return (sha1.Hash(inner) + sha1.Hash(outer)).substr(0, key_size);
}

std::string CutTo(std::string plain, std::uint64_t size) {
  if (plain.size() > size) plain.resize(size);
  return plain;
}

base::Result<std::string> DecryptStandard(std::string_view info, std::string_view package, std::string_view password) {
  const std::size_t header_size = LoadU32(info, 8);
  const std::string_view header = Slice(info, 12, header_size);
  const std::string_view verifier = header.size() == header_size ? Slice(info, 12 + header_size, 72) : "";
  const std::uint32_t algorithm = LoadU32(header, 8);
  const std::uint32_t bits = LoadU32(header, 16);
  if (verifier.size() < 72 || algorithm < 0x660E || algorithm > 0x6610 || bits > 256) return Refuse("no AES");
  const std::string key = StandardKey(verifier.substr(4, 16), password, bits / 8);
  const auto plain = base::DecryptAes(AesMode::kEcb, key, {}, verifier.substr(20, 16));
  const auto hash = base::DecryptAes(AesMode::kEcb, key, {}, verifier.substr(40, 32));
  if (!plain || !hash) return Refuse("AES with an odd key");
  const std::string wanted = base::Hasher(base::DigestKind::kSha1).Hash(*plain);
  if (wanted.empty() || !hash->starts_with(wanted)) return Refuse("AES");
  return CutTo(base::DecryptAes(AesMode::kEcb, key, {}, Slice(package, 8, package.size())).value_or(""),
               LoadU64(package, 0));
}

std::string FromBase64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<std::uint32_t>(c - 'a') + 26;
    } else if (c >= '0' && c <= '9') {
      value = static_cast<std::uint32_t>(c - '0') + 52;
    } else if (c == '+' || c == '/') {
      value = c == '+' ? 62 : 63;
    } else {
      continue;
    }
    bits = bits << 6U | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU));
  }
  return bytes;
}

// What <keyData> and <encryptedKey> say alike.
struct AgileCipher {
  std::string salt;
  std::size_t block_size = 0;
  std::size_t key_size = 0;
  std::optional<base::DigestKind> digest;
  bool aes_cbc = false;

  bool IsKnown() const { return aes_cbc && digest.has_value() && block_size == 16 && key_size <= 32; }
};

struct AgileInfo {
  AgileCipher package;
  AgileCipher password;
  std::uint32_t spins = 0;
  std::string verifier_input;
  std::string verifier_hash;
  std::string key;
};

std::optional<base::DigestKind> DigestOf(std::string_view name) {
  if (name == "MD5") return base::DigestKind::kMd5;
  if (name == "SHA1" || name == "SHA-1") return base::DigestKind::kSha1;
  if (name == "SHA256") return base::DigestKind::kSha256;
  if (name == "SHA384") return base::DigestKind::kSha384;
  if (name == "SHA512") return base::DigestKind::kSha512;
  return std::nullopt;
}

AgileCipher ReadCipher(const XmlReader& xml) {
  return {.salt = FromBase64(xml.Attribute("saltValue")),
          .block_size = xml.Number("blockSize").value_or(0),
          .key_size = xml.Number("keyBits").value_or(0) / 8,
          .digest = DigestOf(xml.Attribute("hashAlgorithm")),
          .aes_cbc = xml.Attribute("cipherAlgorithm") == "AES" && xml.Attribute("cipherChaining") == "ChainingModeCBC"};
}

AgileInfo ReadAgileInfo(std::string_view text) {
  constexpr std::uint32_t kDepth = 16;
  AgileInfo info;
  XmlReader xml(text, kDepth);
  for (auto event = xml.Next(); event != XmlReader::Event::kDone && event != XmlReader::Event::kError;
       event = xml.Next()) {
    if (event != XmlReader::Event::kStart) continue;
    if (xml.name() == "keyData") info.package = ReadCipher(xml);
    if (xml.name() != "encryptedKey") continue;
    info.password = ReadCipher(xml);
    info.spins = xml.Number("spinCount").value_or(0);
    info.verifier_input = FromBase64(xml.Attribute("encryptedVerifierHashInput"));
    info.verifier_hash = FromBase64(xml.Attribute("encryptedVerifierHashValue"));
    info.key = FromBase64(xml.Attribute("encryptedKeyValue"));
  }
  return info;
}

// 2.3.4.13: the package's key, or nothing where the password is another one.
std::optional<std::string> AgileKey(const AgileInfo& info, std::string_view password) {
  base::Hasher hasher(*info.password.digest);
  const std::string hash = SpunHash(hasher, info.password.salt, password, info.spins);
  const std::string vector = Sized(info.password.salt, info.password.block_size, '\x36');
  const auto decrypt = [&](std::string_view block, std::string_view bytes) {
    const std::string key = Sized(hasher.Hash(hash, block), info.password.key_size, '\x36');
    return base::DecryptAes(AesMode::kCbc, key, vector, bytes);
  };
  const auto input = decrypt(kVerifierInputBlock, info.verifier_input);
  const auto wanted = decrypt(kVerifierHashBlock, info.verifier_hash);
  if (!input || !wanted) return std::nullopt;
  const std::string found = hasher.Hash(input->substr(0, info.password.salt.size()));
  if (found.empty() || !wanted->starts_with(found)) return std::nullopt;
  const auto key = decrypt(kKeyBlock, info.key);
  return key ? std::optional(Sized(*key, info.package.key_size, '\0')) : std::nullopt;
}

base::Result<std::string> DecryptAgile(std::string_view text, std::string_view package, std::string_view password) {
  constexpr std::size_t kSegment = 4096;
  const AgileInfo info = ReadAgileInfo(text);
  if (!info.package.IsKnown() || !info.password.IsKnown()) return Refuse("another cipher than AES");
  if (info.spins > kMostSpins) return Refuse("more than a million rounds");
  const auto key = AgileKey(info, password);
  if (!key) return Refuse("AES");
  base::Hasher hasher(*info.package.digest);
  const std::string_view enciphered = Slice(package, 8, package.size());
  std::string plain;
  plain.reserve(enciphered.size());
  for (std::uint32_t segment = 0; segment * kSegment < enciphered.size(); ++segment) {
    const std::string vector =
        Sized(hasher.Hash(info.package.salt, LittleEndian(segment)), info.package.block_size, '\x36');
    const auto piece = base::DecryptAes(AesMode::kCbc, *key, vector, enciphered.substr(segment * kSegment, kSegment));
    if (!piece) return Refuse("AES with an odd key");
    plain += *piece;
  }
  return CutTo(std::move(plain), LoadU64(package, 0));
}

}  // namespace

base::Result<std::string> DecryptPackage(const Ole2File& file, std::string_view password) {
  const Buffer info = file.Read("EncryptionInfo");
  const Buffer package = file.Read("EncryptedPackage");
  const std::uint16_t minor = LoadU16(info.view, 2);
  if (minor == 2) return DecryptStandard(info.view, package.view, password);
  if (minor == 4) return DecryptAgile(Slice(info.view, 8, info.view.size()), package.view, password);
  return Refuse("of an unknown kind");
}

}  // namespace tidemill::workbook
