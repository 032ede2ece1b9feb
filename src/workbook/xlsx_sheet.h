// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cell_sink.h"
#include "member_stream.h"

namespace tidemill::workbook {

// What a worksheet part points at by relationship; the caller resolves it.
struct XlsxSheetLinks {
  std::vector<std::pair<Range, std::string>> hyperlinks;  // cells and relationship id
};

// Reads a worksheet part into `sink`; what stands behind an error in it is missing, and said in the sheet's issues.
// kMalformed where no sheet begins at all, kTooLarge for a limit of the stream, kCancelled for `stop`.
base::Result<XlsxSheetLinks> ReadXlsxSheet(MemberStream& stream, const ReadOptions& options, std::stop_token stop,
                                           CellSink& sink);

// "B7" alone, fast: no dollars, lower case is allowed.
struct Address {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
};
std::optional<Address> ParseAddress(std::string_view text);

// Days since 1899-12-30 of "2012-10-15", "2012-10-15T08:30:00.5" or "08:30:00".
std::optional<double> ParseIsoSerial(std::string_view text);
// Days of "P1DT24H0M0.000S"; years and months have no fixed length and are refused.
std::optional<double> ParseIsoDuration(std::string_view text);
std::optional<CellError> ParseCellError(std::string_view text);
// The number of a <v>: blanks around it and a plus sign are let pass, nan and inf are not.
std::optional<double> ParseXlsxNumber(std::string_view text);

}  // namespace tidemill::workbook
