// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <vector>

#include "tidemill/base/byte_sink.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::inspect {

// What went wrong beside the lines: odd things, and the errors of sheets that could not be read.
struct CellLinesReport {
  std::vector<workbook::Issue> issues;
  std::vector<base::Error> errors;
};

// Writes one JSON line a worksheet, followed by one a cell, row by row; `threads` sheets are read at a time, their
// lines come in the workbook's order. Errors: that of `sink`, kCancelled for `stop`.
base::Result<CellLinesReport> WriteCellLines(const workbook::Workbook& book, unsigned threads,
                                             const std::stop_token& stop, const base::ByteSink& sink);

}  // namespace tidemill::inspect
