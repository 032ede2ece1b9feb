// SPDX-License-Identifier: Apache-2.0
#include "header_texts.h"

#include <algorithm>

namespace tidemill::transform {

using workbook::Cell;

void HeaderTexts::Add(const TableSearch& search, const Cell& cell, std::uint32_t column) {
  if (column >= columns_.size()) columns_.resize(column + 1);
  Entry& entry = columns_[column];
  if (entry.last == &cell) return;
  entry.last = &cell;
  if (!entry.text.empty()) entry.text += ' ';
  entry.text += search.grid.Clean(cell, search.spec.notes).text;
}

void HeaderTexts::AddMerged(const TableSearch& search, std::size_t row, std::uint32_t first_row) {
  const Grid& grid = search.grid;
  const std::uint32_t number = grid.RowNumber(row);
  for (const workbook::Range& merge : grid.MergesStartingIn(first_row, number)) {
    if (merge.last_row < number) continue;
    const Cell* origin = grid.FindAt(merge.first_row, merge.first_column);
    if (origin == nullptr) continue;
    for (std::uint32_t column = merge.first_column; column <= merge.last_column && budget_ > 0; ++column, --budget_) {
      if (grid.Find(row, column) == nullptr) Add(search, *origin, column);
    }
  }
}

HeaderTexts::HeaderTexts(const TableSearch& search, std::size_t first, std::size_t last) {
  const std::uint32_t first_row = search.grid.RowNumber(first);
  for (std::size_t row = first; row <= last; ++row) {
    for (const Cell& cell : search.grid.Cells(row)) {
      if (search.grid.HasContent(cell)) Add(search, cell, cell.column);
    }
    AddMerged(search, row, first_row);
  }
}

const std::string& HeaderTexts::Of(std::uint32_t column) const {
  static const std::string kNoText;
  return column < columns_.size() ? columns_[column].text : kNoText;
}

std::string HeaderText(const TableSearch& search, const Table& table, std::uint32_t column) {
  return HeaderTexts(search, table).Of(column);
}

std::uint32_t HeaderDepth(const recipe::Spec& spec) {
  int depth = 1;
  for (const recipe::ColumnSpec& column : spec.columns) {
    if (column.role == recipe::Role::kAxis) depth = std::max(depth, column.row);
  }
  return static_cast<std::uint32_t>(std::max(spec.table.header_rows.value_or(1), depth));
}

std::size_t HeaderFirst(const TableSearch& search, std::size_t last) {
  const std::uint32_t depth = HeaderDepth(search.spec);
  std::size_t first = last;
  while (first > 0 && search.grid.RowNumber(last) - search.grid.RowNumber(first - 1) < depth) --first;
  return first;
}

bool Hits(const std::vector<recipe::Pattern>& patterns, std::string_view text, const recipe::Captures& bound) {
  return std::ranges::any_of(patterns,
                             [&](const recipe::Pattern& pattern) { return pattern.Match(text, bound).has_value(); });
}

}  // namespace tidemill::transform
