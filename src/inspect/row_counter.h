// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tidemill/inspect/facts.h"

namespace tidemill::inspect {

// Counts the cells of one sheet as its rows come, in ascending order.
class RowCounter {
 public:
  bool Row(const workbook::Sheet& sheet, const workbook::Sheet::Row& row, std::span<const workbook::Cell> cells);
  // The counts into `facts`.
  void Finish(SheetFacts& facts) const;

 private:
  struct Counts {
    std::uint64_t numbers = 0;  // dates and durations too
    std::uint64_t dates = 0;
    std::uint64_t strings = 0;
    std::uint64_t booleans = 0;
    std::uint64_t errors = 0;
    std::uint64_t string_bytes = 0;
    std::uint64_t formulas = 0;
    std::uint64_t numbers_as_text = 0;
    std::uint64_t rich_strings = 0;
  };
  struct LongSum {
    long double sum = 0;
    long double lost = 0;  // what rounding took from it

    void Add(long double number);
  };

  void AddCells(const workbook::Sheet& sheet, std::span<const workbook::Cell> cells);
  void CountFlags(const workbook::Cell& cell);
  void CountOther(const workbook::Cell& cell);

  Counts counts_;
  double sum_ = 0;   // of the numbers but the huge ones, in the order they are read
  double lost_ = 0;  // what rounding took from it
  LongSum huge_;
  std::optional<workbook::Range> used_;
  std::string scratch_;
};

}  // namespace tidemill::inspect
