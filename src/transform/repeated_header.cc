// SPDX-License-Identifier: Apache-2.0
#include "repeated_header.h"

#include <algorithm>

namespace tidemill::transform {
namespace {

using workbook::Cell;

bool SaysTheSame(const TableSearch& search, const Cell& cell, const Cell* header) {
  return header != nullptr &&
         search.grid.Clean(cell, search.spec.notes).text == search.grid.Clean(*header, search.spec.notes).text;
}

bool RepeatsValueHeader(const TableSearch& search, const Table& table, std::size_t row, std::uint32_t column) {
  const Cell* cell = search.grid.Find(row, column);
  return cell != nullptr && cell->kind != workbook::CellKind::kNumber &&
         SaysTheSame(search, *cell, search.grid.Find(table.header_last, column));
}

bool StandsInHeader(const TableSearch& search, const Table& table, const Cell& cell) {
  for (std::size_t row = table.header_first; row <= table.header_last; ++row) {
    if (SaysTheSame(search, cell, search.grid.Find(row, cell.column))) return true;
  }
  return false;
}

}  // namespace

HeaderAgain RepeatsHeader(const TableSearch& search, const Table& table, std::size_t row,
                          const std::vector<std::uint32_t>& value_columns) {
  const auto repeats = [&](std::uint32_t column) { return RepeatsValueHeader(search, table, row, column); };
  if (value_columns.empty() || !std::ranges::all_of(value_columns, repeats)) return HeaderAgain::kNo;
  const bool same = std::ranges::all_of(search.grid.Cells(row), [&](const Cell& cell) {
    return !search.grid.HasContent(cell) || cell.column < table.first_column || cell.column > table.last_column ||
           std::ranges::find(value_columns, cell.column) != value_columns.end() || StandsInHeader(search, table, cell);
  });
  return same ? HeaderAgain::kSame : HeaderAgain::kOfAnother;
}

}  // namespace tidemill::transform
