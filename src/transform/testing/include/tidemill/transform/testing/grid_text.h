// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "tidemill/transform/testing/editable_workbook.h"

namespace tidemill::transform::testing {

// A workbook written down as text, for tests that are data:
//   == Figures for 2018            a sheet; "== Notes (hidden)" is hidden
//   table: deaths A3:C9            a native table of that sheet; merge: B1:C1 a merged range
//   Area | *Jan-18^{3} | 12        a row: texts and numbers; a blank cell is nothing between the bars
// A line with nothing but "." is a blank row. In front of a cell's text: * bold, > an indent each, ' a text though it
// reads as a number, date:2020-01-31 and month:2020-01 dates. ^{…} is a superscript run.
EditableWorkbook WorkbookOfText(std::string_view text);

}  // namespace tidemill::transform::testing
