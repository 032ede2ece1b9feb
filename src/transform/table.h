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

// A header cell of the innermost axis, with what stands above it.
struct AxisCell {
  std::uint32_t column = 0;
  const workbook::Cell* cell = nullptr;
  AxisValue value;
  std::vector<std::string> notes;
  std::vector<std::string> statuses = {};  // of markers that stand behind its text
  bool published = true;                   // false: the whole body below is blank
  std::vector<AxisValue> outer = {};       // of the outer axes, as Binding::outer
  std::size_t measure = 0;                 // index into Binding::under_axis: whose values stand below
};

// Rows are indexes into the sheet's rows; blank rows are none.
struct Table {
  recipe::TableFind method = recipe::TableFind::kAxis;
  std::string name;                               // of a native table
  std::size_t header_first = 0, header_last = 0;  // both included
  std::size_t body_first = 0, body_end = 0;       // half open
  std::size_t native_end = 0;                     // where a native table ends, its totals included; else body_end
  std::uint32_t first_column = 0;                 // of a native table or a range
  std::uint32_t last_column = 16'383;             // included
  std::vector<AxisCell> axis = {};                // empty where the recipe has no axis
  std::string ended_by = {};                      // "A450 'Footnotes:'"
  std::string anchored_by = {};                   // "A4 'Area of usual residence'"
  bool by_range = false;                          // table.range said where it is
  recipe::Captures captures = {};                 // of the anchor, or of the native table's name
};

// The readers of the columns that are axes or periods, by the column's name.
class AxisReaders {
 public:
  void Add(std::string name, AxisReader reader) { readers_.emplace(std::move(name), std::move(reader)); }
  const AxisReader* Find(std::string_view name) const;

 private:
  std::map<std::string, AxisReader, std::less<>> readers_;
};

struct TableSearch {
  const Grid& grid;
  const recipe::Spec& spec;
  const recipe::Captures& bound;
  const AxisReader* axis = nullptr;  // the innermost, where the recipe has one
  const MarkerSet& markers;
  std::string place;
  const AxisReaders* readers = nullptr;

  const AxisReader* ReaderOf(const recipe::ColumnSpec& column) const {
    return readers == nullptr ? nullptr : readers->Find(column.name);
  }
};

// The table that the recipe means; with table.each all of them, from the top. Never none.
// Errors (binding): table-missing, table-ambiguous.
base::Result<std::vector<Table>> FindTables(const TableSearch& search);

// The text of a column's header, outer rows first, without references; a merged cell counts for all that it covers.
std::string HeaderText(const TableSearch& search, const Table& table, std::uint32_t column);

// True for a cell that may stand in the body: a number, or a text that reads as a number or a marker.
bool LooksLikeValue(const TableSearch& search, const workbook::Cell& cell);

// The rows of the header of a table without a native one: recipes.md 3.5, header_rows.
std::uint32_t HeaderDepth(const recipe::Spec& spec);

// Reads a cell as one of an axis; `clean` is its text. Nothing where it is none.
std::optional<AxisValue> ReadAxisCell(const Grid& grid, const workbook::Cell& cell, const CleanText& clean,
                                      const AxisReader& reader);

}  // namespace tidemill::transform
