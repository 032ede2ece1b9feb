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
  AddCells(sheet, cells);
  return true;
}

// In one pass. Numbers are summed in doubles, the rounding errors beside them (Knuth's sum of two); huge ones, which
// may cancel each other, are added one by one.
void RowCounter::AddCells(const workbook::Sheet& sheet, std::span<const Cell> cells) {
  constexpr double kMost = 1e15;
  constexpr std::uint8_t kCounted = workbook::kFromFormula | workbook::kNumberAsText | workbook::kHasRuns;
  const bool plain_texts = !sheet.HasCarriageReturns();
  std::uint64_t dates = 0;
  std::uint64_t strings = 0;
  std::uint64_t string_bytes = 0;
  std::uint64_t others = 0;
  double sum = sum_;
  double lost = lost_;
  for (const Cell& cell : cells) {
    if ((cell.flags & kCounted) != 0) CountFlags(cell);
    if (cell.is_numeric()) {
      dates += cell.kind == CellKind::kDate ? 1U : 0U;
      const double number = cell.number();
      if (std::abs(number) > kMost) [[unlikely]] {
        huge_.Add(static_cast<long double>(number));
        continue;
      }
      const double next = sum + number;
      const double added = next - sum;
      lost += (sum - (next - added)) + (number - added);
      sum = next;
    } else if (cell.kind == CellKind::kString) {
      ++strings;
      const std::string_view text = sheet.Text(cell);
      string_bytes += plain_texts ? text.size() : WithLineFeeds(text, scratch_).size();
    } else {
      ++others;
      CountOther(cell);
    }
  }
  sum_ = sum;
  lost_ = lost;
  counts_.numbers += cells.size() - strings - others;
  counts_.dates += dates;
  counts_.strings += strings;
  counts_.string_bytes += string_bytes;
}

void RowCounter::CountFlags(const Cell& cell) {
  counts_.formulas += (cell.flags & workbook::kFromFormula) != 0 ? 1U : 0U;
  if (cell.kind != CellKind::kString) return;
  counts_.numbers_as_text += (cell.flags & workbook::kNumberAsText) != 0 ? 1U : 0U;
  counts_.rich_strings += (cell.flags & workbook::kHasRuns) != 0 ? 1U : 0U;
}

void RowCounter::CountOther(const Cell& cell) {
  counts_.booleans += cell.kind == CellKind::kBool ? 1U : 0U;
  counts_.errors += cell.kind == CellKind::kError ? 1U : 0U;
}

// Neumaier's compensated sum: what rounding takes from the running sum is kept beside it, so that huge numbers that
// cancel each other leave the small ones whole.
void RowCounter::LongSum::Add(long double number) {
  const long double next = sum + number;
  if (std::isfinite(next)) lost += std::abs(sum) >= std::abs(number) ? (sum - next) + number : (number - next) + sum;
  sum = next;
}

void RowCounter::Finish(SheetFacts& facts) const {
  facts.dates = counts_.dates;
  facts.numbers = counts_.numbers;
  facts.strings = counts_.strings;
  facts.booleans = counts_.booleans;
  facts.errors = counts_.errors;
  LongSum all = huge_;
  all.Add(static_cast<long double>(sum_));
  all.Add(static_cast<long double>(lost_));
  facts.numeric_sum = static_cast<double>(all.sum + all.lost);
  facts.string_bytes = counts_.string_bytes;
  facts.formulas = counts_.formulas;
  facts.numbers_as_text = counts_.numbers_as_text;
  facts.rich_strings = counts_.rich_strings;
  facts.used = used_;
}

}  // namespace tidemill::inspect
