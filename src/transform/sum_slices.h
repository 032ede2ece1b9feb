// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "bound_edition.h"
#include "sum_check.h"

// What a sum is evaluated over: items that differ in nothing but what it speaks of.
namespace tidemill::transform {

// Rows by the texts of the column `over`; by their areas where that is null.
std::vector<RowIndex> SlicesOfRows(const BoundEdition& edition, const recipe::ColumnSpec* over);
// Columns of the axis that hold this measure, by the texts of `over`, an axis.
std::vector<RowIndex> SlicesOfAxis(const BoundEdition& edition, const recipe::ColumnSpec& over, std::size_t measure);

}  // namespace tidemill::transform
