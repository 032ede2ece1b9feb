// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tidemill/base/date.h"

namespace tidemill::workbook {

enum class CellKind : std::uint8_t {
  kBlank,  // styled only; kept only on request
  kNumber,
  kDate,      // a number whose format is a date, or an ISO date: a serial in the workbook's date system
  kDuration,  // a number whose format is elapsed time, in days
  kBool,
  kError,
  kString,
};

// Cell::flags
inline constexpr std::uint8_t kNumberAsText = 1;  // a string that reads as a number, blanks around it aside
inline constexpr std::uint8_t kFromFormula = 2;
inline constexpr std::uint8_t kHasRuns = 4;
inline constexpr std::uint8_t kTruncated = 8;    // a string cut at the limit
inline constexpr std::uint8_t kHiddenCell = 16;  // in a hidden row or column
inline constexpr std::uint8_t kRepeated = 32;    // ods: expanded from a repeat count
inline constexpr std::uint8_t kEpoch1904 = 64;
inline constexpr std::uint8_t kIsoDate = 128;  // a date written as ISO text: its serial is days since 1899-12-30 proper

// BIFF's numbers ([MS-XLS] 2.5.10 BErr); the text is the same in all formats. LibreOffice's own errors, "Err:502" and
// the like, have the number that they show.
enum class CellError : std::uint16_t {
  kNull = 0x00,
  kDiv0 = 0x07,
  kValue = 0x0F,
  kRef = 0x17,
  kName = 0x1D,
  kNum = 0x24,
  kNotAvailable = 0x2A,
  kGettingData = 0x2B,
  kFirstOfLibreOffice = 500,
  kLastOfLibreOffice = 599
};
std::string_view ToText(CellError error);  // "#N/A"

using StringId = std::uint32_t;

// The grid of the largest format, xlsx and xlsb; nothing lies beyond XFD1048576.
inline constexpr std::uint32_t kGridRows = 1'048'576;
inline constexpr std::uint32_t kGridColumns = 16'384;

// 16 bytes; the row stands outside, in Sheet's row index.
struct Cell {
  std::uint16_t column = 0;  // from 0, at most 16,383
  std::uint16_t style = 0;   // index into Workbook::styles()
  CellKind kind = CellKind::kBlank;
  std::uint8_t flags = 0;
  std::uint64_t payload = 0;  // by kind: a double's bits, a StringId, a CellError, 0 or 1

  bool is_numeric() const {
    return kind == CellKind::kNumber || kind == CellKind::kDate || kind == CellKind::kDuration;
  }
  double number() const { return std::bit_cast<double>(payload); }
  StringId string_id() const { return static_cast<StringId>(payload); }
  CellError error() const { return static_cast<CellError>(payload); }
  bool boolean() const { return payload != 0; }
};
static_assert(sizeof(Cell) == 16);

enum class Script : std::uint8_t { kPlain, kSuperscript, kSubscript };

// A stretch of a string with properties of its own, from `start` (a byte offset) to the next run's start.
// The first run begins at 0; where a run has no properties of its own, those of the cell's font are filled in.
struct TextRun {
  std::uint32_t start = 0;
  Script script = Script::kPlain;
  bool bold = false;
  bool italic = false;
  bool strike = false;

  bool operator==(const TextRun&) const = default;
};

// A rectangle of cells, both ends included, from 0.
struct Range {
  std::uint32_t first_row = 0;
  std::uint32_t first_column = 0;
  std::uint32_t last_row = 0;
  std::uint32_t last_column = 0;

  bool operator==(const Range&) const = default;
};

// "A1", "XFD1048576"; row and column from 0.
std::string A1(std::uint32_t row, std::uint32_t column);
std::string ColumnName(std::uint32_t column);
std::string A1(const Range& range);  // "A7:L15"
// "B7", "$b$7"; "A1:C3", "A:C", "3:5".
std::optional<Range> ParseRange(std::string_view text);

inline constexpr double kDaysTo1904 = 1'462;  // from the first day of the 1900 system to that of the 1904 system

// The day of a serial, its time of day cut off. Nothing for what is no day: 0 and below, the 29 February 1900 that
// never was (60 in the 1900 system), beyond the year 9999.
std::optional<base::Date> ToDate(double serial, bool date1904);
// The day that lies so many days after 1899-12-30, in the years 1 to 9999.
std::optional<base::Date> DayOfIso(double serial);
// The day of a date cell, by its own system: a date that was written as ISO text may lie before 1900.
std::optional<base::Date> ToDate(const Cell& cell);

}  // namespace tidemill::workbook
