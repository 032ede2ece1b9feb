// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/testing/cell_text.h"

#include <cmath>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

namespace tidemill::transform::testing {

std::string CellText(const frame::Frame& table, const std::string& column, std::int64_t row) {
  const frame::Column* found = table.Find(column);
  if (found == nullptr) return "no column " + column;
  const auto at = static_cast<std::size_t>(row);
  if (at >= table.rows) return "no row " + std::to_string(row);
  if (found->IsNull(at)) return "null";
  if (found->is_text()) return std::string(found->TextAt(at));
  if (found->is_float()) return base::ShortestDouble(found->doubles[at]);
  if (found->kind == frame::ColumnKind::kDecimal) {
    return fmt::format("{:.{}f}", static_cast<double>(found->ints[at]) / std::pow(10.0, found->scale), found->scale);
  }
  if (found->kind != frame::ColumnKind::kDate32) return std::to_string(found->ints[at]);
  return base::ToText(base::Date(std::chrono::days(found->ints[at])));
}

}  // namespace tidemill::transform::testing
