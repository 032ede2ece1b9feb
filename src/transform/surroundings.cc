// SPDX-License-Identifier: Apache-2.0
#include "surroundings.h"

#include <algorithm>
#include <set>

namespace tidemill::transform {
namespace {

using workbook::Cell;
using workbook::CellKind;

std::set<std::uint32_t> ValueColumns(const std::vector<Table>& tables, const std::vector<Binding>& bindings) {
  std::set<std::uint32_t> columns;
  for (const Table& table : tables) {
    for (const AxisCell& cell : table.axis) columns.insert(cell.column);
  }
  for (const Binding& binding : bindings) {
    for (const BoundColumn& value : binding.values) columns.insert(value.column);
  }
  return columns;
}

void ClaimHeader(const Table& table, Grid& grid) {
  for (std::size_t row = table.header_first; row <= table.header_last; ++row) {
    for (const Cell& cell : grid.Cells(row)) {
      if (cell.column >= table.first_column && cell.column <= table.last_column) {
        grid.Claim(cell, CellClass::kHeader);
      }
    }
  }
}

void ClaimTotals(const Table& table, Grid& grid) {
  for (std::size_t row = table.body_end; row < table.native_end; ++row) {
    for (const Cell& cell : grid.Cells(row)) {
      if (cell.column >= table.first_column && cell.column <= table.last_column) grid.Claim(cell, CellClass::kTotal);
    }
  }
}

bool IsInside(const std::vector<Table>& tables, std::size_t row, std::uint32_t column) {
  return std::ranges::any_of(tables, [&](const Table& table) {
    return row >= table.header_first && row < table.native_end && column >= table.first_column &&
           column <= table.last_column;
  });
}

// The other tables of the sheet, and what stands beside the bodies, where the recipe says that they do not matter.
void IgnoreRest(const std::vector<Table>& tables, const std::set<std::uint32_t>& values, Grid& grid) {
  for (std::size_t row = 0; row < grid.row_count(); ++row) {
    for (const Cell& cell : grid.Cells(row)) {
      const bool number = cell.kind == CellKind::kNumber && values.contains(cell.column);
      const bool beside = std::ranges::any_of(
          tables, [&](const Table& table) { return row >= table.header_first && row < table.native_end; });
      if ((number || beside) && !IsInside(tables, row, cell.column)) grid.Claim(cell, CellClass::kIgnored);
    }
  }
}

}  // namespace

void ClaimAround(const TableSearch& search, const std::vector<Table>& tables, const std::vector<Binding>& bindings,
                 Grid& grid, NoteBook& notes) {
  const std::set<std::uint32_t> values = ValueColumns(tables, bindings);
  for (std::size_t row = 0; row < tables.front().header_first; ++row) {
    for (const Cell& cell : grid.Cells(row)) {
      const bool stray = cell.kind == CellKind::kNumber && values.contains(cell.column);
      if (!stray) grid.Claim(cell, CellClass::kText);
    }
  }
  for (const Table& table : tables) {
    ClaimHeader(table, grid);
    ClaimTotals(table, grid);
  }
  std::size_t end = 0;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    end = std::max(end, tables[i].native_end);
    const std::size_t next = i + 1 < tables.size() ? tables[i + 1].header_first : grid.row_count();
    if (end < next) notes.ReadRows(grid, search.spec, end, next, values);
  }
  for (std::size_t row = 0; row < tables.front().header_first; ++row) notes.TouchRow(grid, search.spec, row, values);
  for (const Table& table : tables) {
    for (std::size_t row = table.header_first; row <= table.header_last; ++row) {
      notes.TouchRow(grid, search.spec, row, values);
    }
  }
  if (search.spec.table.ignore_rest) IgnoreRest(tables, values, grid);
}

}  // namespace tidemill::transform
