// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/query/query.h"

// shape=wide: a row a period, a column a series, as spreadsheets have it.
namespace tidemill::query {

// The shape's value in Query::shape.
inline constexpr Shape kWide{4};

// The column whose values are shown: the one measure or transform of the answer, or the status that was selected.
// Errors: bad-value where there is none or several, or where the rows are no time series.
Checked<std::size_t> WideColumn(const Parameter& shape, const Query& query, const Cube& cube);

// `rows` in storage order. Periods ascending, series in storage order under their keys, or with labels=name under their
// names where these differ. A cell without a row is null. Errors: too-large.
Checked<std::shared_ptr<arrow::RecordBatch>> Widen(const Query& query, const Cube& cube,
                                                   const std::vector<std::uint32_t>& rows);

}  // namespace tidemill::query
