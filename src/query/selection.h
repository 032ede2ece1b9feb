// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tidemill/query/query.h"

#include "filter_values.h"

namespace tidemill::query {

// The rows that a query's filters leave, found series by series and a block at a time.
class Selection {
 public:
  static constexpr std::uint32_t kBlock = 2048;

  // Both must outlive it.
  Selection(const Query& query, const Cube& cube);

  // Calls use(series, row, count, passes) for runs of at most kBlock rows of one series, in storage order: `passes` has
  // a 1 for each row that is left and a 0 for others; where it is null, all are.
  template <class Use>
  void ForEachRun(Use&& use) const {
    std::array<std::uint8_t, kBlock> passes{};
    for (std::size_t series = 0; series < cube_.series(); ++series) {
      if (!series_.empty() && series_[series] == 0) continue;
      const auto [begin, end] = RowsOf(series);
      for (std::uint32_t row = begin; row < end; row += kBlock) {
        const std::uint32_t count = std::min(kBlock, end - row);
        if (takes_all_) {
          use(series, row, count, static_cast<const std::uint8_t*>(nullptr));
        } else {
          Test(row, count, passes.data());
          use(series, row, count, static_cast<const std::uint8_t*>(passes.data()));
        }
      }
    }
  }

 private:
  struct Rows {
    std::uint32_t begin = 0, end = 0;
  };
  // The series' rows between the first and the last time that passes: within a series rows are in order of time.
  Rows RowsOf(std::size_t series) const;
  void Test(std::uint32_t row, std::uint32_t count, std::uint8_t* passes) const;

  const Cube& cube_;
  std::vector<std::uint8_t> series_, times_;     // a byte each; empty: all pass
  std::uint32_t first_time_ = 0, end_time_ = 0;  // of those that pass
  bool times_are_run_ = true;                    // all between first and end pass
  std::vector<RowTest> tests_;
  bool takes_all_ = true;  // of what RowsOf gives
};

}  // namespace tidemill::query
