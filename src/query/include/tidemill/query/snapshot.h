// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/period.h"
#include "tidemill/base/result.h"
#include "tidemill/query/columns.h"
#include "tidemill/query/cube.h"
#include "tidemill/query/seed_index.h"

namespace tidemill::query {

// The codes of a dimension that rows have, in byte order.
struct Dimension {
  std::string column;
  std::vector<std::string> codes;
};

struct Span {
  base::Frequency frequency = base::Frequency::kMonth;
  base::Period first, last;
};

// A dataset version in memory. Immutable: readers share it while a newer one takes its place.
struct Snapshot {
  std::int64_t rows = 0;
  std::vector<Column> columns;
  std::vector<Dimension> dimensions;
  std::int64_t series = 0;                // combinations of codes that have rows
  std::optional<Span> period;             // none without a time column or without rows
  std::vector<std::string> statuses;      // codes in use, over all status columns
  std::unique_ptr<const SeedIndex> seed;  // where it has deaths by geo_code alone and months
  std::shared_ptr<const Cube> cube;       // all rows, for queries
};

// The table itself is not kept; its columns are read one by one, some of them twice. Errors: kTooLarge over 2^31-1
// rows, kMalformed (Arrow's own words).
base::Result<std::shared_ptr<const Snapshot>> MakeSnapshot(const dataset::ColumnSource& table,
                                                           const RoleOverrides& overrides);
base::Result<std::shared_ptr<const Snapshot>> MakeSnapshot(const arrow::Table& table, const RoleOverrides& overrides);

}  // namespace tidemill::query
