// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/seal.h"

#include <memory>

#include "tidemill/base/sha256.h"

#include "crypto_library.h"

namespace tidemill::base {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kMostBytes = std::size_t{1} << 30U;  // the library counts in int

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { Crypto().EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

unsigned char* Bytes(std::string& text, std::size_t at = 0) {
  return reinterpret_cast<unsigned char*>(text.data()) + at;
}
const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::optional<std::string> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = HexDigit(text[i]);
    const int low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

}  // namespace

std::string SecureRandom(std::size_t count) {
  std::string bytes(count, '\0');
  if (count > kMostBytes || Crypto().RAND_bytes(Bytes(bytes), static_cast<int>(count)) != 1) return {};
  return bytes;
}

std::optional<std::string> Seal(std::string_view key, std::string_view plain) {
  const std::string nonce = SecureRandom(kNonceBytes);
  if (key.size() != kSealKeyBytes || nonce.empty() || plain.size() > kMostBytes) return std::nullopt;
  const Cipher cipher(Crypto().EVP_CIPHER_CTX_new());
  std::string out = nonce;
  out.resize(kNonceBytes + plain.size() + kTagBytes);
  int written = 0;
  if (Crypto().EVP_EncryptInit_ex(cipher.get(), Crypto().EVP_aes_256_gcm(), nullptr, Bytes(key),
                                  Bytes(std::string_view(nonce))) != 1 ||
      Crypto().EVP_EncryptUpdate(cipher.get(), Bytes(out, kNonceBytes), &written, Bytes(plain),
                                 static_cast<int>(plain.size())) != 1 ||
      Crypto().EVP_EncryptFinal_ex(cipher.get(), Bytes(out, kNonceBytes + plain.size()), &written) != 1 ||
      Crypto().EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                                   Bytes(out, kNonceBytes + plain.size())) != 1) {
    return std::nullopt;
  }
  return ToHex(out);
}

std::optional<std::string> Unseal(std::string_view key, std::string_view sealed) {
  auto bytes = FromHex(sealed);
  if (key.size() != kSealKeyBytes || !bytes || bytes->size() < kNonceBytes + kTagBytes) return std::nullopt;
  const std::size_t size = bytes->size() - kNonceBytes - kTagBytes;
  if (size > kMostBytes) return std::nullopt;
  const Cipher cipher(Crypto().EVP_CIPHER_CTX_new());
  std::string plain(size, '\0');
  int written = 0;
  if (Crypto().EVP_DecryptInit_ex(cipher.get(), Crypto().EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(*bytes)) != 1 ||
      Crypto().EVP_DecryptUpdate(cipher.get(), Bytes(plain), &written, Bytes(*bytes, kNonceBytes),
                                 static_cast<int>(size)) != 1 ||
      Crypto().EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, Bytes(*bytes, kNonceBytes + size)) !=
          1 ||
      Crypto().EVP_DecryptFinal_ex(cipher.get(), Bytes(plain, size), &written) != 1) {
    return std::nullopt;
  }
  return plain;
}

}  // namespace tidemill::base
