// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {

// A piece of a number format (ECMA-376 part 1, 18.8.31); a format is data, never run.
struct FormatToken {
  enum class Kind : std::uint8_t {
    kLiteral,
    kYear,
    kMonth,
    kDay,
    kHour,
    kMinute,
    kSecond,
    kFraction,  // of a second
    kAmPm,
    kElapsedHours,
    kElapsedMinutes,
    kElapsedSeconds,
    kDigit,  // 0, # or ?
    kPercent,
    kText,  // @
    kGeneral
  };
  Kind kind = Kind::kLiteral;
  std::uint8_t count = 0;  // of letters
  std::string literal;
};

// The first section of a format. What cannot be understood becomes a literal.
std::vector<FormatToken> ParseNumberFormat(std::string_view format);
NumberClass Classify(const std::vector<FormatToken>& tokens);
NumberClass ClassifyNumberFormat(std::string_view format);

// The text of a built-in format, "General" where the number is free. The formats that follow the reader's country (14,
// 22, 27 to 36, 50 to 58) are given in ISO order, for there is no telling which one the publisher saw.
std::string_view BuiltinNumberFormat(std::uint32_t id);

enum class DateSystem : std::uint8_t {
  k1900,  // with the 29 February 1900 that never was
  k1904,
  kIso  // days since 1899-12-30, before and after
};

// A serial as its format shows it, in English: "Jan-20", "15:30".
std::string FormatSerial(double serial, std::string_view format, DateSystem system);

}  // namespace tidemill::workbook
