// SPDX-License-Identifier: Apache-2.0
#include "frame_text.h"

#include <cmath>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

namespace tidemill::etl {

std::string CellText(const frame::Column& column, std::size_t row) {
  if (column.IsNull(row)) return "null";
  if (column.is_text()) return std::string(column.TextAt(row));
  if (column.is_float()) return base::ShortestDouble(column.doubles[row]);
  const std::int64_t value = column.ints[row];
  if (column.kind == frame::ColumnKind::kDate32) return base::ToText(base::Date(std::chrono::days(value)));
  if (column.kind == frame::ColumnKind::kTimestampNs) {
    return base::ToRfc3339(base::Time(std::chrono::floor<base::Duration>(std::chrono::nanoseconds(value))));
  }
  return std::to_string(value);
}

bool SameCell(const frame::Column& a, std::size_t row_of_a, const frame::Column& b, std::size_t row_of_b) {
  if (a.IsNull(row_of_a) || b.IsNull(row_of_b)) return a.IsNull(row_of_a) == b.IsNull(row_of_b);
  if (a.is_text() && b.is_text()) return a.TextAt(row_of_a) == b.TextAt(row_of_b);
  if (a.is_float() && b.is_float()) {
    const double x = a.doubles[row_of_a];
    const double y = b.doubles[row_of_b];
    return x == y || (std::isnan(x) && std::isnan(y));
  }
  const bool whole = !a.is_text() && !a.is_float() && !b.is_text() && !b.is_float();
  return whole && a.ints[row_of_a] == b.ints[row_of_b];
}

base::Result<std::vector<const frame::Column*>> FindColumns(const frame::Frame& rows,
                                                            const std::vector<std::string>& names) {
  std::vector<const frame::Column*> columns;
  for (const std::string& name : names) {
    columns.push_back(rows.Find(name));
    if (columns.back() != nullptr) continue;
    std::vector<std::string> known;
    for (const frame::Column& column : rows.columns) known.push_back(column.name);
    return base::Fail(base::ErrorCode::kNotFound, "no column {}{}; there are: {}", base::Quoted(name),
                      base::DidYouMean(name, known), base::Join(known, ", "));
  }
  return columns;
}

std::string RowKey(const std::vector<const frame::Column*>& columns, std::size_t row, char separator) {
  std::string key;
  for (const frame::Column* column : columns) {
    if (!key.empty()) key += separator;
    key += CellText(*column, row);
  }
  return key;
}

}  // namespace tidemill::etl
