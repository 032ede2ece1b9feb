// SPDX-License-Identifier: Apache-2.0
#include "selection.h"

#include <utility>

namespace tidemill::query {
namespace {

using Mask = std::vector<std::uint8_t>;

void Intersect(Mask& mask, Mask other) {
  if (mask.empty()) {
    mask = std::move(other);
    return;
  }
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] &= other[i];
}

}  // namespace

Selection::Selection(const Query& query, const Cube& cube) : cube_(cube) {
  for (const Filter& filter : query.filters) {
    switch (cube.columns[filter.column].level) {
      case Level::kSeries:
        Intersect(series_, MatchingPlaces(cube, filter));
        break;
      case Level::kTime:
        Intersect(times_, MatchingPlaces(cube, filter));
        break;
      case Level::kRow:
        tests_.push_back(MakeRowTest(cube, filter));
    }
  }
  const auto first = std::find(times_.begin(), times_.end(), 1);
  const auto end = std::find(times_.rbegin(), times_.rend(), 1).base();
  first_time_ = static_cast<std::uint32_t>(first - times_.begin());
  end_time_ = static_cast<std::uint32_t>(end - times_.begin());
  times_are_run_ = std::find(first, end < first ? first : end, 0) == (end < first ? first : end);
  takes_all_ = tests_.empty() && times_are_run_;
}

Selection::Rows Selection::RowsOf(std::size_t series) const {
  Rows rows{.begin = cube_.offsets[series], .end = cube_.offsets[series + 1]};
  if (times_.empty()) return rows;
  cube_.time_ids.Visit([&](const auto* ids) {
    const auto* begin = std::lower_bound(ids + rows.begin, ids + rows.end, first_time_);
    const auto* end = std::lower_bound(begin, ids + rows.end, end_time_);
    rows = {.begin = static_cast<std::uint32_t>(begin - ids), .end = static_cast<std::uint32_t>(end - ids)};
  });
  return rows;
}

void Selection::Test(std::uint32_t row, std::uint32_t count, std::uint8_t* passes) const {
  if (times_are_run_) {
    std::fill_n(passes, count, std::uint8_t{1});
  } else {
    cube_.time_ids.Visit([&](const auto* ids) {
      for (std::uint32_t i = 0; i < count; ++i) passes[i] = times_[ids[row + i]];
    });
  }
  for (const RowTest& test : tests_) test(row, count, passes);
}

}  // namespace tidemill::query
