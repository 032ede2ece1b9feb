// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "table.h"

// Where a table may lie on a sheet of which no recipe speaks: the heuristics of recipes.md 5.
namespace tidemill::transform {

struct DraftTable {
  recipe::TableFind method = recipe::TableFind::kHeader;
  std::string native;          // name of a native table
  std::size_t header_row = 0;  // the innermost, an index into the sheet's rows
  int header_rows = 1;
  std::optional<recipe::AxisKind> kind = {};  // of the axis, where there is one
  std::vector<AxisCell> axis = {};
  bool needs_year = false;                         // months or weeks without one
  std::vector<std::string> parse = {};             // formats, where the kind's own do not read it
  std::vector<const workbook::Cell*> beside = {};  // begin as the axis' cells do, and are none: "2015-2019"
  double confidence = 0;
  std::string reason = {};
};

// The number of a cell, also where it stands as text: "275", "1,234.5". All numbers of delimited text do.
std::optional<double> NumberIn(const Grid& grid, const workbook::Cell& cell);

// "1,234", "12,345.6"
bool HasThousands(std::string_view text);

// A cell of the body, for who does not know the markers: a number, or a text short enough to be one or a marker.
bool MayBeValue(const Grid& grid, const workbook::Cell& cell);

// The candidates of a sheet, the best first. `near_year` is where two-digit years lie.
std::vector<DraftTable> FindDraftTables(const Grid& grid, int near_year);

// "axis of 12 months in C4:N4", "header in A4:F4", "native table 'deaths'".
std::string NameOf(const Grid& grid, const DraftTable& table);

}  // namespace tidemill::transform
