// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "tidemill/transform/draft.h"

#include "draft_table.h"

namespace tidemill::transform {

// What the options leave of a sheet's candidates; a header row that is asked for is one even where it looks like none.
std::vector<DraftTable> TablesAsAsked(const Grid& grid, const DraftOptions& options, int near_year);

// The first of them, which are not none, against the second, and the options that settle it for either.
Decision TableDecision(const Grid& grid, const std::vector<DraftTable>& tables);

}  // namespace tidemill::transform
