// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "table.h"

namespace tidemill::transform {

// Whether a row below the header says the headers of all columns of values again. Where its other cells do too, or are
// blank, it is the same header; where one says something else, it is that of another table.
enum class HeaderAgain { kNo, kSame, kOfAnother };
HeaderAgain RepeatsHeader(const TableSearch& search, const Table& table, std::size_t row,
                          const std::vector<std::uint32_t>& value_columns);

}  // namespace tidemill::transform
