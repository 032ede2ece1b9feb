// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>
#include <string_view>

#include "biff_text.h"
#include "cell_sink.h"
#include "xls_globals.h"

namespace tidemill::workbook {

// Where the sheet of a number really begins, for books whose offsets are wrong: at the BOF of that number after the
// first part. Nothing where there are not that many.
std::optional<std::size_t> FindXlsSheet(std::string_view stream, std::size_t number);

// Reads the sheet whose BOF stands at `place.offset`, BIFF2 to BIFF8. kMalformed where there is none, kCancelled for
// `stop`.
base::Status ReadXlsSheet(std::string_view stream, const XlsSheetPlace& place, const XlsGlobals& globals,
                          std::stop_token stop, CellSink& sink);

// An HLINK record ([MS-XLS] 2.4.140): its cells, and a web address, a file or a place in this book ("#Sheet!A1").
std::optional<Hyperlink> ReadXlsHyperlink(std::string_view body);

}  // namespace tidemill::workbook
