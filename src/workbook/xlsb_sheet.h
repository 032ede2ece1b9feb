// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "cell_sink.h"
#include "member_stream.h"

namespace tidemill::workbook {

// What a worksheet part leaves to its relationships.
struct XlsbSheetLinks {
  std::vector<std::pair<Range, std::string>> hyperlinks;  // by relation id
};

// Reads a worksheet part of an xlsb; `fonts` are those of the workbook. kCancelled for `stop`, and what the part's own
// stream fails with.
base::Result<XlsbSheetLinks> ReadXlsbSheet(MemberStream& part, const std::vector<TextRun>& fonts,
                                           const ReadOptions& options, std::stop_token stop, CellSink& sink);

}  // namespace tidemill::workbook
