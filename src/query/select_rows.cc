// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include <arrow/array.h>

#include "tidemill/query/run_query.h"

#include "selection.h"

namespace tidemill::query {
namespace {

void DropBlank(const Cube& cube, std::vector<std::uint32_t>& rows) {
  std::vector<const arrow::Array*> facts;
  for (const CubeColumn& column : cube.columns) {
    if (column.role == Role::kMeasure || column.role == Role::kStatus) facts.push_back(column.values.get());
  }
  if (facts.empty()) return;
  std::erase_if(rows, [&](std::uint32_t row) {
    return std::all_of(facts.begin(), facts.end(), [row](const arrow::Array* values) { return values->IsNull(row); });
  });
}

// The rows of the newest `count` times of each series.
void KeepLast(const Cube& cube, std::uint32_t count, std::vector<std::uint32_t>& rows) {
  DropBlank(cube, rows);
  std::vector<std::uint32_t> kept;
  std::uint32_t begin_of_series = cube.rows;
  std::uint32_t times = 0;
  for (std::size_t i = rows.size(); i-- > 0;) {
    const std::uint32_t row = rows[i];
    if (row < begin_of_series) {
      begin_of_series = cube.offsets[cube.SeriesOf(row)];
      times = 1;
    } else if (cube.time_ids.empty() || cube.time_ids[row] != cube.time_ids[rows[i + 1]]) {
      ++times;
    }
    if (times <= count) kept.push_back(row);
  }
  std::reverse(kept.begin(), kept.end());
  rows = std::move(kept);
}

}  // namespace

std::vector<std::uint32_t> SelectRows(const Query& query, const Cube& cube) {
  std::vector<std::uint32_t> rows;
  if (query.filters.empty()) rows.reserve(cube.rows);
  Selection(query, cube)
      .ForEachRun([&](std::size_t, std::uint32_t row, std::uint32_t count, const std::uint8_t* passes) {
        std::size_t kept = rows.size();
        rows.resize(kept + count);
        if (passes == nullptr) {
          std::iota(rows.begin() + static_cast<std::ptrdiff_t>(kept), rows.end(), row);
          return;
        }
        std::uint32_t* out = rows.data();
        for (std::uint32_t i = 0; i < count; ++i) {
          out[kept] = row + i;
          kept += passes[i];
        }
        rows.resize(kept);
      });
  if (query.last) KeepLast(cube, *query.last, rows);
  return rows;
}

}  // namespace tidemill::query
