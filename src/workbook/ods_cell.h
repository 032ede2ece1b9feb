// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tidemill/workbook/cell.h"

#include "xml.h"

namespace tidemill::workbook {

enum class OdsType : std::uint8_t { kNone, kNumber, kPercentage, kCurrency, kDate, kTime, kBool, kString, kError };

// The attributes of a <table:table-cell>, raw.
struct OdsCellAttributes {
  OdsType type = OdsType::kNone;
  std::string_view value;  // office:value, date-value, time-value or boolean-value
  std::optional<std::string_view> string_value;
  std::optional<std::string_view> style;
  std::uint32_t repeated = 1;
  std::uint32_t columns_spanned = 1;
  std::uint32_t rows_spanned = 1;
  bool formula = false;

  bool has_value() const { return !value.empty() || string_value; }
};
OdsCellAttributes ReadOdsCellAttributes(const XmlReader& xml);

// A count within the grid; 1 where the text is none.
std::uint32_t OdsCount(std::string_view text);

// "#N/A", or what LibreOffice shows in its place: "Err:502".
std::optional<CellError> ParseOdsError(std::string_view text);

}  // namespace tidemill::workbook
