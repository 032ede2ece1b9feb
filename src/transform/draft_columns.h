// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "draft_points.h"
#include "draft_table.h"

namespace tidemill::transform {

inline constexpr double kMostly = 0.8;         // of the cells of a column of codes
inline constexpr double kMostlyNumbers = 0.5;  // of those of a column of values

// A column of a table as it looks.
struct ColumnSketch {
  std::uint32_t column = 0;
  std::string header;  // without references
  std::size_t filled = 0, numbers = 0, values = 0, codes = 0, distinct = 0;
  bool whole = true, negative = false;  // of its numbers
  double most = 0;                      // the largest, without sign
  double least = 0;                     // the smallest
  bool thousands = false;               // texts like 1,234
  PointedTexts points = {};
  std::optional<recipe::AxisKind> periods = {};  // the kind as which all its cells read, where they are periods
  std::vector<std::string> parse = {};           // formats for it
  double Share(std::size_t of) const { return filled == 0 ? 0 : static_cast<double>(of) / static_cast<double>(filled); }
};

// The body of a table that is bound by its axis or its headers alone.
struct DraftBody {
  std::vector<std::size_t> rows;        // with values
  std::vector<std::size_t> label_rows;  // filled, without values
  std::vector<ColumnSketch> columns;    // filled in the body, from the left
  std::vector<std::uint32_t> value_columns;
};
DraftBody SketchBody(const TableSearch& search, const Table& table, int near_year);

}  // namespace tidemill::transform
