// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tidemill/frame/frame.h"

namespace tidemill::frame {

// How Parquet stores a kind of column.
enum class PhysicalType { kInt32 = 1, kInt64 = 2, kFloat = 4, kDouble = 5, kByteArray = 6 };
PhysicalType PhysicalTypeOf(ColumnKind kind);

// What a column's rows from `begin` to before `end` have in common.
struct ColumnSlice {
  std::size_t nulls = 0;
  // Each value once, in the plain encoding, and for each row that is not null which one it is. Empty where that would
  // be longer than the values themselves.
  std::string dictionary;
  std::size_t dictionary_size = 0;
  std::vector<std::uint32_t> indices;
  // The range of the values, in the plain encoding without lengths; none where it is not worth telling.
  bool has_range = false;
  std::string smallest, greatest;
};
ColumnSlice SliceOf(const Column& column, std::size_t begin, std::size_t end);

// The values of the rows that are not null, in Parquet's plain encoding.
void AppendPlain(std::string& out, const Column& column, std::size_t begin, std::size_t end);

}  // namespace tidemill::frame
