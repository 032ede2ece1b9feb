// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace tidemill::workbook {

// Which columns of a row cells of rows above take, by their rowspan. Columns come in ascending order within a row.
class HtmlSpans {
 public:
  // Rows come in ascending order.
  void BeginRow(std::uint32_t row);
  // The first column from `column` on that is free.
  std::uint32_t FindFree(std::uint32_t column);
  // Takes columns for the rows below, up to `last_row`.
  void Take(std::uint32_t first_column, std::uint32_t last_column, std::uint32_t last_row);
  // Steps taken so far; a reader has a limit for them.
  std::uint64_t steps() const { return steps_; }

 private:
  struct Span {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::uint32_t last_row = 0;
  };
  void Keep(const Span& span);

  std::uint32_t row_ = 0;
  std::vector<Span> spans_;  // of rows above, by column
  std::vector<Span> next_;   // for the row below
  std::size_t at_ = 0;       // in spans_
  std::uint64_t steps_ = 0;
};

}  // namespace tidemill::workbook
