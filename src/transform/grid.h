// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tidemill/transform/cell_class.h"
#include "tidemill/transform/tidy.h"
#include "tidemill/workbook/workbook.h"

#include "note_references.h"

namespace tidemill::transform {

// A sheet, and what became of each of its cells: the ground of conservation (recipes.md 6).
class Grid {
 public:
  explicit Grid(const workbook::Sheet& sheet);

  const workbook::Sheet& sheet() const { return *sheet_; }
  std::size_t row_count() const { return sheet_->rows().size(); }
  std::uint32_t RowNumber(std::size_t row) const { return sheet_->rows()[row].number; }
  std::span<const workbook::Cell> Cells(std::size_t row) const { return sheet_->CellsOf(row); }
  // The cell of a row (an index into the sheet's rows) with content, or null.
  const workbook::Cell* Find(std::size_t row, std::uint32_t column) const;
  // The cell at an address with content, or null.
  const workbook::Cell* FindAt(std::uint32_t row_number, std::uint32_t column) const;
  // The first row (an index) of that number or behind it.
  std::size_t RowFrom(std::uint32_t row_number) const;
  // Merged ranges of several cells whose first row lies in [first, last], from the top.
  std::span<const workbook::Range> MergesStartingIn(std::uint32_t first, std::uint32_t last) const;
  // The first cell of a row with content, or null.
  const workbook::Cell* FirstOf(std::size_t row) const;
  bool HasContent(const workbook::Cell& cell) const { return content_[IndexOf(cell)] == kContent; }

  // What a reader sees, without references.
  CleanText Clean(const workbook::Cell& cell, const recipe::NoteSpec& notes) const;
  std::string A1(std::size_t row, const workbook::Cell& cell) const {
    return workbook::A1(RowNumber(row), cell.column);
  }

  CellClass ClassOf(const workbook::Cell& cell) const { return class_[IndexOf(cell)]; }
  // The first claim counts; a cell without content cannot be claimed.
  void Claim(const workbook::Cell& cell, CellClass cell_class);
  // Takes a claim back, in favour of another.
  void Reclaim(const workbook::Cell& cell, CellClass cell_class);
  Accounting Account() const;

 private:
  static constexpr std::uint8_t kContent = 1;
  static constexpr std::uint8_t kWhiteSpace = 2;
  std::size_t IndexOf(const workbook::Cell& cell) const { return static_cast<std::size_t>(&cell - first_); }

  const workbook::Sheet* sheet_;
  const workbook::Cell* first_ = nullptr;
  std::vector<workbook::Range> merges_;  // of several cells, by first row
  std::vector<std::uint8_t> content_;
  std::vector<CellClass> class_;
};

// True for a cell that a reader would call filled: not blank, and not white space alone.
bool IsFilled(const workbook::Sheet& sheet, const workbook::Cell& cell);

}  // namespace tidemill::transform
