// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "convert.h"

namespace tidemill::app {

// What of which sheet is to be read.
struct ConvertSource {
  std::size_t sheet = 0;
  transform::SheetTableOptions options;
  std::string table;
};

// The sheets to try, in order: the one that was asked for; else all worksheets, hidden ones last, of which the first
// with cells counts. Errors: kNotFound with the nearest name, kInvalid for a range that is none.
base::Result<std::vector<ConvertSource>> FindSources(const workbook::Workbook& book, const ConvertOptions& options);

}  // namespace tidemill::app
