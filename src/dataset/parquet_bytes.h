// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/result.h"

namespace tidemill::dataset {

// What a Parquet file may grow to in memory, as its footer tells it.
inline constexpr std::int64_t kMostParquetBytes = std::int64_t{8} << 30;

// The columns of that name only, in the file's order; names that the file lacks are left out. An empty list reads all.
base::Result<std::shared_ptr<arrow::Table>> FromParquetColumns(std::string bytes,
                                                               const std::vector<std::string>& columns);

}  // namespace tidemill::dataset
