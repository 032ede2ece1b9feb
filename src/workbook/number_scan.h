// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

// Digits eight at a time, without a branch on how many there are. All functions may read 32 bytes behind the number.
namespace tidemill::workbook {

// The digits at the beginning of a text, of its first eight bytes.
struct LeadingDigits {
  unsigned count = 0;
  std::uint64_t value = 0;
};

inline LeadingDigits ScanDigits(const char* text) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, 8);
  const std::uint64_t digits = bytes ^ 0x3030'3030'3030'3030U;  // 0 to 9 where there are digits
  // Sums may carry into the byte behind one that is no digit, which then no longer matters.
  const std::uint64_t others = ((digits + 0x7676'7676'7676'7676U) | digits) & 0x8080'8080'8080'8080U;
  const unsigned count = static_cast<unsigned>(std::countr_zero(others)) / 8;
  // Moved to the end, so that zeros stand before them.
  std::uint64_t value = count == 8 ? digits : (digits << (56 - 8 * count)) << 8U;
  value = (value * 10 + (value >> 8U)) & 0x00FF'00FF'00FF'00FFU;
  value = (value * 100 + (value >> 16U)) & 0x0000'FFFF'0000'FFFFU;
  value = (value * 10'000 + (value >> 32U)) & 0xFFFF'FFFFU;
  return {count, value};
}

// A number in any form that follows, not only digits and a point: see ScanNumber.
const char* ScanOtherNumber(const char* text, double& value);

// The number at the beginning of `text`, as writers write it: -?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?, correctly rounded.
// Gives the place behind it, or null where none of that form begins here or it is not finite. Quickest before `kEnd`.
template <char kEnd = '<'>
const char* ScanNumber(const char* text, double& value) {
  static constexpr std::array<double, 16> kPowers = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  static constexpr std::array<std::uint64_t, 9> kWholePowers = {1,       10,        100,        1'000,      10'000,
                                                                100'000, 1'000'000, 10'000'000, 100'000'000};
  constexpr std::uint64_t kExact = std::uint64_t{1} << 53U;
  const bool is_negative = *text == '-';
  const char* at = text + (is_negative ? 1 : 0);
  LeadingDigits whole = ScanDigits(at);
  if (whole.count == 0) return nullptr;
  at += whole.count;
  if (whole.count == 8) {
    // Up to 15 digits are exact.
    const LeadingDigits more = ScanDigits(at);
    if (more.count == 8) return ScanOtherNumber(text, value);
    whole = {whole.count + more.count, whole.value * kWholePowers.data()[more.count] + more.value};
    at += more.count;
  }
  double magnitude = static_cast<double>(whole.value);
  if (*at == '.' && whole.count < 8) {
    // Up to 7 and 8 digits, and 8 more where the sum stays exact.
    LeadingDigits part = ScanDigits(++at);
    std::uint64_t digits = whole.value * kWholePowers.data()[part.count] + part.value;
    unsigned fraction = part.count;
    at += part.count;
    if (part.count == 8) {
      part = ScanDigits(at);
      if (whole.count + 8 + part.count > 18 || part.count == 8) return ScanOtherNumber(text, value);
      digits = digits * kWholePowers.data()[part.count] + part.value;
      fraction += part.count;
      at += part.count;
      if (digits > kExact) return ScanOtherNumber(text, value);
    }
    if (fraction == 0) return nullptr;
    magnitude = static_cast<double>(digits) / kPowers.data()[fraction];
  }
  if (*at != kEnd) return ScanOtherNumber(text, value);
  value = is_negative ? -magnitude : magnitude;
  return at;
}

}  // namespace tidemill::workbook
