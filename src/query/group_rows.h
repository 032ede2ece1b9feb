// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <arrow/type.h>

#include "tidemill/query/query.h"

#include "aggregate.h"

namespace tidemill::query {

// A row a combination of the group columns, ordered by them, then the aggregates. Where anything but rows is counted, a
// column `incomplete` says how many cells were missing; such a group's aggregates are null unless partial is allowed.
Checked<std::shared_ptr<arrow::RecordBatch>> GroupRows(const Query& query, const Cube& cube,
                                                       const std::vector<std::uint32_t>& rows);

// The same without a list of rows, for what a walk over the series can tell: groups by values of series and times, few
// enough to have a place each, and no aggregates but counts, sums and means that cannot overflow. Nothing otherwise.
std::optional<Checked<std::shared_ptr<arrow::RecordBatch>>> ScanGroups(const Query& query, const Cube& cube);

// The group columns, one row a group, and the aggregates behind them.
Checked<std::shared_ptr<arrow::RecordBatch>> GroupBatch(const Query& query, const Cube& cube, arrow::FieldVector fields,
                                                        arrow::ArrayVector arrays, const Tallies& tallies,
                                                        const GroupedRows* grouped);

// Refuses to add up areas of several levels, for people would count twice. `series` are those that have rows.
std::optional<QueryError> CheckLevels(const Query& query, const Cube& cube, const std::vector<std::uint32_t>& series);

}  // namespace tidemill::query
