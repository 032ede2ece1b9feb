// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "axis.h"
#include "grid.h"
#include "value.h"

// Where the table lies on its sheet: recipes.md 3.5.
namespace tidemill::transform {

// A header cell of the axis.
struct AxisCell {
  std::uint32_t column = 0;
  const workbook::Cell* cell = nullptr;
  AxisValue value;
  std::vector<std::string> notes;
  bool published = true;  // false: the whole body below is blank
};

// Rows are indexes into the sheet's rows; blank rows are none.
struct Table {
  recipe::TableFind method = recipe::TableFind::kAxis;
  std::string name;                               // of a native table
  std::size_t header_first = 0, header_last = 0;  // both included
  std::size_t body_first = 0, body_end = 0;       // half open
  std::size_t native_end = 0;                     // where a native table ends, its totals included; else body_end
  std::uint32_t first_column = 0;                 // of a native table
  std::uint32_t last_column = 16'383;             // included
  std::vector<AxisCell> axis = {};                // empty where the recipe has no axis
  std::string ended_by = {};                      // "A450 'Footnotes:'"
  std::string anchored_by = {};                   // "A4 'Area of usual residence'"
};

struct TableSearch {
  const Grid& grid;
  const recipe::Spec& spec;
  const recipe::Captures& bound;
  const AxisReader* axis = nullptr;  // where the recipe has one
  const MarkerSet& markers;
  std::string place;
};

// Errors (binding): table-missing, table-ambiguous.
base::Result<Table> FindTable(const TableSearch& search);

// The text of a column's header, outer rows first, without references.
std::string HeaderText(const TableSearch& search, const Table& table, std::uint32_t column);

// True for a cell that may stand in the body: a number, or a text that reads as a number or a marker.
bool LooksLikeValue(const TableSearch& search, const workbook::Cell& cell);

}  // namespace tidemill::transform
