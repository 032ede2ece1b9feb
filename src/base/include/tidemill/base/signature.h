// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tidemill/base/result.h"

// What stores in the cloud ask for: signatures of requests, checksums of what was sent, base64 around both.
namespace tidemill::base {

// 32 bytes.
std::string HmacSha256(std::string_view key, std::string_view text);
// RSASSA-PKCS1-v1_5 with SHA-256 over `text`, by a private key in PEM. kInvalid where that is no RSA key; the message
// holds nothing of it.
Result<std::string> SignRs256(std::string_view private_key_pem, std::string_view text);

// CRC-32C (Castagnoli), as the four bytes that Google's storage counts with: big end first.
std::string Crc32c(std::string_view bytes);

// RFC 4648, section 4, with padding.
std::string Base64(std::string_view bytes);
// Section 5, without padding: for addresses and tokens.
std::string Base64Url(std::string_view bytes);

}  // namespace tidemill::base
