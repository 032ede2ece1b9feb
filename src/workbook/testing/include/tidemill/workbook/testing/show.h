// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/workbook/workbook.h"

// Sheets as lines of text, for tests to compare.
namespace tidemill::workbook::testing {

// A sheet of a workbook; one without cells called after the error where there is one.
Sheet ReadSheetOf(std::string_view bytes, std::size_t index = 0, const OpenOptions& options = {});

// "A1=text B1=2": every cell as its reader sees it.
std::string Shown(const Sheet& sheet);
// "s A1=text n B1=2": with the kinds of the cells: n, d (date), t (duration), b, e, s.
std::string ShownWithKinds(const Sheet& sheet);
// "Jan-20|^3": a text by its runs, ^ in front of superscript, _ of subscript, * of bold, / of italic, - of strike.
std::string ShownRuns(const Sheet& sheet, const Cell& cell);
// "A1:B2 C3:C4"
std::string ShownMerges(const Sheet& sheet);
// "crc-mismatch value@B2"
std::string ShownIssues(const Sheet& sheet);

}  // namespace tidemill::workbook::testing
