// SPDX-License-Identifier: Apache-2.0
#include "grid.h"

#include <algorithm>

#include "tidemill/base/text.h"

namespace tidemill::transform {

using workbook::Cell;
using workbook::CellKind;

bool IsFilled(const workbook::Sheet& sheet, const Cell& cell) {
  if (cell.kind == CellKind::kBlank) return false;
  return cell.kind != CellKind::kString || !base::Trim(sheet.Text(cell)).empty();
}

Grid::Grid(const workbook::Sheet& sheet)
    : sheet_(&sheet), content_(sheet.cell_count(), 0), class_(sheet.cell_count(), CellClass::kNone) {
  for (const workbook::Range& merge : sheet.merges) {
    if (merge.first_row != merge.last_row || merge.first_column != merge.last_column) merges_.push_back(merge);
  }
  std::ranges::stable_sort(merges_, {}, &workbook::Range::first_row);
  if (sheet.cell_count() == 0) return;
  first_ = sheet.CellsOf(0).data();
  for (std::size_t row = 0; row < row_count(); ++row) {
    for (const Cell& cell : Cells(row)) {
      if (cell.kind == CellKind::kBlank) continue;
      content_[IndexOf(cell)] = IsFilled(sheet, cell) ? kContent : kWhiteSpace;
    }
  }
}

const Cell* Grid::Find(std::size_t row, std::uint32_t column) const {
  const auto cells = Cells(row);
  if (cells.empty()) return nullptr;
  // Most rows have a cell in every column from their first on.
  const std::size_t guess = column - cells.front().column;
  if (guess < cells.size() && cells[guess].column == column) {
    return HasContent(cells[guess]) ? &cells[guess] : nullptr;
  }
  const auto at = std::ranges::lower_bound(cells, column, {}, [](const Cell& cell) { return cell.column; });
  return at != cells.end() && at->column == column && HasContent(*at) ? &*at : nullptr;
}

std::size_t Grid::RowFrom(std::uint32_t row_number) const {
  const auto& rows = sheet_->rows();
  const auto at = std::ranges::lower_bound(rows, row_number, {}, &workbook::Sheet::Row::number);
  return static_cast<std::size_t>(at - rows.begin());
}

const Cell* Grid::FindAt(std::uint32_t row_number, std::uint32_t column) const {
  const std::size_t row = RowFrom(row_number);
  return row < row_count() && RowNumber(row) == row_number ? Find(row, column) : nullptr;
}

std::span<const workbook::Range> Grid::MergesStartingIn(std::uint32_t first, std::uint32_t last) const {
  const auto from = std::ranges::lower_bound(merges_, first, {}, &workbook::Range::first_row);
  const auto to = std::ranges::upper_bound(from, merges_.end(), last, {}, &workbook::Range::first_row);
  return {from, to};
}

const Cell* Grid::FirstOf(std::size_t row) const {
  for (const Cell& cell : Cells(row)) {
    if (HasContent(cell)) return &cell;
  }
  return nullptr;
}

CleanText Grid::Clean(const Cell& cell, const recipe::NoteSpec& notes) const {
  if (cell.kind == CellKind::kString) {
    return TakeOffReferences(sheet_->Text(cell), sheet_->Runs(cell), notes);
  }
  return {.text = sheet_->DisplayText(cell), .refs = {}, .script = false, .bracket = false, .trailing = false};
}

void Grid::Claim(const Cell& cell, CellClass cell_class) {
  const std::size_t index = IndexOf(cell);
  if (content_[index] == kContent && class_[index] == CellClass::kNone) class_[index] = cell_class;
}

void Grid::Reclaim(const Cell& cell, CellClass cell_class) {
  const std::size_t index = IndexOf(cell);
  if (content_[index] == kContent) class_[index] = cell_class;
}

Accounting Grid::Account() const {
  Accounting result;
  for (std::size_t i = 0; i < class_.size(); ++i) {
    if (content_[i] == kWhiteSpace) ++result.white_space_only;
    if (content_[i] != kContent) continue;
    switch (class_[i]) {
      case CellClass::kNone:
        ++result.unaccounted;
        break;
      case CellClass::kValue:
        ++result.value;
        break;
      case CellClass::kMarker:
        ++result.marker;
        break;
      case CellClass::kCode:
        ++result.code;
        break;
      case CellClass::kLabel:
        ++result.label;
        break;
      case CellClass::kDimension:
        ++result.dimension;
        break;
      case CellClass::kHeader:
        ++result.header;
        break;
      case CellClass::kTotal:
        ++result.total;
        break;
      case CellClass::kGroup:
        ++result.group;
        break;
      case CellClass::kFact:
        ++result.fact;
        break;
      case CellClass::kNote:
        ++result.note;
        break;
      case CellClass::kText:
        ++result.text;
        break;
      case CellClass::kSkipped:
        ++result.skipped;
        break;
      case CellClass::kRepeat:
        ++result.repeat;
        break;
      case CellClass::kIgnored:
        ++result.ignored;
        break;
    }
  }
  return result;
}

}  // namespace tidemill::transform
