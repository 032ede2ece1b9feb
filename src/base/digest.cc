// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/digest.h"

#include <array>

#include "crypto_library.h"

namespace tidemill::base {
namespace {

constexpr std::size_t kBlock = 16;

const EVP_MD* MethodOf(DigestKind kind) {
  switch (kind) {
    case DigestKind::kMd5:
      return Crypto().EVP_md5();
    case DigestKind::kSha1:
      return Crypto().EVP_sha1();
    case DigestKind::kSha256:
      return Crypto().EVP_sha256();
    case DigestKind::kSha384:
      return Crypto().EVP_sha384();
    case DigestKind::kSha512:
      return Crypto().EVP_sha512();
  }
  return nullptr;
}

const EVP_CIPHER* CipherOf(AesMode mode, std::size_t key_size) {
  const bool ecb = mode == AesMode::kEcb;
  switch (key_size) {
    case 16:
      return ecb ? Crypto().EVP_aes_128_ecb() : Crypto().EVP_aes_128_cbc();
    case 24:
      return ecb ? Crypto().EVP_aes_192_ecb() : Crypto().EVP_aes_192_cbc();
    case 32:
      return ecb ? Crypto().EVP_aes_256_ecb() : Crypto().EVP_aes_256_cbc();
    default:
      return nullptr;
  }
}

const unsigned char* Unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { Crypto().EVP_CIPHER_CTX_free(context); }
};

}  // namespace

struct Hasher::State {
  EVP_MD_CTX* fresh = Crypto().EVP_MD_CTX_new();  // set up once, copied for each text
  EVP_MD_CTX* running = Crypto().EVP_MD_CTX_new();
  bool good = false;
};

Hasher::Hasher(DigestKind kind) : state_(std::make_unique<State>()) {
  state_->good = Crypto().EVP_DigestInit_ex(state_->fresh, MethodOf(kind), nullptr) == 1;
}

Hasher::~Hasher() {
  Crypto().EVP_MD_CTX_free(state_->fresh);
  Crypto().EVP_MD_CTX_free(state_->running);
}

std::string Hasher::Hash(std::string_view first, std::string_view second) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (!state_->good || Crypto().EVP_MD_CTX_copy_ex(state_->running, state_->fresh) != 1) return {};
  Crypto().EVP_DigestUpdate(state_->running, first.data(), first.size());
  Crypto().EVP_DigestUpdate(state_->running, second.data(), second.size());
  if (Crypto().EVP_DigestFinal_ex(state_->running, digest.data(), &size) != 1) return {};
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::optional<std::string> DecryptAes(AesMode mode, std::string_view key, std::string_view vector,
                                      std::string_view bytes) {
  const EVP_CIPHER* cipher = CipherOf(mode, key.size());
  if (cipher == nullptr || (mode == AesMode::kCbc && vector.size() != kBlock)) return std::nullopt;
  const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context(Crypto().EVP_CIPHER_CTX_new());
  const unsigned char* start = mode == AesMode::kCbc ? Unsigned(vector) : nullptr;
  if (Crypto().EVP_DecryptInit_ex(context.get(), cipher, nullptr, Unsigned(key), start) != 1) return std::nullopt;
  Crypto().EVP_CIPHER_CTX_set_padding(context.get(), 0);
  constexpr std::size_t kStep = std::size_t{1} << 20U;  // the library counts in int
  bytes = bytes.substr(0, bytes.size() / kBlock * kBlock);
  std::string plain(bytes.size(), '\0');
  for (std::size_t at = 0; at < bytes.size(); at += kStep) {
    const std::string_view piece = bytes.substr(at, kStep);
    int written = 0;
    if (Crypto().EVP_DecryptUpdate(context.get(), reinterpret_cast<unsigned char*>(plain.data()) + at, &written,
                                   Unsigned(piece), static_cast<int>(piece.size())) != 1) {
      return std::nullopt;
    }
  }
  return plain;
}

}  // namespace tidemill::base
