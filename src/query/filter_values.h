// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "tidemill/query/query.h"

namespace tidemill::query {

// 1 for each place of the column that the filter lets pass.
std::vector<std::uint8_t> MatchingPlaces(const Cube& cube, const Filter& filter);
// Leaves a row's byte as it is where the filter lets the row pass, else clears it: for `count` rows from `row` on. The
// cube must outlive it.
using RowTest = std::function<void(std::uint32_t row, std::uint32_t count, std::uint8_t* passes)>;
// Of a column with a value a row.
RowTest MakeRowTest(const Cube& cube, const Filter& filter);

}  // namespace tidemill::query
