// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {

// How a delimited text is written.
struct CsvDialect {
  char delimiter = ',';
  char quote = '"';
  std::string comment;     // lines that begin with it are no rows' content; empty: there are none
  std::size_t header = 0;  // bytes of a "sep=;" line in front, which is no row
};

// What `options` leave open is found out: by a "sep=;" line, else the delimiter among , ; tab | that cuts the rows of
// the first 64 KiB most evenly, into fields that hold none of the others. kInvalid for an option that means nothing.
base::Result<CsvDialect> FindCsvDialect(std::string_view text, const CsvOptions& options);

}  // namespace tidemill::workbook
