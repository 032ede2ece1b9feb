// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "biff_text.h"
#include "cell_sink.h"
#include "pieced_bytes.h"
#include "xls_globals.h"

namespace tidemill::workbook {

// Where sheets really begin, for books whose offsets are wrong: the BOF records that stand in no other part, but for
// the first one.
std::vector<std::size_t> FindXlsSheets(std::string_view stream);

// Reads the sheet whose BOF stands at `place.offset`, BIFF2 to BIFF8, and which stands before `end`. kMalformed where
// there is none, kCancelled for `stop`.
base::Status ReadXlsSheet(const PiecedBytes& stream, const XlsSheetPlace& place, std::size_t end,
                          const XlsGlobals& globals, std::stop_token stop, CellSink& sink);

// An HLINK record ([MS-XLS] 2.4.140): its cells, and a web address, a file or a place in this book ("#Sheet!A1").
std::optional<Hyperlink> ReadXlsHyperlink(std::string_view body);

}  // namespace tidemill::workbook
