// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "tidemill/query/cube.h"

namespace tidemill::query {

// For each time of a cube the place of another one among its times; -1 where the cube has no such time.
struct TimeSteps {
  std::vector<std::int32_t> previous, year_before;
};
TimeSteps FindTimeSteps(const Cube& cube);

// The row of a series at one of the cube's times; -1: none. Rows of a series are in order of time, one a time.
std::int64_t RowAt(const Cube& cube, std::size_t series, std::int32_t time);

}  // namespace tidemill::query
