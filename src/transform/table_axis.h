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
AxisRun LongestRun(const TableSearch& search, std::size_t row, std::uint32_t first_column, std::uint32_t last_column);

// The rows with the longest stretch of all; a header repeated below, cell by cell, is not listed again.
std::vector<AxisRun> LongestRuns(const TableSearch& search);

}  // namespace tidemill::transform
