// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tidemill/workbook/workbook.h"

namespace tidemill::inspect {

// "super", "sub", "plain"
std::string_view NameOf(workbook::Script script);

// Appends a JSON list of the runs: start in code points and text, as the cell's value has them, script, bold, italic,
// strike. `raw` is the cell's text before its line ends were made LF, which the runs' byte offsets count in.
void AppendRuns(std::string& out, std::string_view raw, std::span<const workbook::TextRun> runs);

}  // namespace tidemill::inspect
