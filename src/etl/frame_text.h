// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/frame/frame.h"

namespace tidemill::etl {

// A cell for people: numbers as short as they read back, dates in ISO form, "null" for a null.
std::string CellText(const frame::Column& column, std::size_t row);

// Whether two cells hold the same value, exactly; NaN equals NaN.
bool SameCell(const frame::Column& a, std::size_t row_of_a, const frame::Column& b, std::size_t row_of_b);

// Columns by name. kNotFound names the nearest there is.
base::Result<std::vector<const frame::Column*>> FindColumns(const frame::Frame& rows,
                                                            const std::vector<std::string>& names);

// The cells of one row, as one text: equal exactly where each cell's text is.
std::string RowKey(const std::vector<const frame::Column*>& columns, std::size_t row, char separator);

}  // namespace tidemill::etl
