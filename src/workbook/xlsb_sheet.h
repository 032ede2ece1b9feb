// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cell_sink.h"

namespace tidemill::workbook {

// What a worksheet part leaves to its relationships.
struct XlsbSheetLinks {
  std::vector<std::pair<Range, std::string>> hyperlinks;  // by relation id
};

// Reads a worksheet part of an xlsb; `fonts` are those of the workbook. kCancelled for `stop`.
base::Result<XlsbSheetLinks> ReadXlsbSheet(std::string_view part, const std::vector<TextRun>& fonts,
                                           std::stop_token stop, CellSink& sink);

}  // namespace tidemill::workbook
