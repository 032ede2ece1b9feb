// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <arrow/array.h>

#include "tidemill/query/run_query.h"

#include "filter_values.h"

namespace tidemill::query {
namespace {

// One byte a series or time; empty: all pass.
using Mask = std::vector<std::uint8_t>;

void Intersect(Mask& mask, Mask other) {
  if (mask.empty()) {
    mask = std::move(other);
    return;
  }
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] &= other[i];
}

struct Masks {
  Mask series, times;
  std::uint32_t first_time = 0, end_time = 0;  // of those that pass

  Masks(const Query& query, const Cube& cube) {
    for (const Filter& filter : query.filters) {
      const Level level = cube.columns[filter.column].level;
      if (level == Level::kSeries) Intersect(series, MatchingPlaces(cube, filter));
      if (level == Level::kTime) Intersect(times, MatchingPlaces(cube, filter));
    }
    const auto first = std::find(times.begin(), times.end(), 1);
    first_time = static_cast<std::uint32_t>(first - times.begin());
    end_time = static_cast<std::uint32_t>(times.rend() - std::find(times.rbegin(), times.rend(), 1));
  }
};

// Within a series rows are in order of time.
void AddRows(const Cube& cube, const Masks& masks, std::size_t series, std::vector<std::uint32_t>& rows) {
  std::uint32_t row = cube.offsets[series];
  const std::uint32_t end = cube.offsets[series + 1];
  if (masks.times.empty()) {
    for (; row < end; ++row) rows.push_back(row);
    return;
  }
  const auto ids = cube.time_ids.begin();
  row = static_cast<std::uint32_t>(std::lower_bound(ids + row, ids + end, masks.first_time) - ids);
  for (; row < end && cube.time_ids[row] < masks.end_time; ++row) {
    if (masks.times[cube.time_ids[row]] != 0) rows.push_back(row);
  }
}

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
  const Masks masks(query, cube);
  std::vector<std::uint32_t> rows;
  if (query.filters.empty()) rows.reserve(cube.rows);
  for (std::size_t series = 0; series < cube.series(); ++series) {
    if (masks.series.empty() || masks.series[series] != 0) AddRows(cube, masks, series, rows);
  }
  for (const Filter& filter : query.filters) {
    if (cube.columns[filter.column].level == Level::kRow) KeepMatching(cube, filter, rows);
  }
  if (query.last) KeepLast(cube, *query.last, rows);
  return rows;
}

}  // namespace tidemill::query
