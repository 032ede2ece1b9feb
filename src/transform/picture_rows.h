// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "tidemill/transform/explained.h"

// What drawings of a picture have in common: its rows, which of them are alike, and what was found where.
namespace tidemill::transform {

struct PictureRow {
  std::uint32_t number = 0;
  std::span<const PictureCell> cells;
  std::string pattern;  // equal for rows whose cells have the same classes
};
std::vector<PictureRow> RowsOf(const Picture& picture);

// The columns that any cell stands in, ascending.
std::vector<std::uint32_t> ColumnsOf(const Picture& picture);

// Findings of a sheet by their cell, "C6"; those without one under "".
using FoundAt = std::map<std::string, std::vector<const Finding*>, std::less<>>;
FoundAt FindingsOn(const Explained& explained, std::string_view sheet);

// Rows that are drawn, or folded into one line.
struct Stretch {
  std::size_t first = 0, end = 0;  // into the rows
  bool folded = false;
};
// Folds the middle of stretches of rows alike, of which `head` rows are drawn and one at the end; rows on which
// something was found are never folded.
std::vector<Stretch> Fold(const std::vector<PictureRow>& rows, const FoundAt& found, std::size_t head);

}  // namespace tidemill::transform
