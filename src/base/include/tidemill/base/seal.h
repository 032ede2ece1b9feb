// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// Keeping a secret in a file: AES-256-GCM.
namespace tidemill::base {

inline constexpr std::size_t kSealKeyBytes = 32;

// Random bytes of the cryptographic library; empty where it has none to give.
std::string SecureRandom(std::size_t count);
// Nonce, cipher text and tag, in hexadecimal digits. Nothing for a key of another size.
std::optional<std::string> Seal(std::string_view key, std::string_view plain);
// What was sealed; nothing where it was changed or sealed with another key.
std::optional<std::string> Unseal(std::string_view key, std::string_view sealed);

}  // namespace tidemill::base
