// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "draft_table.h"

namespace tidemill::transform {

// The runs of a row that may be an axis, of every kind that reads them; the longest of each kind.
std::vector<DraftTable> AxesOf(const Grid& grid, std::size_t row, int near_year);

// The kind of period as which all these cells of a column read, with its year, and the formats where the kind's own do
// not read them; nothing where they are no periods.
struct ColumnPeriods {
  recipe::AxisKind kind = recipe::AxisKind::kYear;
  std::vector<std::string> parse;
};
std::optional<ColumnPeriods> PeriodsOf(const Grid& grid, const std::vector<const workbook::Cell*>& cells,
                                       int near_year);

}  // namespace tidemill::transform
