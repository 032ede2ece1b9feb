// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {
namespace {

const Style kNoStyle;

struct Placed {
  std::uint32_t row;
  Cell cell;
  std::size_t order;  // of coming
};

bool Before(const Placed& a, const Placed& b) {
  return std::tie(a.row, a.cell.column, a.order) < std::tie(b.row, b.cell.column, b.order);
}

bool SameAddress(const Placed& a, const Placed& b) {
  return a.row == b.row && a.cell.column == b.cell.column;
}

}  // namespace

std::span<const Cell> Sheet::CellsOf(std::size_t row_index) const {
  if (row_index >= rows_.size()) return {};
  const std::uint64_t first = rows_[row_index].first;
  const std::uint64_t end = row_index + 1 < rows_.size() ? rows_[row_index + 1].first : cells_.size();
  return std::span(cells_).subspan(first, end - first);
}

const Cell* Sheet::Find(std::uint32_t row, std::uint32_t column) const {
  const auto found = std::lower_bound(rows_.begin(), rows_.end(), row, [](const Row& candidate, std::uint32_t number) {
    return candidate.number < number;
  });
  if (found == rows_.end() || found->number != row) return nullptr;
  const auto cells = CellsOf(static_cast<std::size_t>(found - rows_.begin()));
  const auto cell =
      std::lower_bound(cells.begin(), cells.end(), column,
                       [](const Cell& candidate, std::uint32_t number) { return candidate.column < number; });
  return cell != cells.end() && cell->column == column ? &*cell : nullptr;
}

std::string_view Sheet::Text(const Cell& cell) const {
  return cell.kind == CellKind::kString && strings_ ? strings_->Text(cell.string_id()) : std::string_view();
}

std::span<const TextRun> Sheet::Runs(const Cell& cell) const {
  return cell.kind == CellKind::kString && strings_ ? strings_->Runs(cell.string_id()) : std::span<const TextRun>();
}

const Style& Sheet::StyleOf(const Cell& cell) const {
  return styles_ && cell.style < styles_->size() ? (*styles_)[cell.style] : kNoStyle;
}

SheetBuilder::SheetBuilder(std::string name, std::shared_ptr<const StringTable> strings,
                           std::shared_ptr<const std::vector<Style>> styles, bool date1904) {
  sheet_.name = std::move(name);
  sheet_.strings_ = std::move(strings);
  sheet_.styles_ = std::move(styles);
  sheet_.date1904_ = date1904;
}

void SheetBuilder::Add(std::uint32_t row, const Cell& cell) {
  auto& rows = sheet_.rows_;
  if (rows.empty() || row > rows.back().number) {
    rows.push_back({.number = row, .first = sheet_.cells_.size()});
  } else if (row < rows.back().number || cell.column <= sheet_.cells_.back().column) {
    out_of_order_.emplace_back(row, cell);
    return;
  }
  sheet_.cells_.push_back(cell);
}

void SheetBuilder::HideRow(std::uint32_t row) {
  hidden_rows_.push_back(row);
}

Sheet SheetBuilder::Finish() && {
  if (!out_of_order_.empty()) MergeOutOfOrder();
  MarkHidden();
  return std::move(sheet_);
}

// A cell in order came before any cell out of order of the same address: the last one stays last.
void SheetBuilder::MergeOutOfOrder() {
  std::vector<Placed> placed;
  placed.reserve(sheet_.cells_.size() + out_of_order_.size());
  for (std::size_t i = 0; i < sheet_.rows_.size(); ++i) {
    for (const Cell& cell : sheet_.CellsOf(i)) placed.push_back({sheet_.rows_[i].number, cell, placed.size()});
  }
  for (const auto& [row, cell] : out_of_order_) placed.push_back({row, cell, placed.size()});
  out_of_order_.clear();
  std::sort(placed.begin(), placed.end(), Before);
  sheet_.rows_.clear();
  sheet_.cells_.clear();
  std::size_t duplicates = 0;
  const Placed* first_duplicate = nullptr;
  for (std::size_t i = 0; i < placed.size(); ++i) {
    if (i + 1 < placed.size() && SameAddress(placed[i], placed[i + 1])) {
      if (duplicates++ == 0) first_duplicate = &placed[i];
      continue;
    }
    Add(placed[i].row, placed[i].cell);
  }
  if (duplicates == 0) return;
  sheet_.issues.push_back(
      {.code = "duplicate-cell",
       .message = std::to_string(duplicates) + " cells at an address that has one, the last one counts",
       .sheet = sheet_.name,
       .cell = A1(first_duplicate->row, first_duplicate->cell.column)});
}

void SheetBuilder::MarkHidden() {
  std::sort(hidden_rows_.begin(), hidden_rows_.end());
  auto& columns = sheet_.hidden_columns;
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  if (hidden_rows_.empty() && columns.empty()) return;
  for (std::size_t i = 0; i < sheet_.rows_.size(); ++i) {
    Sheet::Row& row = sheet_.rows_[i];
    row.hidden = std::binary_search(hidden_rows_.begin(), hidden_rows_.end(), row.number);
    const std::uint64_t end = i + 1 < sheet_.rows_.size() ? sheet_.rows_[i + 1].first : sheet_.cells_.size();
    for (std::uint64_t at = row.first; at < end; ++at) {
      Cell& cell = sheet_.cells_[at];
      if (row.hidden || std::binary_search(columns.begin(), columns.end(), cell.column)) cell.flags |= kHiddenCell;
    }
  }
}

}  // namespace tidemill::workbook
