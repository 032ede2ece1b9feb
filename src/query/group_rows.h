// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/query/query.h"

namespace tidemill::query {

// A row a combination of the group columns, ordered by them, then the aggregates. Where anything but rows is counted, a
// column `incomplete` says how many cells were missing; such a group's aggregates are null unless partial is allowed.
Checked<std::shared_ptr<arrow::RecordBatch>> GroupRows(const Query& query, const Cube& cube,
                                                       const std::vector<std::uint32_t>& rows);

// Refuses to add up areas of several levels, for people would count twice.
std::optional<QueryError> CheckLevels(const Query& query, const Cube& cube, const std::vector<std::uint32_t>& rows);

}  // namespace tidemill::query
