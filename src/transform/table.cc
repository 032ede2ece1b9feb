// SPDX-License-Identifier: Apache-2.0
#include "table.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "binding_error.h"
#include "table_axis.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::Pattern;
using recipe::Role;
using recipe::TableFind;
using workbook::Cell;

constexpr std::size_t kSureRun = 3;  // an axis of fewer cells needs an anchor

bool Hits(const std::vector<Pattern>& patterns, std::string_view text, const recipe::Captures& bound) {
  return std::ranges::any_of(patterns, [&](const Pattern& pattern) { return pattern.Match(text, bound).has_value(); });
}

std::string Described(const TableSearch& search, std::size_t row, const Cell& cell) {
  return fmt::format("{} {}", search.grid.A1(row, cell), base::Quoted(search.grid.Clean(cell, search.spec.notes).text));
}

// The header cell left of the axis that an anchor hits.
std::optional<std::string> FindAnchor(const TableSearch& search, std::size_t first, std::size_t last,
                                      std::uint32_t before) {
  for (std::size_t row = first; row <= last; ++row) {
    for (const Cell& cell : search.grid.Cells(row)) {
      if (cell.column >= before || !search.grid.HasContent(cell)) continue;
      const std::string text = search.grid.Clean(cell, search.spec.notes).text;
      if (Hits(search.spec.table.anchor, text, search.bound)) return Described(search, row, cell);
    }
  }
  return std::nullopt;
}

// The first header row, counted up from the innermost in rows of the sheet.
std::size_t HeaderFirst(const TableSearch& search, std::size_t last) {
  const auto depth = static_cast<std::uint32_t>(std::max(search.spec.table.header_rows.value_or(1), 1));
  std::size_t first = last;
  while (first > 0 && search.grid.RowNumber(last) - search.grid.RowNumber(first - 1) < depth) --first;
  return first;
}

std::size_t FirstRowFrom(const Grid& grid, std::uint32_t number) {
  std::size_t row = 0;
  while (row < grid.row_count() && grid.RowNumber(row) < number) ++row;
  return row;
}

// A native table as a candidate, where its header holds what the recipe's columns need.
std::optional<Table> BindNative(const TableSearch& search, const workbook::NativeTable& native) {
  const std::uint32_t depth = std::max<std::uint32_t>(native.header_rows, 1);
  const std::uint32_t rows = native.range.last_row - native.range.first_row + 1;
  if (native.header_rows == 0 || rows <= depth + native.totals_rows) return std::nullopt;
  Table table{.method = TableFind::kTable, .name = native.name};
  table.header_first = FirstRowFrom(search.grid, native.range.first_row);
  table.body_first = FirstRowFrom(search.grid, native.range.first_row + depth);
  if (table.body_first <= table.header_first) return std::nullopt;
  table.header_last = table.body_first - 1;
  table.native_end = FirstRowFrom(search.grid, native.range.last_row + 1);
  table.body_end = FirstRowFrom(search.grid, native.range.last_row + 1 - native.totals_rows);
  table.first_column = native.range.first_column;
  table.last_column = native.range.last_column;
  table.ended_by = fmt::format("the end of table {}", base::Quoted(native.name));
  if (search.axis == nullptr) return table;
  table.axis = LongestRun(search, table.header_last, table.first_column, table.last_column).cells;
  if (table.axis.empty()) return std::nullopt;
  return table;
}

base::Result<std::optional<Table>> FindNative(const TableSearch& search) {
  std::vector<Table> candidates;
  for (const workbook::NativeTable& native : search.grid.sheet().tables) {
    if (auto table = BindNative(search, native)) candidates.push_back(*std::move(table));
  }
  if (candidates.size() > 1) {
    std::vector<Table> chosen;
    for (Table& table : candidates) {
      const std::uint32_t before = table.axis.empty() ? table.last_column + 1 : table.axis.front().column;
      const auto anchor = FindAnchor(search, table.header_first, table.header_last, before);
      const bool named = search.spec.table.name && search.spec.table.name->Match(table.name, search.bound);
      if (search.spec.table.name ? named : anchor.has_value()) chosen.push_back(std::move(table));
    }
    if (chosen.size() != 1) {
      return BindingError("table-ambiguous", search.place,
                          "{} native tables, {} of them chosen by table.name or table.anchor; expected one",
                          candidates.size(), chosen.size());
    }
    candidates = std::move(chosen);
  }
  return candidates.empty() ? std::nullopt : std::optional<Table>(std::move(candidates.front()));
}

Table TableOfRun(const TableSearch& search, AxisRun run) {
  Table table{.method = TableFind::kAxis, .name = {}};
  table.header_last = run.row;
  table.header_first = HeaderFirst(search, run.row);
  table.body_first = run.row + 1;
  table.axis = std::move(run.cells);
  return table;
}

base::Result<std::optional<Table>> FindByAxis(const TableSearch& search) {
  std::vector<AxisRun> runs = LongestRuns(search);
  if (runs.empty()) return std::nullopt;
  std::vector<Table> anchored;
  std::vector<std::string> places;
  for (AxisRun& run : runs) {
    places.push_back(Described(search, run.row, *run.cells.front().cell));
    Table table = TableOfRun(search, run);
    if (auto anchor = FindAnchor(search, table.header_first, table.header_last, table.axis.front().column)) {
      table.anchored_by = *std::move(anchor);
      anchored.push_back(std::move(table));
    }
  }
  if (anchored.size() == 1) return std::optional<Table>(std::move(anchored.front()));
  if (runs.size() > 1) {
    return BindingError("table-ambiguous", search.place,
                        "an axis of {} cells begins at {} and at {}; {} by table.anchor", runs.front().cells.size(),
                        places[0], places[1], anchored.empty() ? "none is chosen" : "several are chosen");
  }
  if (runs.front().cells.size() < kSureRun) {
    return BindingError("table-missing", search.place,
                        "the longest axis has {} cells, at {}; fewer than {} need a table.anchor that hits",
                        runs.front().cells.size(), places[0], kSureRun);
  }
  return std::optional<Table>(TableOfRun(search, std::move(runs.front())));
}

// Columns that a header must show: those with patterns that are not optional.
bool HeaderHolds(const TableSearch& search, const Table& table) {
  std::vector<std::uint32_t> taken;
  bool any = false;
  for (const ColumnSpec& column : search.spec.columns) {
    if (column.header.empty() || column.optional) continue;
    any = true;
    bool hit = false;
    for (const Cell& cell : search.grid.Cells(table.header_last)) {
      if (!search.grid.HasContent(cell) || std::ranges::find(taken, cell.column) != taken.end()) continue;
      if (!Hits(column.header, HeaderText(search, table, cell.column), search.bound)) continue;
      taken.push_back(cell.column);
      hit = true;
      break;
    }
    if (!hit) return false;
  }
  return any;
}

std::optional<Table> FindByHeader(const TableSearch& search) {
  for (std::size_t row = 0; row < search.grid.row_count(); ++row) {
    Table table{.method = TableFind::kHeader, .name = {}};
    table.header_last = row;
    table.header_first = HeaderFirst(search, row);
    table.body_first = row + 1;
    if (!HeaderHolds(search, table)) continue;
    if (search.axis != nullptr) {
      table.axis = LongestRun(search, row, 0, table.last_column).cells;
      if (table.axis.empty()) continue;
    }
    return table;
  }
  return std::nullopt;
}

// The columns that hold the table's values.
std::vector<std::uint32_t> ValueColumns(const TableSearch& search, const Table& table) {
  std::vector<std::uint32_t> columns;
  for (const AxisCell& cell : table.axis) columns.push_back(cell.column);
  if (!columns.empty()) return columns;
  for (const ColumnSpec& column : search.spec.columns) {
    if (column.role != Role::kValue) continue;
    for (const Cell& cell : search.grid.Cells(table.header_last)) {
      if (search.grid.HasContent(cell) && Hits(column.header, HeaderText(search, table, cell.column), search.bound)) {
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

// The body ends above the first row without values that `stop` hits, or else behind the last row of which at least half
// the columns that hold anything hold a value.
void FindBodyEnd(const TableSearch& search, Table& table) {
  const std::vector<std::uint32_t> columns = ValueColumns(search, table);
  std::vector<std::size_t> values;
  std::vector<bool> used(columns.size(), false);
  std::size_t end = table.body_first;
  for (; end < search.grid.row_count(); ++end) {
    values.push_back(CountValues(search, end, columns));
    const Cell* first = search.grid.FirstOf(end);
    if (first != nullptr && values.back() * 2 < columns.size()) {
      const std::string text = search.grid.Clean(*first, search.spec.notes).text;
      if (Hits(search.spec.table.stop, text, search.bound)) {
        table.ended_by = Described(search, end, *first);
        break;
      }
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (search.grid.Find(end, columns[i]) != nullptr) used[i] = true;
    }
  }
  const auto in_use = static_cast<std::size_t>(std::ranges::count(used, true));
  while (end > table.body_first) {
    const std::size_t here = values[end - 1 - table.body_first];
    if (here > 0 && here * 2 >= in_use) break;
    --end;
  }
  table.body_end = end;
  table.native_end = end;
  if (table.ended_by.empty() && end > table.body_first) {
    table.ended_by = fmt::format("row {}, the last with values", search.grid.RowNumber(end - 1) + 1);
  }
}

base::Result<std::optional<Table>> FindBy(TableFind method, const TableSearch& search) {
  switch (method) {
    case TableFind::kTable:
      return FindNative(search);
    case TableFind::kHeader:
      return FindByHeader(search);
    case TableFind::kAxis:
      if (search.axis == nullptr) return std::nullopt;
      return FindByAxis(search);
  }
  return std::nullopt;
}

}  // namespace

std::string HeaderText(const TableSearch& search, const Table& table, std::uint32_t column) {
  std::string text;
  for (std::size_t row = table.header_first; row <= table.header_last; ++row) {
    const Cell* cell = search.grid.Find(row, column);
    if (cell == nullptr) continue;
    text += (text.empty() ? "" : " ") + search.grid.Clean(*cell, search.spec.notes).text;
  }
  return text;
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

base::Result<Table> FindTable(const TableSearch& search) {
  std::vector<TableFind> methods = search.spec.table.find;
  if (methods.empty()) methods = {TableFind::kTable, TableFind::kHeader, TableFind::kAxis};
  for (const TableFind method : methods) {
    TIDEMILL_ASSIGN(std::optional<Table> table, FindBy(method, search));
    if (!table) continue;
    if (table->method != TableFind::kTable) FindBodyEnd(search, *table);
    if (table->body_end <= table->body_first) {
      return BindingError("table-missing", search.place, "the header in row {} has no body below it",
                          search.grid.RowNumber(table->header_last) + 1);
    }
    return *std::move(table);
  }
  return BindingError(
      "table-missing", search.place, "no table found: {}",
      search.axis != nullptr ? "no row in which the axis stands" : "no row in which every header of the recipe stands");
}

}  // namespace tidemill::transform
