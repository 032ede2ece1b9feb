// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "tidemill/inspect/cell_lines.h"

namespace tidemill::inspect {

// Writes the lines of one sheet as its rows come. They are held back until Release: what was given to the sink cannot
// be taken back. Then they go to it in pieces; without a sink they stay in text().
class LineWriter {
 public:
  LineWriter(const workbook::SheetEntry& entry, const base::ByteSink* sink);

  // The line of the sheet itself, and nothing else so far.
  void Begin();
  void Release() { released_ = true; }
  // False when the sink has failed, or more is held back than memory is for.
  bool Row(const workbook::Sheet& sheet, const workbook::Sheet::Row& row, std::span<const workbook::Cell> cells);
  bool is_full() const;
  // Gives on what is left.
  base::Status Finish();
  const std::string& text() const { return out_; }

 private:
  void AddCell(const workbook::Sheet& sheet, const workbook::Cell& cell);
  void AddString(const workbook::Sheet& sheet, const workbook::Cell& cell);
  bool Flush();

  std::string sheet_members_;  // {"sheet":…,"visibility":…
  std::string row_members_;    // the same with the row, up to the column's number
  std::string out_;
  std::string scratch_;
  const base::ByteSink* sink_;
  bool released_ = false;
  base::Status status_;
};

}  // namespace tidemill::inspect
