// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "table.h"

namespace tidemill::transform {

// The texts of a header, column by column: outer rows first, joined by a blank, without references. What a merged cell
// holds counts for all the cells that it covers.
class HeaderTexts {
 public:
  // Rows are indexes into the sheet's rows, both included.
  HeaderTexts(const TableSearch& search, std::size_t first, std::size_t last);
  HeaderTexts(const TableSearch& search, const Table& table)
      : HeaderTexts(search, table.header_first, table.header_last) {}
  // Behind the last column that has a text.
  std::uint32_t width() const { return static_cast<std::uint32_t>(columns_.size()); }
  // Empty where the column has none.
  const std::string& Of(std::uint32_t column) const;

 private:
  struct Entry {
    std::string text;
    const workbook::Cell* last = nullptr;
  };
  void Add(const TableSearch& search, const workbook::Cell& cell, std::uint32_t column);
  void AddMerged(const TableSearch& search, std::size_t row, std::uint32_t first_row);

  std::vector<Entry> columns_;
  std::size_t budget_ = std::size_t{1} << 20U;  // cells that merges may fill; hostile ones overlap
};

// The first header row where `last` is the innermost, counted up in rows of the sheet.
std::size_t HeaderFirst(const TableSearch& search, std::size_t last);

bool Hits(const std::vector<recipe::Pattern>& patterns, std::string_view text, const recipe::Captures& bound);

}  // namespace tidemill::transform
