// SPDX-License-Identifier: Apache-2.0
// The cursor: base64url of form (1), vintage (u32, big-endian), 8 bytes of the query's hash, place of the last row
// (u32), CRC-32 of all before.
#include "tidemill/query/cursor.h"

#include <array>

#include "tidemill/base/sha256.h"
#include "tidemill/base/signature.h"

namespace tidemill::query {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr char kForm = 1;
constexpr std::size_t kBytes = 21;

std::optional<std::string> FromBase64Url(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned have = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6U | static_cast<std::uint32_t>(digit);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    bytes += static_cast<char>(bits >> have & 255U);
  }
  return bytes;
}

std::uint32_t Crc32(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ (0xEDB88320U & (0U - (crc & 1U)));
  }
  return ~crc;
}

void AppendNumber(std::string& out, std::uint32_t number) {
  for (unsigned shift = 32; shift > 0;) out += static_cast<char>(number >> (shift -= 8) & 255U);
}

std::uint32_t NumberAt(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = at; i < at + 4; ++i) number = number << 8U | static_cast<unsigned char>(bytes[i]);
  return number;
}

std::string HashOf(const std::string& canonical) {
  const auto digest = base::Sha256(canonical);
  return {reinterpret_cast<const char*>(digest.data()), 8};
}

std::optional<std::string> Open(std::string_view cursor) {
  constexpr std::size_t kDigitsOfCursor = kBytes / 3 * 4;
  if (cursor.size() != kDigitsOfCursor) return std::nullopt;
  auto bytes = FromBase64Url(cursor);
  if (!bytes || bytes->front() != kForm) return std::nullopt;
  const std::string_view all(*bytes);
  if (NumberAt(all, kBytes - 4) != Crc32(all.substr(0, kBytes - 4))) return std::nullopt;
  return bytes;
}

}  // namespace

std::string WriteCursor(const CursorScope& scope, std::uint32_t place) {
  std::string bytes(1, kForm);
  AppendNumber(bytes, scope.vintage);
  bytes += HashOf(scope.canonical);
  AppendNumber(bytes, place);
  AppendNumber(bytes, Crc32(bytes));
  return base::Base64Url(bytes);
}

std::optional<std::uint32_t> ReadCursor(std::string_view cursor, const CursorScope& scope) {
  const auto bytes = Open(cursor);
  if (!bytes || NumberAt(*bytes, 1) != scope.vintage) return std::nullopt;
  if (bytes->substr(5, 8) != HashOf(scope.canonical)) return std::nullopt;
  return NumberAt(*bytes, 13);
}

std::optional<std::uint32_t> VintageOfCursor(std::string_view cursor) {
  const auto bytes = Open(cursor);
  if (!bytes) return std::nullopt;
  return NumberAt(*bytes, 1);
}

}  // namespace tidemill::query
