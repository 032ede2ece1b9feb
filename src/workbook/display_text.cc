// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "tidemill/base/text.h"
#include "tidemill/workbook/workbook.h"

#include "number_format.h"

namespace tidemill::workbook {
namespace {

// ISO dates need no date format; they are shown as they are written.
std::string_view SerialFormat(const Style& style, const Cell& cell) {
  if (style.number_class >= NumberClass::kDate) return style.number_format;
  if (cell.kind == CellKind::kDuration) return "[h]:mm:ss";
  return cell.number() == std::floor(cell.number()) ? "yyyy-mm-dd" : "yyyy-mm-dd hh:mm:ss";
}

}  // namespace

std::string Sheet::DisplayText(const Cell& cell) const {
  switch (cell.kind) {
    case CellKind::kBlank:
      return {};
    case CellKind::kNumber:
      return base::ShortestDouble(cell.number());
    case CellKind::kDate:
    case CellKind::kDuration:
      return FormatSerial(cell.number(), SerialFormat(StyleOf(cell), cell), date1904_);
    case CellKind::kBool:
      return cell.boolean() ? "TRUE" : "FALSE";
    case CellKind::kError:
      return std::string(ToText(cell.error()));
    case CellKind::kString:
      return std::string(Text(cell));
  }
  return {};
}

}  // namespace tidemill::workbook
