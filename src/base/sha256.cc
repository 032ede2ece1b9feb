// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/sha256.h"

#include "crypto_library.h"

namespace tidemill::base {

Sha256Digest Sha256(std::string_view bytes) {
  Sha256Digest digest{};
  SHA256_CTX context;
  Crypto().SHA256_Init(&context);
  Crypto().SHA256_Update(&context, bytes.data(), bytes.size());
  Crypto().SHA256_Final(digest.data(), &context);
  return digest;
}

std::string ToHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

std::string Sha256Hex(std::string_view bytes) {
  const Sha256Digest digest = Sha256(bytes);
  return ToHex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace tidemill::base
