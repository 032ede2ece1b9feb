// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <span>

#include "tidemill/base/digest.h"

#include "biff.h"
#include "decrypt.h"
#include "rc4.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr std::size_t kRc4Block = 1024;  // after so many bytes of the stream RC4 begins again with a new key

tl::unexpected<base::Error> RefuseRc4(std::string_view how) {
  return Fail(ErrorCode::kUnsupported, "encrypted: the workbook is protected by a password ({}), expected an open one",
              how);
}

// Makes plain what stands at a place of the stream; places are asked for in rising order.
class StreamCipher {
 public:
  virtual ~StreamCipher() = default;
  virtual void Apply(std::span<char> bytes, std::size_t at, std::size_t record_size) = 0;
};

// 2.3.7, "XOR obfuscation, method 1".
class XorCipher final : public StreamCipher {
 public:
  explicit XorCipher(std::string_view password) : key_(KeyOf(password)) {
    static constexpr std::array<std::uint8_t, 15> kPadding = {0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80,
                                                              0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00};
    for (std::size_t i = 0; i < array_.size(); ++i) {
      const std::uint8_t from = i < password.size() ? static_cast<std::uint8_t>(password[i])
                                                    : kPadding[(i - password.size()) % kPadding.size()];
      const auto mixed = static_cast<std::uint8_t>(from ^ (i % 2 == 0 ? key_ & 0xFFU : key_ >> 8U));
      array_[i] = static_cast<std::uint8_t>(mixed << 2U | mixed >> 6U);
    }
  }

  // The key byte of a place is that of a record's length further on.
  void Apply(std::span<char> bytes, std::size_t at, std::size_t record_size) override {
    const std::size_t first = at + record_size;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto value = static_cast<std::uint8_t>(bytes[i]);
      const auto turned = static_cast<std::uint8_t>(value << 3U | value >> 5U);
      bytes[i] = static_cast<char>(turned ^ array_[(first + i) % array_.size()]);
    }
  }

  std::uint16_t key() const { return key_; }

  static std::uint16_t VerifierOf(std::string_view password) {
    std::uint32_t verifier = 0;
    const auto mix = [&](std::uint32_t byte) {
      verifier = ((verifier >> 14U & 1U) | (verifier << 1U & 0x7FFFU)) ^ byte;
    };
    for (std::size_t i = password.size(); i > 0; --i) mix(static_cast<std::uint8_t>(password[i - 1]));
    mix(static_cast<std::uint32_t>(password.size()));
    return static_cast<std::uint16_t>(verifier ^ 0xCE4BU);
  }

 private:
  static std::uint16_t KeyOf(std::string_view password) {
    static constexpr std::array<std::uint16_t, 15> kFirst = {0xE1F0, 0x1D0F, 0xCC9C, 0x84C0, 0x110C,
                                                             0x0E10, 0xF1CE, 0x313E, 0x1872, 0xE139,
                                                             0xD40F, 0x84F9, 0x280C, 0xA96A, 0x4EC3};
    static constexpr std::array<std::uint16_t, 105> kMatrix = {
        0xAEFC, 0x4DD9, 0x9BB2, 0x2745, 0x4E8A, 0x9D14, 0x2A09, 0x7B61, 0xF6C2, 0xFDA5, 0xEB6B, 0xC6F7, 0x9DCF, 0x2BBF,
        0x4563, 0x8AC6, 0x05AD, 0x0B5A, 0x16B4, 0x2D68, 0x5AD0, 0x0375, 0x06EA, 0x0DD4, 0x1BA8, 0x3750, 0x6EA0, 0xDD40,
        0xD849, 0xA0B3, 0x5147, 0xA28E, 0x553D, 0xAA7A, 0x44D5, 0x6F45, 0xDE8A, 0xAD35, 0x4A4B, 0x9496, 0x390D, 0x721A,
        0xEB23, 0xC667, 0x9CEF, 0x29FF, 0x53FE, 0xA7FC, 0x5FD9, 0x47D3, 0x8FA6, 0x0F6D, 0x1EDA, 0x3DB4, 0x7B68, 0xF6D0,
        0xB861, 0x60E3, 0xC1C6, 0x93AD, 0x377B, 0x6EF6, 0xDDEC, 0x45A0, 0x8B40, 0x06A1, 0x0D42, 0x1A84, 0x3508, 0x6A10,
        0xAA51, 0x4483, 0x8906, 0x022D, 0x045A, 0x08B4, 0x1168, 0x76B4, 0xED68, 0xCAF1, 0x85C3, 0x1BA7, 0x374E, 0x6E9C,
        0x3730, 0x6E60, 0xDCC0, 0xA9A1, 0x4363, 0x86C6, 0x1DAD, 0x3331, 0x6662, 0xCCC4, 0x89A9, 0x0373, 0x06E6, 0x0DCC,
        0x1021, 0x2042, 0x4084, 0x8108, 0x1231, 0x2462, 0x48C4};
    if (password.empty() || password.size() > kFirst.size()) return 0;
    std::uint32_t key = kFirst[password.size() - 1];
    std::size_t element = kMatrix.size();
    for (std::size_t i = password.size(); i > 0; --i) {
      auto character = static_cast<std::uint8_t>(password[i - 1]);
      for (int bit = 0; bit < 7; ++bit) {
        --element;
        if ((character & 0x40U) != 0) key ^= kMatrix[element];
        character = static_cast<std::uint8_t>(character << 1U);
      }
    }
    return static_cast<std::uint16_t>(key);
  }

  std::uint16_t key_;
  std::array<std::uint8_t, 16> array_{};
};

// 2.3.6 and 2.3.5: both differ in how a block's key comes about only.
class Rc4Cipher final : public StreamCipher {
 public:
  // `secret`: what stands in front of the block's number; `key_size`: bytes of its digest that count.
  Rc4Cipher(base::DigestKind kind, std::string secret, std::size_t key_size, std::size_t padded_size)
      : hasher_(kind), secret_(std::move(secret)), key_size_(key_size), padded_size_(padded_size) {}

  void Apply(std::span<char> bytes, std::size_t at, std::size_t /*record_size*/) override {
    for (char& byte : bytes) {
      byte = static_cast<char>(static_cast<std::uint8_t>(byte) ^ At(at));
      ++at;
    }
  }

 private:
  std::uint8_t At(std::size_t at) {
    const std::size_t block = at / kRc4Block;
    if (!stream_ || block != block_) {
      std::array<char, 4> number{};
      for (std::size_t i = 0; i < number.size(); ++i) number[i] = static_cast<char>(block >> (8 * i) & 0xFFU);
      std::string key = hasher_.Hash(secret_, {number.data(), number.size()}).substr(0, key_size_);
      key.resize(padded_size_);
      stream_.emplace(key);
      block_ = block;
      position_ = 0;
    }
    for (; position_ < at % kRc4Block; ++position_) stream_->Next();
    ++position_;
    return stream_->Next();
  }

  base::Hasher hasher_;
  std::string secret_;
  std::size_t key_size_;
  std::size_t padded_size_;
  std::optional<Rc4> stream_;
  std::size_t block_ = 0;
  std::size_t position_ = 0;
};

std::string Rc4Secret(std::string_view salt, std::string_view password) {
  constexpr std::size_t kTruncated = 5;
  base::Hasher md5(base::DigestKind::kMd5);
  const std::string first = md5.Hash(WidePassword(password)).substr(0, kTruncated);
  std::string repeated;
  for (int i = 0; i < 16; ++i) repeated.append(first).append(salt);
  return md5.Hash(repeated).substr(0, kTruncated);
}

// The verifier and its digest are enciphered in one go, as if they were the beginning of block 0.
bool Verifies(base::DigestKind kind, StreamCipher& cipher, std::string verifier, std::string hash) {
  cipher.Apply(verifier, 0, 0);
  cipher.Apply(hash, verifier.size(), 0);
  const std::string wanted = base::Hasher(kind).Hash(verifier);
  return !wanted.empty() && hash.starts_with(wanted);
}

using Opened = base::Result<std::unique_ptr<StreamCipher>>;

Opened OpenRc4(std::string_view body, std::string_view password) {
  constexpr std::size_t kSaltAt = 6;
  if (body.size() < kSaltAt + 48) return RefuseRc4("RC4, cut off");
  const auto make = [&] {
    return std::make_unique<Rc4Cipher>(base::DigestKind::kMd5, Rc4Secret(body.substr(kSaltAt, 16), password), 16, 16);
  };
  const std::string verifier(body.substr(kSaltAt + 16, 16));
  const std::string hash(body.substr(kSaltAt + 32, 16));
  if (!Verifies(base::DigestKind::kMd5, *make(), verifier, hash)) return RefuseRc4("RC4");
  return make();
}

Opened OpenCryptoApi(std::string_view body, std::string_view password) {
  constexpr std::uint32_t kRc4 = 0x6801;
  constexpr std::uint32_t kSha1 = 0x8004;
  constexpr std::size_t kHeaderAt = 14;
  const std::size_t header_size = LoadU32(body, 10);
  const std::string_view header = Slice(body, kHeaderAt, header_size);
  const std::string_view verifier = header.size() == header_size ? Slice(body, kHeaderAt + header_size, 60) : "";
  if (header.size() < 32 || verifier.size() < 60) return RefuseRc4("CryptoAPI, cut off");
  const std::uint32_t algorithm = LoadU32(header, 8);
  const std::uint32_t hash = LoadU32(header, 12);
  if ((algorithm != kRc4 && algorithm != 0) || (hash != kSha1 && hash != 0)) return RefuseRc4("CryptoAPI");
  const std::uint32_t bits = LoadU32(header, 16) == 0 ? 40 : LoadU32(header, 16);
  if (bits < 40 || bits > 128 || bits % 8 != 0) return RefuseRc4("CryptoAPI");
  const std::string secret = base::Hasher(base::DigestKind::kSha1).Hash(verifier.substr(4, 16), WidePassword(password));
  const auto make = [&] {
    return std::make_unique<Rc4Cipher>(base::DigestKind::kSha1, secret, bits / 8, bits == 40 ? 16 : bits / 8);
  };
  if (!Verifies(base::DigestKind::kSha1, *make(), std::string(verifier.substr(20, 16)),
                std::string(verifier.substr(40, 20)))) {
    return RefuseRc4("RC4 CryptoAPI");
  }
  return make();
}

Opened OpenXor(std::uint16_t key, std::uint16_t verifier, std::string_view password) {
  auto cipher = std::make_unique<XorCipher>(password);
  if (cipher->key() != key || XorCipher::VerifierOf(password) != verifier) return RefuseRc4("XOR");
  return cipher;
}

// A FILEPASS record ([MS-XLS] 2.4.117); before BIFF8 it holds XOR's two numbers alone.
Opened OpenCipher(std::string_view body, std::uint16_t version, std::string_view password) {
  if (version < kBiff8 || body.size() == 4) return OpenXor(LoadU16(body, 0), LoadU16(body, 2), password);
  if (LoadU16(body, 0) == 0) return OpenXor(LoadU16(body, 2), LoadU16(body, 4), password);
  if (LoadU16(body, 2) == 1) return OpenRc4(body, password);
  return OpenCryptoApi(body, password);
}

struct FilePass {
  BiffRecord record;
  std::uint16_t version = kBiff8;
};

// It stands right behind the first BOF, but for a record or two about writing.
std::optional<FilePass> FindFilePass(std::string_view stream) {
  constexpr int kFarthest = 16;
  BiffWalker walker(stream, 0);
  FilePass found;
  for (int i = 0; i < kFarthest && walker.Next(found.record); ++i) {
    if (const std::uint16_t version = BofVersion(found.record.id, found.record.body); version != 0) {
      found.version = version;
    }
    if (found.record.id == Biff::kFilePass) return found;
  }
  return std::nullopt;
}

// How much of a record's body is never enciphered.
std::size_t PlainBytes(Biff id, std::size_t size) {
  switch (id) {
    case Biff::kBof:
    case Biff::kFilePass:
    case Biff::kInterfaceHeader:
    case Biff::kSharedUsers:
    case Biff::kFileLock:
    case Biff::kRevisionInfo:
    case Biff::kRevisionHead:
      return size;
    case Biff::kBoundSheet:
      return std::min<std::size_t>(size, 4);
    default:
      return IsBof(id) ? size : 0;
  }
}

}  // namespace

std::string WidePassword(std::string_view ascii) {
  std::string wide;
  for (const char c : ascii) wide += {c, '\0'};
  return wide;
}

bool IsEncryptedXls(std::string_view stream) {
  return FindFilePass(stream).has_value();
}

base::Result<Buffer> DecryptXls(Buffer stream, std::string_view password) {
  const auto found = FindFilePass(stream.view);
  if (!found) return stream;
  TIDEMILL_ASSIGN(const auto cipher, OpenCipher(found->record.body, found->version, password));
  Buffer plain;
  plain.memory = std::make_unique_for_overwrite<char[]>(stream.view.size());
  stream.view.copy(plain.memory.get(), stream.view.size());
  BiffWalker walker(stream.view, found->record.at);
  BiffRecord record;
  while (walker.Next(record)) {
    const std::size_t skipped = PlainBytes(record.id, record.body.size());
    const std::size_t at = record.at + 4 + skipped;
    cipher->Apply({plain.memory.get() + at, record.body.size() - skipped}, at, record.body.size());
  }
  plain.view = {plain.memory.get(), stream.view.size()};
  return plain;
}

}  // namespace tidemill::workbook
