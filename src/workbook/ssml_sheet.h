// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "cell_sink.h"
#include "ssml_styles.h"
#include "xml.h"

namespace tidemill::workbook {

// What all sheets of a SpreadsheetML 2003 workbook share.
struct SsmlBook {
  Book book;
  SsmlStyles styles;
};

// Reads a sheet into `sink`, from the start of its <Worksheet> to behind the end; what stands behind an error of the
// XML is missing, and said in the sheet's issues. kCancelled for `stop`.
base::Status ReadSsmlSheet(XmlReader& xml, const SsmlBook& book, const std::stop_token& stop,
                           const ReadOptions& options, CellSink& sink);

// "=Sheet1!R7C1:R7C3,Sheet1!R1" as the other formats spell it: "Sheet1!$A$7:$C$7,Sheet1!$1:$1". Anything else than
// absolute references stays as it is, without the "=".
std::string SsmlReference(std::string_view text);

}  // namespace tidemill::workbook
