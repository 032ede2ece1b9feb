// SPDX-License-Identifier: Apache-2.0
#include "tidemill/workbook/cell.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace tidemill::workbook {

namespace {

constexpr std::size_t kErrorSize = 7;  // "Err:502"

// "Err:500Err:501…"
constexpr auto kLibreOfficeErrors = [] {
  std::array<char, 100 * kErrorSize> texts{};
  for (std::size_t i = 0; i < 100; ++i) {
    const std::array<char, kErrorSize> text = {
        'E', 'r', 'r', ':', '5', static_cast<char>('0' + i / 10), static_cast<char>('0' + i % 10)};
    std::copy(text.begin(), text.end(), texts.begin() + static_cast<std::ptrdiff_t>(i * kErrorSize));
  }
  return texts;
}();

}  // namespace

std::string_view ToText(CellError error) {
  if (error >= CellError::kFirstOfLibreOffice && error <= CellError::kLastOfLibreOffice) {
    const auto number = static_cast<std::size_t>(error) - static_cast<std::size_t>(CellError::kFirstOfLibreOffice);
    return std::string_view(kLibreOfficeErrors.data(), kLibreOfficeErrors.size())
        .substr(number * kErrorSize, kErrorSize);
  }
  switch (error) {
    case CellError::kNull:
      return "#NULL!";
    case CellError::kDiv0:
      return "#DIV/0!";
    case CellError::kValue:
      return "#VALUE!";
    case CellError::kRef:
      return "#REF!";
    case CellError::kName:
      return "#NAME?";
    case CellError::kNum:
      return "#NUM!";
    case CellError::kNotAvailable:
      return "#N/A";
    case CellError::kGettingData:
      return "#GETTING_DATA";
    default:
      return "#UNKNOWN!";
  }
}

std::string ColumnName(std::uint32_t column) {
  std::string name;
  for (std::uint64_t rest = std::uint64_t{column} + 1; rest > 0; rest = (rest - 1) / 26) {
    name.push_back(static_cast<char>('A' + (rest - 1) % 26));
  }
  std::reverse(name.begin(), name.end());
  return name;
}

std::string A1(std::uint32_t row, std::uint32_t column) {
  return ColumnName(column) + std::to_string(std::uint64_t{row} + 1);
}

std::string A1(const Range& range) {
  const std::string first = A1(range.first_row, range.first_column);
  if (range.first_row == range.last_row && range.first_column == range.last_column) return first;
  return first + ":" + A1(range.last_row, range.last_column);
}

std::optional<base::Date> ToDate(double serial, bool date1904) {
  using std::chrono::days;
  constexpr double kEnd = 2'958'466;  // the day after 9999-12-31 in the 1900 system
  if (!(serial >= (date1904 ? 0.0 : 1.0) && serial < (date1904 ? kEnd - kDaysTo1904 : kEnd))) return std::nullopt;
  const auto day = static_cast<int>(serial);
  constexpr base::Date kFirst1904{std::chrono::year{1904} / 1 / 1};
  if (date1904) return kFirst1904 + days(day);
  if (day == 60) return std::nullopt;
  constexpr base::Date kBefore1900{std::chrono::year{1899} / 12 / 30};
  return kBefore1900 + days(day < 60 ? day + 1 : day);
}

std::optional<base::Date> DayOfIso(double serial) {
  constexpr base::Date kEpoch{std::chrono::year{1899} / 12 / 30};
  constexpr auto kFirst = base::Date{std::chrono::year{1} / 1 / 1} - kEpoch;
  constexpr auto kLast = base::Date{std::chrono::year{9999} / 12 / 31} - kEpoch;
  serial = std::floor(serial);
  if (!(serial >= static_cast<double>(kFirst.count()) && serial <= static_cast<double>(kLast.count()))) {
    return std::nullopt;
  }
  return kEpoch + std::chrono::days(static_cast<int>(serial));
}

std::optional<base::Date> ToDate(const Cell& cell) {
  const bool date1904 = (cell.flags & kEpoch1904) != 0;
  if ((cell.flags & kIsoDate) == 0) return ToDate(cell.number(), date1904);
  return DayOfIso(cell.number() + (date1904 ? kDaysTo1904 : 0));
}

}  // namespace tidemill::workbook
