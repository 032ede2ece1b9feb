// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/workbook/workbook.h"

namespace tidemill::inspect {

// Whole numbers below 1e15 as digits, others as the shortest digits that read back as the same double, in scientific
// form ("1.2345e+03"). Every finite one is a JSON number too.
void AppendNumber(std::string& out, double value);

// CR LF and lone CR become LF. `scratch` holds the text where something changed.
std::string_view WithLineFeeds(std::string_view text, std::string& scratch);

// "visible", "hidden", "veryHidden"
std::string_view NameOf(workbook::Visibility visibility);
// "worksheet", "chart" …
std::string_view NameOf(workbook::SheetType type);

// Worksheets, macro sheets and dialogs are read; charts and modules are only listed.
bool HasCells(const workbook::SheetEntry& entry);

// Which sheets have a line among the cell lines: worksheets. OOXML keeps macro sheets, dialogs and modules among its
// worksheets, where readers count them, so there they have one too.
bool HasLines(workbook::Format format, const workbook::SheetEntry& entry);

}  // namespace tidemill::inspect
