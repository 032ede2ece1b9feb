// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "tidemill/query/columns.h"
#include "tidemill/query/cube.h"

namespace tidemill::query {

// Fills in nulls, distinct values, least and greatest of every column that the cube holds, and the code system that it
// found.
void FillFacts(std::vector<Column>& columns, const Cube& cube);

}  // namespace tidemill::query
