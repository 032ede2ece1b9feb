// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "tidemill/query/cube.h"

namespace tidemill::query {

// Where the values of a column lie for each of some rows: by series, time or row.
std::vector<std::uint32_t> PlacesOf(const Cube& cube, Level level, const std::uint32_t* rows, std::size_t count);

}  // namespace tidemill::query
