// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

// The decoding tables of DEFLATE's codes (RFC 1951, 3.2), looked up with the next bits of the input.
namespace tidemill::workbook {

// A table entry: bits 0-7 how many bits to take (code and extra bits); 8-11 the code's bits alone, for a literal
// whether a second one follows; 13-15 kinds; from 16 on one or two literals, the base of a distance, or the place of a
// subtable (whose bits stand in 8-11). Of a length: bits 24-31 its base without the least one, 3; bit 12 whether a
// literal, bits 16-23, stands in front of it, whose code belongs to the entry's then.
inline constexpr std::uint32_t kAfterLiteral = 1U << 12U;
inline constexpr std::uint32_t kLiteralFlag = 1U << 15U;
inline constexpr std::uint32_t kSubtable = 1U << 14U;
inline constexpr std::uint32_t kStop = 1U << 13U;  // the block ends; with a value: no code begins so
inline constexpr std::uint32_t kSpecial = kSubtable | kStop;
inline constexpr std::uint32_t kInvalid = kStop | 1U << 16U;

constexpr unsigned BitsOf(std::uint32_t entry) {
  return entry & 0xFFU;
}
constexpr unsigned CodeBitsOf(std::uint32_t entry) {
  return entry >> 8U & 0xFU;
}
constexpr std::uint32_t ValueOf(std::uint32_t entry) {
  return entry >> 16U;
}
constexpr std::uint32_t LengthOf(std::uint32_t entry) {
  return 3 + (entry >> 24U);
}
constexpr unsigned LiteralsOf(std::uint32_t entry) {
  return 1 + (entry >> 8U & 1U);
}
constexpr unsigned LiteralsBefore(std::uint32_t length) {
  return length / kAfterLiteral & 1U;
}

// Each builds the table of a canonical code from its lengths, of 2^bits entries with the subtables behind them. False
// for lengths that are no code: over-subscribed, or incomplete except for one code of one bit, which RFC 1951 allows
// for distances. No codes at all: any use is invalid.
bool BuildLiteralTable(std::span<const std::uint8_t> lengths, unsigned bits, std::span<std::uint32_t> table);
bool BuildDistanceTable(std::span<const std::uint8_t> lengths, unsigned bits, std::span<std::uint32_t> table);
// Of the code that lengths themselves are written in; the values are its symbols.
bool BuildLengthTable(std::span<const std::uint8_t> lengths, unsigned bits, std::span<std::uint32_t> table);

}  // namespace tidemill::workbook
