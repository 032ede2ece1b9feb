// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// The digests and the cipher of protected office files, and the digest of a WebSocket's handshake. Nothing here
// protects anything of ours: MD5 and SHA-1 are what those use.
namespace tidemill::base {

enum class DigestKind : std::uint8_t { kMd5, kSha1, kSha256, kSha384, kSha512 };

// Digests one text after the other; cheaper than a new one each time.
class Hasher {
 public:
  explicit Hasher(DigestKind kind);
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  // Of `first` with `second` behind it. Empty where the cryptographic library has been told not to know the digest.
  std::string Hash(std::string_view first, std::string_view second = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

enum class AesMode : std::uint8_t { kEcb, kCbc };
// Deciphers whole blocks of 16 bytes without padding; what is left over at the end is dropped. `key` has 16, 24 or 32
// bytes, `vector` 16 for kCbc. Nothing for other sizes.
std::optional<std::string> DecryptAes(AesMode mode, std::string_view key, std::string_view vector,
                                      std::string_view bytes);

}  // namespace tidemill::base
