// SPDX-License-Identifier: Apache-2.0
#include "row_counter.h"

#include <algorithm>
#include <cmath>

#include "cell_text.h"

namespace tidemill::inspect {

using workbook::Cell;
using workbook::CellKind;

RowCounter::Counts& RowCounter::Counts::operator+=(const Counts& more) {
  numbers += more.numbers;
  dates += more.dates;
  strings += more.strings;
  booleans += more.booleans;
  errors += more.errors;
  string_bytes += more.string_bytes;
  formulas += more.formulas;
  numbers_as_text += more.numbers_as_text;
  rich_strings += more.rich_strings;
  return *this;
}

bool RowCounter::Row(const workbook::Sheet& sheet, const workbook::Sheet::Row& row, std::span<const Cell> cells) {
  if (cells.empty()) return true;
  const std::uint32_t first = cells.front().column;
  const std::uint32_t last = cells.back().column;
  if (!used_) used_ = {.first_row = row.number, .first_column = first, .last_row = row.number, .last_column = last};
  used_->last_row = row.number;
  used_->first_column = std::min(used_->first_column, first);
  used_->last_column = std::max(used_->last_column, last);
  AddCells(sheet, cells);
  return true;
}

// In one pass. The numbers of a row are summed in doubles, the rounding errors beside them (Knuth's sum of two); huge
// ones, which may cancel each other, are added one by one.
void RowCounter::AddCells(const workbook::Sheet& sheet, std::span<const Cell> cells) {
  constexpr double kMost = 1e15;
  const bool plain_texts = !sheet.HasCarriageReturns();
  Counts counts;
  double sum = 0;
  double lost = 0;
  for (const Cell& cell : cells) {
    counts.formulas += (cell.flags & workbook::kFromFormula) != 0 ? 1U : 0U;
    if (cell.is_numeric()) {
      ++counts.numbers;
      counts.dates += cell.kind == CellKind::kDate ? 1U : 0U;
      const double number = cell.number();
      if (std::abs(number) > kMost) [[unlikely]] {
        AddNumber(static_cast<long double>(number));
        continue;
      }
      const double next = sum + number;
      const double added = next - sum;
      lost += (sum - (next - added)) + (number - added);
      sum = next;
    } else if (cell.kind == CellKind::kString) {
      ++counts.strings;
      counts.numbers_as_text += (cell.flags & workbook::kNumberAsText) != 0 ? 1U : 0U;
      counts.rich_strings += (cell.flags & workbook::kHasRuns) != 0 ? 1U : 0U;
      const std::string_view text = sheet.Text(cell);
      counts.string_bytes += plain_texts ? text.size() : WithLineFeeds(text, scratch_).size();
    } else {
      counts.booleans += cell.kind == CellKind::kBool ? 1U : 0U;
      counts.errors += cell.kind == CellKind::kError ? 1U : 0U;
    }
  }
  counts_ += counts;
  AddNumber(static_cast<long double>(sum));
  AddNumber(static_cast<long double>(lost));
}

// Neumaier's compensated sum: what rounding takes from the running sum is kept beside it, so that huge numbers that
// cancel each other leave the small ones whole.
void RowCounter::AddNumber(long double number) {
  const long double sum = sum_ + number;
  if (std::isfinite(sum)) lost_ += std::abs(sum_) >= std::abs(number) ? (sum_ - sum) + number : (number - sum) + sum_;
  sum_ = sum;
}

void RowCounter::Finish(SheetFacts& facts) const {
  facts.dates = counts_.dates;
  facts.numbers = counts_.numbers;
  facts.strings = counts_.strings;
  facts.booleans = counts_.booleans;
  facts.errors = counts_.errors;
  facts.numeric_sum = static_cast<double>(sum_ + lost_);
  facts.string_bytes = counts_.string_bytes;
  facts.formulas = counts_.formulas;
  facts.numbers_as_text = counts_.numbers_as_text;
  facts.rich_strings = counts_.rich_strings;
  facts.used = used_;
}

}  // namespace tidemill::inspect
