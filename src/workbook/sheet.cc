// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <tuple>

#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {
namespace {

const Style kNoStyle;
constexpr std::uint8_t kHiddenMark = 0x80;
constexpr std::uint8_t kLevelMark = 0x07;

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

void SetLevel(std::uint8_t& mark, std::uint8_t level) {
  mark = static_cast<std::uint8_t>((mark & kHiddenMark) | std::min(level, kLevelMark));
}

// Calls `take` for every stretch of lines that are marked alike.
template <class Take>
void ForEachStretch(std::span<const std::uint8_t> marks, std::uint8_t mask, Take take) {
  for (std::size_t first = 0; first < marks.size();) {
    const auto mark = static_cast<std::uint8_t>(marks[first] & mask);
    std::size_t end = first + 1;
    while (end < marks.size() && (marks[end] & mask) == mark) ++end;
    if (mark != 0) take(Lines{static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end - 1)}, mark);
    first = end;
  }
}

std::vector<OutlineLevel> LevelsOf(std::span<const std::uint8_t> marks) {
  std::vector<OutlineLevel> levels;
  ForEachStretch(marks, kLevelMark, [&](Lines lines, std::uint8_t level) { levels.push_back({lines, level}); });
  return levels;
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

void SheetBuilder::AddRow(std::uint32_t row, std::span<const Cell> cells) {
  auto& rows = sheet_.rows_;
  if (cells.empty()) return;
  if (!rows.empty() && row <= rows.back().number) {
    for (const Cell& cell : cells) Add(row, cell);
    return;
  }
  rows.push_back({.number = row, .first = sheet_.cells_.size()});
  sheet_.cells_.insert(sheet_.cells_.end(), cells.begin(), cells.end());
}

// The marks of the lines, room made for them.
std::span<std::uint8_t> SheetBuilder::MarksOf(std::vector<std::uint8_t>& marks, Lines lines, std::uint32_t grid) {
  constexpr std::uint64_t kMost = 64'000'000;
  if (lines.first >= grid || lines.last < lines.first || marked_ > kMost) return {};
  const std::size_t end = std::min(lines.last, grid - 1) + std::size_t{1};
  marked_ += end - lines.first;
  if (marks.size() < end) marks.resize(end);
  return std::span(marks).subspan(lines.first, end - lines.first);
}

void SheetBuilder::HideRows(Lines rows) {
  for (std::uint8_t& mark : MarksOf(row_marks_, rows, kGridRows)) mark |= kHiddenMark;
}

void SheetBuilder::HideColumns(Lines columns) {
  for (std::uint8_t& mark : MarksOf(column_marks_, columns, kGridColumns)) mark |= kHiddenMark;
  has_hidden_columns_ = true;
}

void SheetBuilder::SetRowLevel(Lines rows, std::uint8_t level) {
  for (std::uint8_t& mark : MarksOf(row_marks_, rows, kGridRows)) SetLevel(mark, level);
}

void SheetBuilder::SetColumnLevel(Lines columns, std::uint8_t level) {
  for (std::uint8_t& mark : MarksOf(column_marks_, columns, kGridColumns)) SetLevel(mark, level);
}

Sheet::Row SheetBuilder::RowAt(std::uint32_t row) const {
  const std::uint8_t mark = row < row_marks_.size() ? row_marks_[row] : std::uint8_t{0};
  return {.number = row,
          .hidden = (mark & kHiddenMark) != 0,
          .outline_level = static_cast<std::uint8_t>(mark & kLevelMark)};
}

bool SheetBuilder::is_hidden_column(std::uint32_t column) const {
  return column < column_marks_.size() && (column_marks_[column] & kHiddenMark) != 0;
}

Sheet SheetBuilder::Finish() && {
  if (!out_of_order_.empty()) MergeOutOfOrder();
  MarkRows();
  ListLines();
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

void SheetBuilder::MarkRows() {
  if (row_marks_.empty() && !has_hidden_columns_) return;
  for (std::size_t i = 0; i < sheet_.rows_.size(); ++i) {
    Sheet::Row& row = sheet_.rows_[i];
    const Sheet::Row marked = RowAt(row.number);
    row.hidden = marked.hidden;
    row.outline_level = marked.outline_level;
    if (!row.hidden && !has_hidden_columns_) continue;
    const std::uint64_t end = i + 1 < sheet_.rows_.size() ? sheet_.rows_[i + 1].first : sheet_.cells_.size();
    for (std::uint64_t at = row.first; at < end; ++at) {
      Cell& cell = sheet_.cells_[at];
      if (row.hidden || is_hidden_column(cell.column)) cell.flags |= kHiddenCell;
    }
  }
}

void SheetBuilder::ListLines() {
  ForEachStretch(row_marks_, kHiddenMark, [&](Lines lines, std::uint8_t) { sheet_.hidden_rows.push_back(lines); });
  ForEachStretch(column_marks_, kHiddenMark, [&](Lines lines, std::uint8_t) {
    for (std::uint32_t column = lines.first; column <= lines.last; ++column) sheet_.hidden_columns.push_back(column);
  });
  sheet_.row_levels = LevelsOf(row_marks_);
  sheet_.column_levels = LevelsOf(column_marks_);
}

Sheet GiveRows(Sheet sheet, RowSink& rows) {
  const std::vector<Cell> cells = std::exchange(sheet.cells_, {});
  const std::vector<Sheet::Row> index = std::exchange(sheet.rows_, {});
  for (std::size_t i = 0; i < index.size(); ++i) {
    const std::size_t end = i + 1 < index.size() ? index[i + 1].first : cells.size();
    if (!rows.Row(sheet, index[i], std::span(cells).subspan(index[i].first, end - index[i].first))) break;
  }
  return sheet;
}

bool IsDamage(const Issue& issue) {
  constexpr std::array<std::string_view, 7> kDamages = {"crc-mismatch", "cut-off",      "inflate", "record",
                                                        "string-index", "string-table", "xml"};
  return std::find(kDamages.begin(), kDamages.end(), issue.code) != kDamages.end();
}

}  // namespace tidemill::workbook
