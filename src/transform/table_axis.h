// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "table.h"

namespace tidemill::transform {

// A stretch of header cells in one row that read as the axis' kind.
struct AxisRun {
  std::size_t row = 0;
  std::vector<AxisCell> cells;
};

// The longest stretch of a row. A text with a rest counts (whoever binds says what becomes of it), a number does not.
// Cells that the header of another column hits neither belong to it nor end it. A text belongs to an axis of texts
// only where values stand below it.
AxisRun LongestRun(const TableSearch& search, std::size_t row, std::uint32_t first_column, std::uint32_t last_column);

// The rows with the longest stretch of all; a header repeated below, cell by cell, is not listed again unless
// `repeats`.
std::vector<AxisRun> LongestRuns(const TableSearch& search, bool repeats = false);

// Every row that has a stretch.
std::vector<AxisRun> AllRuns(const TableSearch& search);

// The column of the innermost axis, or null.
const recipe::ColumnSpec* InnerAxis(const recipe::Spec& spec);

}  // namespace tidemill::transform
