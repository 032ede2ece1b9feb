// SPDX-License-Identifier: Apache-2.0
#include "draft_columns.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "tidemill/base/text.h"

#include "draft_axis.h"
#include "draft_time_part.h"
#include "geo_code.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::Role;
using workbook::Cell;
using workbook::CellKind;

ColumnSpec GssSpec(bool split) {
  ColumnSpec spec;
  spec.role = Role::kCode;
  spec.system = "gss";
  if (split) spec.split = ",";
  return spec;
}

void AddNumber(double number, ColumnSketch& sketch) {
  ++sketch.numbers;
  if (number != std::floor(number)) sketch.whole = false;
  if (number < 0) sketch.negative = true;
  sketch.most = std::max(sketch.most, std::abs(number));
  sketch.least = sketch.numbers == 1 ? number : std::min(sketch.least, number);
}

ColumnSketch SketchColumn(const TableSearch& search, const Table& table, const std::vector<std::size_t>& rows,
                          std::uint32_t column, int near_year) {
  ColumnSketch sketch{.column = column, .header = HeaderText(search, table, column)};
  std::vector<const Cell*> cells;
  std::set<std::string> texts;
  const ColumnSpec gss = GssSpec(true);
  for (const std::size_t row : rows) {
    const Cell* cell = search.grid.Find(row, column);
    if (cell == nullptr) continue;
    cells.push_back(cell);
    ++sketch.filled;
    const std::string text = search.grid.Clean(*cell, search.spec.notes).text;
    texts.insert(text);
    if (const auto number = NumberIn(search.grid, *cell)) AddNumber(*number, sketch);
    if (MayBeValue(search.grid, *cell)) ++sketch.values;
    if (cell->kind == CellKind::kString && HasThousands(text)) sketch.thousands = true;
    sketch.points.Add(search.grid, *cell, text);
    if (CleanCode(text, gss).valid) ++sketch.codes;
  }
  sketch.distinct = texts.size();
  if (auto periods = PeriodsOf(search.grid, cells, near_year)) {
    sketch.periods = periods->kind;
    sketch.parse = std::move(periods->parse);
  }
  return sketch;
}

bool InTable(const TableSearch& search, const Table& table, const Cell& cell) {
  return search.grid.HasContent(cell) && cell.column >= table.first_column && cell.column <= table.last_column;
}

// Columns that hold a number under a header, where no axis says which hold values.
std::vector<std::uint32_t> NumericColumns(const TableSearch& search, const Table& table) {
  std::set<std::uint32_t> columns;
  for (std::size_t row = table.body_first; row < table.body_end; ++row) {
    for (const Cell& cell : search.grid.Cells(row)) {
      if (!InTable(search, table, cell) || !NumberIn(search.grid, cell)) continue;
      if (search.grid.Find(table.header_last, cell.column) != nullptr) columns.insert(cell.column);
    }
  }
  return {columns.begin(), columns.end()};
}

void SplitRows(const TableSearch& search, const Table& table, DraftBody& body) {
  body.rows.clear();
  body.label_rows.clear();
  for (std::size_t row = table.body_first; row < table.body_end; ++row) {
    if (search.grid.FirstOf(row) == nullptr) continue;
    const bool values = std::ranges::any_of(
        body.value_columns, [&](std::uint32_t column) { return search.grid.Find(row, column) != nullptr; });
    (values ? body.rows : body.label_rows).push_back(row);
  }
}

bool LooksLikeValues(const ColumnSketch& sketch) {
  return sketch.numbers > 0 && sketch.Share(sketch.values) >= kMostlyNumbers && !sketch.periods &&
         sketch.Share(sketch.codes) < kMostly && TimePartOf(sketch).empty();
}

}  // namespace

DraftBody SketchBody(const TableSearch& search, const Table& table, int near_year) {
  DraftBody body;
  std::set<std::uint32_t> columns;
  for (std::size_t row = table.body_first; row < table.body_end; ++row) {
    for (const Cell& cell : search.grid.Cells(row)) {
      if (InTable(search, table, cell)) columns.insert(cell.column);
    }
  }
  for (const AxisCell& cell : table.axis) {
    columns.erase(cell.column);
    body.value_columns.push_back(cell.column);
  }
  if (table.axis.empty()) body.value_columns = NumericColumns(search, table);
  SplitRows(search, table, body);
  for (const std::uint32_t column : columns) {
    ColumnSketch sketch = SketchColumn(search, table, body.rows, column, near_year);
    if (table.axis.empty() && !LooksLikeValues(sketch)) std::erase(body.value_columns, column);
    if (sketch.filled > 0) body.columns.push_back(std::move(sketch));
  }
  if (table.axis.empty()) SplitRows(search, table, body);
  return body;
}

}  // namespace tidemill::transform
