// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/result.h"

#include "column_codes.h"
#include "key_index.h"

namespace tidemill::dataset {

// A column that two tables have, over one vocabulary. It points into the tables.
struct MatchedColumn {
  std::string name;
  bool label = false;
  const arrow::ChunkedArray* before = nullptr;
  const arrow::ChunkedArray* after = nullptr;
  CodePair codes = {};

  bool Differs(std::size_t before_row, std::size_t after_row) const {
    return codes.before.value[before_row] != codes.after.value[after_row] ||
           codes.before.valid[before_row] != codes.after.valid[after_row];
  }
};

// Two tables, row by row with the same key; `counted` are the columns whose values are compared.
struct MatchedTables {
  std::vector<MatchedColumn> key, counted;
  KeyMatch match;
};

// Errors: kInvalid for a key column that one table lacks, and for a key that `after` has twice.
base::Result<MatchedTables> MatchTables(const arrow::Table& before, const arrow::Table& after,
                                        const std::vector<std::string>& key);

// "E08000007 2018-01"
std::string KeyText(const std::vector<MatchedColumn>& key, bool of_after, std::size_t row);

}  // namespace tidemill::dataset
