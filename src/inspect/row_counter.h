// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
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
  void AddNumber(long double number);
  void AddString(const workbook::Sheet& sheet, const workbook::Cell& cell);

  std::array<std::uint64_t, 7> kinds_{};  // by CellKind
  long double sum_ = 0;                   // of the numbers, in the order they are read
  long double lost_ = 0;                  // what rounding took from it
  std::uint64_t string_bytes_ = 0;
  std::uint64_t formulas_ = 0;
  std::uint64_t numbers_as_text_ = 0;
  std::uint64_t rich_strings_ = 0;
  std::optional<workbook::Range> used_;
  std::string scratch_;
};

}  // namespace tidemill::inspect
