// SPDX-License-Identifier: Apache-2.0
#include "row_counter.h"

#include <algorithm>
#include <cmath>

#include "cell_text.h"

namespace tidemill::inspect {

using workbook::Cell;
using workbook::CellKind;

bool RowCounter::Row(const workbook::Sheet& sheet, const workbook::Sheet::Row& row, std::span<const Cell> cells) {
  if (cells.empty()) return true;
  const std::uint32_t first = cells.front().column;
  const std::uint32_t last = cells.back().column;
  if (!used_) used_ = {.first_row = row.number, .first_column = first, .last_row = row.number, .last_column = last};
  used_->last_row = row.number;
  used_->first_column = std::min(used_->first_column, first);
  used_->last_column = std::max(used_->last_column, last);
  for (const Cell& cell : cells) {
    ++kinds_[static_cast<std::size_t>(cell.kind)];
    if ((cell.flags & workbook::kFromFormula) != 0) ++formulas_;
    if (cell.is_numeric()) {
      AddNumber(static_cast<long double>(cell.number()));
    } else if (cell.kind == CellKind::kString) {
      AddString(sheet, cell);
    }
  }
  return true;
}

// Neumaier's compensated sum: what rounding takes from the running sum is kept beside it, so that huge numbers that
// cancel each other leave the small ones whole.
void RowCounter::AddNumber(long double number) {
  const long double sum = sum_ + number;
  if (std::isfinite(sum)) lost_ += std::abs(sum_) >= std::abs(number) ? (sum_ - sum) + number : (number - sum) + sum_;
  sum_ = sum;
}

void RowCounter::AddString(const workbook::Sheet& sheet, const Cell& cell) {
  string_bytes_ += WithLineFeeds(sheet.Text(cell), scratch_).size();
  if ((cell.flags & workbook::kNumberAsText) != 0) ++numbers_as_text_;
  if ((cell.flags & workbook::kHasRuns) != 0) ++rich_strings_;
}

void RowCounter::Finish(SheetFacts& facts) const {
  const auto of = [&](CellKind kind) { return kinds_[static_cast<std::size_t>(kind)]; };
  facts.dates = of(CellKind::kDate);
  facts.numbers = of(CellKind::kNumber) + of(CellKind::kDate) + of(CellKind::kDuration);
  facts.strings = of(CellKind::kString);
  facts.booleans = of(CellKind::kBool);
  facts.errors = of(CellKind::kError);
  facts.numeric_sum = static_cast<double>(sum_ + lost_);
  facts.string_bytes = string_bytes_;
  facts.formulas = formulas_;
  facts.numbers_as_text = numbers_as_text_;
  facts.rich_strings = rich_strings_;
  facts.used = used_;
}

}  // namespace tidemill::inspect
