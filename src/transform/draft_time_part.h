// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "draft_columns.h"

namespace tidemill::transform {

// "month" where a column's header says that and all its cells are whole numbers of 1 to 12; "day", "week", "quarter",
// "year", "hour" alike. Such numbers tell rows apart and are no values. Else empty.
std::string_view TimePartOf(const ColumnSketch& sketch);

// The part that a header names among other words ("Month of registration"), or alone over numbers that cannot be it.
std::string_view TimePartNamedIn(const ColumnSketch& sketch);

}  // namespace tidemill::transform
