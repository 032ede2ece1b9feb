// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/text.h"

#include "binding_error.h"
#include "header_texts.h"
#include "table_axis.h"
#include "table_find.h"

// Tables that are found by their header row.
namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::TableFind;
using workbook::Cell;

constexpr std::size_t kSureRun = 3;  // an axis of fewer cells needs an anchor

Table TableAbove(const TableSearch& search, TableFind method, std::size_t header_last) {
  Table table{.method = method, .name = {}};
  table.header_last = header_last;
  table.header_first = HeaderFirst(search, header_last);
  table.body_first = header_last + 1;
  return table;
}

// Columns that a header must show: those with patterns that are not optional.
std::vector<const ColumnSpec*> Wanted(const recipe::Spec& spec) {
  std::vector<const ColumnSpec*> wanted;
  for (const ColumnSpec& column : spec.columns) {
    if (!column.header.empty() && !column.optional) wanted.push_back(&column);
  }
  return wanted;
}

// Each wanted column hits a column of its own, one of them at least in the innermost row.
bool HeaderHolds(const TableSearch& search, const Table& table, const std::vector<const ColumnSpec*>& wanted) {
  const auto innermost = search.grid.Cells(table.header_last);
  const bool one_row = table.header_first == table.header_last;
  if (innermost.empty() || (one_row && innermost.size() < wanted.size())) return false;
  const HeaderTexts texts(search, table);
  std::vector<std::uint32_t> taken;
  bool inside = false;
  for (const ColumnSpec* column : wanted) {
    std::uint32_t at = 0;
    while (at < texts.width() && (std::ranges::find(taken, at) != taken.end() || texts.Of(at).empty() ||
                                  !Hits(column->header, texts.Of(at), search.bound))) {
      ++at;
    }
    if (at == texts.width()) return false;
    taken.push_back(at);
    inside |= search.grid.Find(table.header_last, at) != nullptr;
  }
  return inside;
}

void PutAnchor(const TableSearch& search, Table& table) {
  const std::uint32_t before = table.axis.empty() ? table.last_column + 1 : table.axis.front().column;
  auto anchor = FindAnchor(search, table.header_first, table.header_last, before);
  if (!anchor) return;
  table.anchored_by = std::move(anchor->text);
  table.captures = std::move(anchor->captures);
}

std::vector<Table> OnlyAnchored(std::vector<Table> tables) {
  std::erase_if(tables, [](const Table& table) { return table.anchored_by.empty(); });
  return tables;
}

std::vector<Table> TablesOf(const TableSearch& search, std::vector<AxisRun> runs) {
  std::vector<Table> tables;
  for (AxisRun& run : runs) {
    Table table = TableAbove(search, TableFind::kAxis, run.row);
    table.axis = std::move(run.cells);
    PutAnchor(search, table);
    tables.push_back(std::move(table));
  }
  return tables;
}

std::string AxisPlace(const TableSearch& search, const Table& table) {
  return Described(search, table.header_last, *table.axis.front().cell);
}

}  // namespace

std::string Described(const TableSearch& search, std::size_t row, const Cell& cell) {
  return fmt::format("{} {}", search.grid.A1(row, cell), base::Quoted(search.grid.Clean(cell, search.spec.notes).text));
}

std::optional<Anchored> FindAnchor(const TableSearch& search, std::size_t first, std::size_t last,
                                   std::uint32_t before) {
  if (search.spec.table.anchor.empty()) return std::nullopt;
  for (std::size_t row = first; row <= last; ++row) {
    for (const Cell& cell : search.grid.Cells(row)) {
      if (cell.column >= before || !search.grid.HasContent(cell)) continue;
      const std::string text = search.grid.Clean(cell, search.spec.notes).text;
      for (const recipe::Pattern& pattern : search.spec.table.anchor) {
        auto captures = pattern.Match(text, search.bound);
        if (captures) return Anchored{.text = Described(search, row, cell), .captures = *std::move(captures)};
      }
    }
  }
  return std::nullopt;
}

std::vector<Table> FindByHeader(const TableSearch& search) {
  std::vector<Table> tables;
  const auto wanted = Wanted(search.spec);
  if (wanted.empty()) return tables;
  for (std::size_t row = 0; row < search.grid.row_count(); ++row) {
    Table table = TableAbove(search, TableFind::kHeader, row);
    if (!HeaderHolds(search, table, wanted)) continue;
    if (search.axis != nullptr) {
      table.axis = LongestRun(search, row, 0, table.last_column).cells;
      if (table.axis.empty()) continue;
    }
    PutAnchor(search, table);
    tables.push_back(std::move(table));
    if (!search.spec.table.each && search.spec.table.anchor.empty()) break;
  }
  if (search.spec.table.anchor.empty()) return tables;
  std::vector<Table> anchored = OnlyAnchored(tables);
  if (!anchored.empty()) tables = std::move(anchored);
  if (!search.spec.table.each && tables.size() > 1) tables.resize(1);
  return tables;
}

base::Result<std::vector<Table>> FindByAxis(const TableSearch& search) {
  if (search.axis == nullptr) return std::vector<Table>();
  const bool each = search.spec.table.each;
  const bool by_anchor = each && !search.spec.table.anchor.empty();
  std::vector<Table> tables = TablesOf(search, by_anchor ? AllRuns(search) : LongestRuns(search, each));
  if (by_anchor) return OnlyAnchored(std::move(tables));
  if (tables.empty()) return tables;
  std::vector<Table> anchored = OnlyAnchored(tables);
  if (!each && anchored.size() == 1) return anchored;
  const std::size_t cells = tables.front().axis.size();
  if (!each && tables.size() > 1) {
    return BindingError("table-ambiguous", search.place,
                        "an axis of {} cells begins at {} and at {}; {} by table.anchor", cells,
                        AxisPlace(search, tables[0]), AxisPlace(search, tables[1]),
                        anchored.empty() ? "none is chosen" : "several are chosen");
  }
  if (cells < kSureRun) {
    return BindingError("table-missing", search.place,
                        "the longest axis has {} cells, at {}; fewer than {} need a table.anchor that hits", cells,
                        AxisPlace(search, tables[0]), kSureRun);
  }
  return tables;
}

}  // namespace tidemill::transform
