// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string_view>

#include "cell_sink.h"
#include "html_styles.h"

namespace tidemill::workbook {

// Reads a table into `sink`; `html` begins with its start tag. Tables within it are left out. kTooLarge where spans
// that reach down cost too much, kCancelled for `stop`.
//
// A cell is what its attributes say (x:num, x:bool and x:err of Excel, sdval of LibreOffice, data-t of SheetJS).
// Without them a text is a number where it is written as one plainly, "-12.5": digits without zeros in front and at
// most fifteen, since every program that opens such a file takes it for one; "1,234", "007" and "12 %" stay text.
base::Status ReadHtmlTable(std::string_view html, const HtmlStyles& styles, const std::stop_token& stop,
                           CellSink& sink);

}  // namespace tidemill::workbook
