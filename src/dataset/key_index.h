// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "column_codes.h"

namespace tidemill::dataset {

// Rows of two tables by key.
struct KeyMatch {
  // For each row of the one table the row of the other with the same key, -1 where there is none. Where keys repeat,
  // the k-th row meets the k-th.
  std::vector<std::int64_t> before_of_after;
  std::vector<std::int64_t> after_of_before;
  std::int64_t repeated_after = -1;   // the first row of `after` whose key came before; -1 where keys are unique
  std::int64_t repeated_before = -1;  // the same of `before`
};

// `columns` are the key's, over both tables; rows are counted by the caller because a key may have no columns.
KeyMatch MatchKeys(const std::vector<CodePair>& columns, std::size_t rows_before, std::size_t rows_after);

}  // namespace tidemill::dataset
