// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

namespace tidemill::dataset {

// A column as numbers: two cells of the two tables are equal exactly where valid and value are. NaN equals NaN, zero
// equals minus zero.
struct Codes {
  std::vector<std::int64_t> value;  // 0 where not valid
  std::vector<std::uint8_t> valid;
  bool operator==(const Codes&) const = default;
};
struct CodePair {
  Codes before, after;
};

// Both columns over one vocabulary. Any types: numbers compare as numbers, texts as texts whether dictionary or not,
// all others by their text.
CodePair EncodeTogether(const arrow::ChunkedArray& before, const arrow::ChunkedArray& after);

// A cell for people: numbers as short as they read back, dates in ISO form, a null as an empty text.
std::string CellText(const arrow::ChunkedArray& column, std::int64_t row);
// The number of a cell; NaN where it has none.
double CellNumber(const arrow::ChunkedArray& column, std::int64_t row);

}  // namespace tidemill::dataset
