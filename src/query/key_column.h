// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "tidemill/base/period.h"
#include "tidemill/query/ids.h"

#include "column_values.h"

// The columns that make the key of a row, as numbers that are ordered as the values are.
namespace tidemill::query {

constexpr std::int64_t kNoInteger = std::numeric_limits<std::int64_t>::min();

// The distinct values of a key column in order, and each row's place among them (null: behind the last).
struct KeyColumn {
  std::size_t column = 0;              // in the cube
  std::vector<std::string> texts;      // as texts
  std::vector<std::int64_t> integers;  // where it holds integers or moments
  Ids ids;
  bool has_nulls = false;

  std::size_t count() const { return texts.size() + (has_nulls ? 1 : 0); }
};

KeyColumn KeyOfTexts(Texts texts);
KeyColumn KeyOfIntegers(const std::vector<std::int64_t>& values);  // kNoInteger is null

// All of one frequency and in order, or nothing.
std::optional<std::vector<base::Period>> ParseTimes(const std::vector<std::string>& texts);

// How each row's key compares with that of the row before: -1, 0 or 1. For rows `begin` (not 0) on.
void CompareWithBefore(const std::vector<const KeyColumn*>& columns, std::size_t begin, std::size_t count,
                       std::int8_t* order);
bool AreSorted(const std::vector<const KeyColumn*>& columns, std::size_t rows);
// The order that sorts the rows, by the first column first; rows of equal keys stay as they are.
std::vector<std::uint32_t> SortedOrder(const std::vector<const KeyColumn*>& columns, std::size_t rows);

}  // namespace tidemill::query
