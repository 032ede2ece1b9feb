// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "address.h"
#include "header_texts.h"
#include "repeated_header.h"
#include "table_find.h"

// Where a table's body ends: recipes.md 3.5.
namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::Role;
using workbook::Cell;

// The columns that hold the table's values.
std::vector<std::uint32_t> ValueColumns(const TableSearch& search, const Table& table) {
  std::vector<std::uint32_t> columns;
  for (const AxisCell& cell : table.axis) columns.push_back(cell.column);
  if (!columns.empty()) return columns;
  const HeaderTexts texts(search, table);
  for (const ColumnSpec& column : search.spec.columns) {
    if (column.role != Role::kValue) continue;
    if (const auto at = ColumnOfLetters(column.column)) columns.push_back(*at);
    for (const Cell& cell : search.grid.Cells(table.header_last)) {
      if (search.grid.HasContent(cell) && Hits(column.header, texts.Of(cell.column), search.bound)) {
        columns.push_back(cell.column);
      }
    }
  }
  return columns;
}

std::size_t CountValues(const TableSearch& search, std::size_t row, const std::vector<std::uint32_t>& columns) {
  return static_cast<std::size_t>(std::ranges::count_if(columns, [&](std::uint32_t column) {
    const Cell* cell = search.grid.Find(row, column);
    return cell != nullptr && LooksLikeValue(search, *cell);
  }));
}

// Above the header of another table, or a row that `stop` hits; where the recipe does not say what stops, only one that
// has few values.
bool StopsAt(const TableSearch& search, std::size_t row, std::size_t values, const std::vector<std::uint32_t>& columns,
             Table& table) {
  const Cell* first = search.grid.FirstOf(row);
  if (first != nullptr && RepeatsHeader(search, table, row, columns) == HeaderAgain::kOfAnother) {
    table.ended_by = Described(search, row, *first) + ", the header of another table";
    return true;
  }
  if (first == nullptr || (search.spec.table.stop_by_default && values * 2 >= columns.size())) return false;
  if (!Hits(search.spec.table.stop, search.grid.Clean(*first, search.spec.notes).text, search.bound)) return false;
  table.ended_by = Described(search, row, *first);
  return true;
}

// Rows right below the body whose cells of values are filled belong to it, even where nothing there can be read: a
// marker that the recipe does not know must be found, not taken for a note.
std::size_t Extended(const TableSearch& search, std::size_t end, std::size_t most,
                     const std::vector<std::uint32_t>& columns, std::size_t in_use) {
  const Grid& grid = search.grid;
  for (; end < most && grid.RowNumber(end) == grid.RowNumber(end - 1) + 1; ++end) {
    const auto filled = static_cast<std::size_t>(
        std::ranges::count_if(columns, [&](std::uint32_t column) { return grid.Find(end, column) != nullptr; }));
    if (filled == 0 || filled * 2 < in_use) break;
  }
  return end;
}

}  // namespace

void FindBodyEnd(const TableSearch& search, std::size_t limit, Table& table) {
  const std::vector<std::uint32_t> columns = ValueColumns(search, table);
  std::vector<std::size_t> values;
  std::vector<bool> used(columns.size(), false);
  std::size_t end = table.body_first;
  for (; end < limit; ++end) {
    values.push_back(CountValues(search, end, columns));
    if (StopsAt(search, end, values.back(), columns, table)) break;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (search.grid.Find(end, columns[i]) != nullptr) used[i] = true;
    }
  }
  const auto in_use = static_cast<std::size_t>(std::ranges::count(used, true));
  const std::size_t stop = end;
  while (end > table.body_first) {
    const std::size_t here = values[end - 1 - table.body_first];
    if (here > 0 && here * 2 >= in_use) break;
    --end;
  }
  if (end > table.body_first) end = Extended(search, end, stop, columns, in_use);
  table.body_end = end;
  table.native_end = end;
  if (table.ended_by.empty() && end > table.body_first) {
    table.ended_by = fmt::format("row {}, the last with values", search.grid.RowNumber(end - 1) + 1);
  }
}

bool LooksLikeValue(const TableSearch& search, const Cell& cell) {
  if (cell.is_numeric()) return true;
  if (cell.kind != workbook::CellKind::kString) return cell.kind == workbook::CellKind::kError;
  const CleanText clean = search.grid.Clean(cell, search.spec.notes);
  if (clean.text.empty()) return !clean.refs.empty();
  const auto column = std::ranges::find(search.spec.columns, Role::kValue, &ColumnSpec::role);
  if (column == search.spec.columns.end()) return false;
  return ReadValueText(search.grid.sheet().Text(cell), clean.text, *column, search.markers).kind !=
         TextValue::Kind::kUnknown;
}

}  // namespace tidemill::transform
