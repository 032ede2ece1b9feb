// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/text.h"

#include "address.h"
#include "binding_error.h"
#include "header_texts.h"
#include "table_axis.h"
#include "table_find.h"

// Tables whose place the workbook or the recipe tells.
namespace tidemill::transform {
namespace {

using recipe::TableFind;

// Header rows above the native ones, where the recipe says that there are more.
void WidenHeader(const TableSearch& search, std::uint32_t native_rows, Table& table) {
  const std::uint32_t depth = HeaderDepth(search.spec);
  if (depth <= native_rows) return;
  table.header_first = std::min(table.header_first, HeaderFirst(search, table.header_last));
}

// A native table as a candidate, where its header holds what the recipe's columns need.
std::optional<Table> BindNative(const TableSearch& search, const workbook::NativeTable& native) {
  const Grid& grid = search.grid;
  const std::uint32_t depth = std::max<std::uint32_t>(native.header_rows, 1);
  const std::uint32_t rows = native.range.last_row - native.range.first_row + 1;
  if (native.header_rows == 0 || rows <= depth + native.totals_rows) return std::nullopt;
  Table table{.method = TableFind::kTable, .name = native.name};
  table.header_first = grid.RowFrom(native.range.first_row);
  table.body_first = grid.RowFrom(native.range.first_row + depth);
  if (table.body_first <= table.header_first) return std::nullopt;
  table.header_last = table.body_first - 1;
  table.native_end = grid.RowFrom(native.range.last_row + 1);
  table.body_end = grid.RowFrom(native.range.last_row + 1 - native.totals_rows);
  table.first_column = native.range.first_column;
  table.last_column = native.range.last_column;
  table.ended_by = fmt::format("the end of table {}", base::Quoted(native.name));
  WidenHeader(search, native.header_rows, table);
  if (search.axis == nullptr) return table;
  table.axis = LongestRun(search, table.header_last, table.first_column, table.last_column).cells;
  if (table.axis.empty()) return std::nullopt;
  return table;
}

// True where table.name, or else table.anchor, speaks of this table; its captures go with it.
bool Chosen(const TableSearch& search, Table& table) {
  if (search.spec.table.name) {
    auto captures = search.spec.table.name->Match(table.name, search.bound);
    if (captures) table.captures = *std::move(captures);
    return captures.has_value();
  }
  const std::uint32_t before = table.axis.empty() ? table.last_column + 1 : table.axis.front().column;
  auto anchor = FindAnchor(search, table.header_first, table.header_last, before);
  if (!anchor) return false;
  table.anchored_by = std::move(anchor->text);
  table.captures = std::move(anchor->captures);
  return true;
}

}  // namespace

base::Result<std::vector<Table>> FindNative(const TableSearch& search) {
  std::vector<Table> candidates;
  for (const workbook::NativeTable& native : search.grid.sheet().tables) {
    if (auto table = BindNative(search, native)) candidates.push_back(*std::move(table));
  }
  const bool choosy = search.spec.table.name.has_value() || !search.spec.table.anchor.empty();
  if (search.spec.table.each ? !choosy : candidates.size() <= 1) {
    for (Table& table : candidates) Chosen(search, table);
    return candidates;
  }
  std::vector<Table> chosen;
  for (Table& table : candidates) {
    if (Chosen(search, table)) chosen.push_back(std::move(table));
  }
  if (search.spec.table.each || chosen.size() == 1) return chosen;
  return BindingError("table-ambiguous", search.place,
                      "{} native tables ({} and {}), {} of them chosen by table.name or table.anchor; expected one",
                      candidates.size(), base::Quoted(search.grid.sheet().tables[0].name),
                      base::Quoted(search.grid.sheet().tables[1].name), chosen.size());
}

base::Result<Table> FindByRange(const TableSearch& search) {
  const Grid& grid = search.grid;
  const auto range = ParseCellRange(search.spec.table.range);
  const std::uint32_t depth = HeaderDepth(search.spec);
  if (!range || range->last_row - range->first_row < depth) {
    return BindingError("table-missing", search.place, "table.range {} has no row below its {} header rows",
                        search.spec.table.range, depth);
  }
  Table table{.method = TableFind::kHeader, .name = {}};
  table.by_range = true;
  table.header_first = grid.RowFrom(range->first_row);
  table.body_first = grid.RowFrom(range->first_row + depth);
  table.body_end = table.native_end = grid.RowFrom(range->last_row + 1);
  table.first_column = range->first_column;
  table.last_column = range->last_column;
  table.ended_by = "table.range";
  if (table.body_first == table.header_first || table.body_end == table.body_first) {
    return BindingError("table-missing", search.place, "table.range {} has no filled row in its header or body",
                        search.spec.table.range);
  }
  table.header_last = table.body_first - 1;
  if (search.axis == nullptr) return table;
  table.axis = LongestRun(search, table.header_last, table.first_column, table.last_column).cells;
  if (table.axis.empty()) {
    return BindingError("table-missing", search.place, "no cell of row {} reads as {}",
                        grid.RowNumber(table.header_last) + 1, ToText(search.axis->kind()));
  }
  return table;
}

}  // namespace tidemill::transform
