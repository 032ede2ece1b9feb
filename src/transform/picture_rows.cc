// SPDX-License-Identifier: Apache-2.0
#include "picture_rows.h"

#include <algorithm>
#include <set>

namespace tidemill::transform {
namespace {

constexpr std::size_t kLeastFolded = 3;  // fewer rows are drawn as well as counted

// The row numbers of addresses: "C6" is row 5.
std::set<std::uint32_t> RowsFound(const FoundAt& found) {
  std::set<std::uint32_t> rows;
  for (const auto& [cell, findings] : found) {
    std::uint32_t number = 0;
    for (const char c : cell) {
      if (c >= '0' && c <= '9') number = number * 10 + static_cast<std::uint32_t>(c - '0');
    }
    if (number > 0) rows.insert(number - 1);
  }
  return rows;
}

}  // namespace

std::vector<PictureRow> RowsOf(const Picture& picture) {
  std::vector<PictureRow> rows;
  const std::span<const PictureCell> cells = picture.cells;
  for (std::size_t first = 0; first < cells.size();) {
    std::size_t end = first;
    PictureRow row{.number = cells[first].row, .cells = {}, .pattern = {}};
    for (; end < cells.size() && cells[end].row == row.number; ++end) {
      row.pattern += static_cast<char>(cells[end].column & 0xFFU);
      row.pattern += static_cast<char>(cells[end].column >> 8U);
      row.pattern += LetterOf(cells[end].cell_class);
    }
    row.cells = cells.subspan(first, end - first);
    rows.push_back(std::move(row));
    first = end;
  }
  return rows;
}

std::vector<std::uint32_t> ColumnsOf(const Picture& picture) {
  std::set<std::uint32_t> columns;
  for (const PictureCell& cell : picture.cells) columns.insert(cell.column);
  return {columns.begin(), columns.end()};
}

FoundAt FindingsOn(const Explained& explained, std::string_view sheet) {
  FoundAt found;
  for (const Finding& finding : explained.findings) {
    if (finding.sheet == sheet) found[finding.cell].push_back(&finding);
  }
  return found;
}

std::vector<Stretch> Fold(const std::vector<PictureRow>& rows, const FoundAt& found, std::size_t head) {
  const std::set<std::uint32_t> marked = RowsFound(found);
  std::vector<Stretch> stretches;
  for (std::size_t first = 0; first < rows.size();) {
    std::size_t end = first + 1;
    if (!marked.contains(rows[first].number)) {
      while (end < rows.size() && rows[end].pattern == rows[first].pattern && !marked.contains(rows[end].number)) ++end;
    }
    if (end - first >= head + 1 + kLeastFolded) {
      stretches.push_back({first, first + head, false});
      stretches.push_back({first + head, end - 1, true});
      stretches.push_back({end - 1, end, false});
    } else {
      stretches.push_back({first, end, false});
    }
    first = end;
  }
  return stretches;
}

}  // namespace tidemill::transform
