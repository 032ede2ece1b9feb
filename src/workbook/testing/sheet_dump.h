// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <fmt/format.h>

#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook::testing {

// All that a sheet holds, to the bit, as text: two readings are alike where their texts are.
inline std::string SheetDump(const Sheet& sheet) {
  std::string text;
  for (std::size_t i = 0; i < sheet.rows().size(); ++i) {
    const Sheet::Row& row = sheet.rows()[i];
    text += fmt::format("row {}{} {}\n", row.number, row.hidden ? "h" : "", row.outline_level);
    for (const Cell& cell : sheet.CellsOf(i)) {
      const bool is_string = cell.kind == CellKind::kString;
      text += fmt::format("{} k{} s{} f{} {}", A1(row.number, cell.column), static_cast<int>(cell.kind), cell.style,
                          cell.flags, is_string ? 0 : cell.payload);
      text += sheet.Text(cell);
      for (const TextRun& run : sheet.Runs(cell)) {
        text += fmt::format("@{}/{}{}{}{}", run.start, static_cast<int>(run.script), run.bold, run.italic, run.strike);
      }
      text += '\n';
    }
  }
  for (const Range& range : sheet.merges) text += "merge " + A1(range) + "\n";
  for (const Hyperlink& link : sheet.hyperlinks) text += "link " + A1(link.range) + " " + link.target + "\n";
  for (const Lines& lines : sheet.hidden_rows) text += fmt::format("hidden {}-{}\n", lines.first, lines.last);
  for (const std::uint32_t column : sheet.hidden_columns) text += fmt::format("hidden column {}\n", column);
  for (const OutlineLevel& one : sheet.row_levels) text += fmt::format("level {} {}\n", one.lines.first, one.level);
  for (const Issue& issue : sheet.issues) text += fmt::format("{} {} {}\n", issue.code, issue.cell, issue.message);
  return text;
}

}  // namespace tidemill::workbook::testing
