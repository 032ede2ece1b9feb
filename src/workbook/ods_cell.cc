// SPDX-License-Identifier: Apache-2.0
#include "ods_cell.h"

#include <algorithm>
#include <charconv>

#include "tidemill/base/text.h"

#include "xlsx_sheet.h"

namespace tidemill::workbook {
namespace {

OdsType TypeOf(std::string_view name) {
  if (name == "float") return OdsType::kNumber;
  if (name == "string") return OdsType::kString;
  if (name == "date") return OdsType::kDate;
  if (name == "percentage") return OdsType::kPercentage;
  if (name == "currency") return OdsType::kCurrency;
  if (name == "time") return OdsType::kTime;
  if (name == "boolean") return OdsType::kBool;
  return OdsType::kNone;
}

}  // namespace

std::uint32_t OdsCount(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc::result_out_of_range) return kGridRows;
  if (error != std::errc() || end != text.data() + text.size()) return 1;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(count, 1, kGridRows));
}

// calcext:value-type says "error" where office:value-type, for older programs, says "string".
OdsCellAttributes ReadOdsCellAttributes(const XmlReader& xml) {
  OdsCellAttributes cell;
  bool error = false;
  for (const XmlAttribute& attribute : xml.attributes()) {
    const std::string_view name = attribute.name;
    if (name == "value-type") {
      if (attribute.prefix == "calcext") {
        error = attribute.value == "error";
      } else {
        cell.type = TypeOf(attribute.value);
      }
    } else if (name == "value" || name == "date-value" || name == "time-value" || name == "boolean-value") {
      cell.value = attribute.value;
    } else if (name == "string-value") {
      cell.string_value = attribute.value;
    } else if (name == "style-name") {
      cell.style = attribute.value;
    } else if (name == "number-columns-repeated") {
      cell.repeated = OdsCount(attribute.value);
    } else if (name == "number-columns-spanned") {
      cell.columns_spanned = OdsCount(attribute.value);
    } else if (name == "number-rows-spanned") {
      cell.rows_spanned = OdsCount(attribute.value);
    } else if (name == "formula") {
      cell.formula = true;
    }
  }
  if (error) cell.type = OdsType::kError;
  return cell;
}

std::optional<CellError> ParseOdsError(std::string_view text) {
  text = base::Trim(text);
  if (const auto error = ParseCellError(text)) return error;
  if (!text.starts_with("Err:")) return std::nullopt;
  const auto number = base::ParseInt(text.substr(4)).value_or(0);
  if (number == 32'767) return CellError::kNotAvailable;
  const auto error = static_cast<CellError>(number);
  const bool known = error >= CellError::kFirstOfLibreOffice && error <= CellError::kLastOfLibreOffice;
  return known ? std::optional(error) : std::nullopt;
}

}  // namespace tidemill::workbook
