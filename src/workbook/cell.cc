// SPDX-License-Identifier: Apache-2.0
#include "tidemill/workbook/cell.h"

#include <algorithm>
#include <chrono>

namespace tidemill::workbook {

std::string_view ToText(CellError error) {
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
  }
  return "#UNKNOWN!";
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
  constexpr double kOffset1904 = 1'462;
  if (!(serial >= (date1904 ? 0.0 : 1.0) && serial < (date1904 ? kEnd - kOffset1904 : kEnd))) return std::nullopt;
  const auto day = static_cast<int>(serial);
  constexpr base::Date kFirst1904{std::chrono::year{1904} / 1 / 1};
  if (date1904) return kFirst1904 + days(day);
  if (day == 60) return std::nullopt;
  constexpr base::Date kBefore1900{std::chrono::year{1899} / 12 / 30};
  return kBefore1900 + days(day < 60 ? day + 1 : day);
}

}  // namespace tidemill::workbook
