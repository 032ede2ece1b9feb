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

std::string SerialText(const Style& style, const Cell& cell, bool date1904) {
  const std::string_view format = SerialFormat(style, cell);
  if ((cell.flags & kIsoDate) != 0) {
    return FormatSerial(cell.number() + (date1904 ? kDaysTo1904 : 0), format, DateSystem::kIso);
  }
  return FormatSerial(cell.number(), format, date1904 ? DateSystem::k1904 : DateSystem::k1900);
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
      return SerialText(StyleOf(cell), cell, date1904_);
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
