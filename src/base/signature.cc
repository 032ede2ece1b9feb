// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/signature.h"

#include <array>
#include <cstdint>
#include <memory>

#include "crypto_library.h"

namespace tidemill::base {
namespace {

struct Free {
  void operator()(BIO* bio) const { Crypto().BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { Crypto().EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { Crypto().EVP_MD_CTX_free(context); }
};

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// A key with a password is none that can be used: nobody is asked for one.
int NoPassword(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return 0;
}

using CrcTable = std::array<std::uint32_t, 256>;
constexpr CrcTable MakeCrcTable() {
  constexpr std::uint32_t kCastagnoli = 0x82F63B78U;
  CrcTable table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? (value >> 1U) ^ kCastagnoli : value >> 1U;
    table[i] = value;
  }
  return table;
}
constexpr CrcTable kCrcTable = MakeCrcTable();

}  // namespace

std::string HmacSha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (Crypto().HMAC(Crypto().EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(text), text.size(),
                    digest.data(), &size) == nullptr) {
    return {};
  }
  return {reinterpret_cast<const char*>(digest.data()), size};
}

Result<std::string> SignRs256(std::string_view private_key_pem, std::string_view text) {
  constexpr std::size_t kMostPem = std::size_t{64} << 10U;
  const std::size_t size = private_key_pem.size() < kMostPem ? private_key_pem.size() : kMostPem;
  const std::unique_ptr<BIO, Free> bio(Crypto().BIO_new_mem_buf(private_key_pem.data(), static_cast<int>(size)));
  const std::unique_ptr<EVP_PKEY, Free> key(
      bio ? Crypto().PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassword, nullptr) : nullptr);
  if (!key || Crypto().EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
    return Fail(ErrorCode::kInvalid, "the private key cannot be read, expected an RSA key in PEM without a password");
  }
  const std::unique_ptr<EVP_MD_CTX, Free> context(Crypto().EVP_MD_CTX_new());
  std::size_t length = 0;
  if (!context || Crypto().EVP_DigestSignInit(context.get(), nullptr, Crypto().EVP_sha256(), nullptr, key.get()) != 1 ||
      Crypto().EVP_DigestSign(context.get(), nullptr, &length, Bytes(text), text.size()) != 1) {
    return Fail(ErrorCode::kInternal, "the cryptographic library does not sign");
  }
  std::string signature(length, '\0');
  auto* const into = reinterpret_cast<unsigned char*>(signature.data());
  if (Crypto().EVP_DigestSign(context.get(), into, &length, Bytes(text), text.size()) != 1) {
    return Fail(ErrorCode::kInternal, "the cryptographic library does not sign");
  }
  signature.resize(length);
  return signature;
}

std::string Crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) crc = (crc >> 8U) ^ kCrcTable[(crc ^ static_cast<unsigned char>(c)) & 0xFFU];
  crc = ~crc;
  std::string text(4, '\0');
  for (std::size_t i = 0; i < 4; ++i) text[i] = static_cast<char>((crc >> (24U - 8U * i)) & 0xFFU);
  return text;
}

namespace {

std::string Encode(std::string_view bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = (group << 8U) | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    const std::size_t digits = bytes.size() - at >= 3 ? 4 : bytes.size() - at + 1;
    for (std::size_t i = 0; i < digits; ++i) text += alphabet[(group >> (18U - 6U * i)) & 0x3FU];
  }
  return text;
}

}  // namespace

std::string Base64(std::string_view bytes) {
  std::string text = Encode(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string Base64Url(std::string_view bytes) {
  return Encode(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}

}  // namespace tidemill::base
