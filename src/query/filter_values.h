// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "tidemill/query/query.h"

namespace tidemill::query {

// 1 for each place of the column that the filter lets pass.
std::vector<std::uint8_t> MatchingPlaces(const Cube& cube, const Filter& filter);
// Leaves the rows that the filter lets pass; of a column with a value a row.
void KeepMatching(const Cube& cube, const Filter& filter, std::vector<std::uint32_t>& rows);

}  // namespace tidemill::query
