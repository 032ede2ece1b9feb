// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "tidemill/workbook/workbook.h"

// What every fuzz target of a format does with a workbook that opens.
namespace tidemill::workbook {

inline void WalkSheet(const Sheet& sheet) {
  for (std::size_t row = 0; row < sheet.rows().size(); ++row) {
    for (const Cell& cell : sheet.CellsOf(row)) {
      for (const TextRun& run : sheet.Runs(cell)) {
        if (run.start >= sheet.Text(cell).size()) __builtin_trap();
      }
      static_cast<void>(sheet.DisplayText(cell));
    }
  }
}

inline void WalkWorkbook(const base::Result<std::unique_ptr<Workbook>>& workbook) {
  if (!workbook) return;
  constexpr std::size_t kSheets = 8;
  for (std::size_t i = 0; i < std::min(kSheets, (*workbook)->sheets().size()); ++i) {
    if (const auto sheet = (*workbook)->ReadSheet(i, {}, {.strict_only = false, .comments = true})) WalkSheet(*sheet);
  }
}

// Small enough for thousands of runs a second.
inline constexpr Limits kFuzzLimits{
    .entry_bytes = std::uint64_t{4} << 20U, .zip_entries = 64, .cells = 100'000, .repeated_cells = 50'000};

}  // namespace tidemill::workbook
