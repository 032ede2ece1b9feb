// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "draft_plan.h"
#include "draft_table.h"

namespace tidemill::transform {

// Texts in the columns of values, below the header and down to `end` (an index into the rows), that may be markers:
// short ones, with their counts. Where all of them are of the harmonised set, the plan takes that; else each gets a
// meaning that writes no number: what cannot be known is null.
void FindMarkers(const Grid& grid, std::size_t first, std::size_t end, const std::vector<std::uint32_t>& columns,
                 Plan& plan);

}  // namespace tidemill::transform
