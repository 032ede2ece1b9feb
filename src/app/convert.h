// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/transform/sheet_table.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::app {

enum class TableFormat { kParquet, kCsv, kNdjson, kArrow };

struct ConvertOptions {
  std::string out;  // "-": standard output
  TableFormat format = TableFormat::kParquet;
  std::string sheet;  // by name, or by number from 1; empty: the first with cells
  std::string range;  // "A4:N448"
  std::string table;  // a native table's name
  std::optional<std::uint32_t> header_rows;
};

struct ConvertReport {
  std::string sheet;
  std::string table;  // the native table, where one was asked for
  std::vector<std::string> other_sheets;
  transform::SheetTableFacts facts;
  std::vector<workbook::Issue> issues;
  std::uint64_t bytes = 0;  // written
};

// Told every few thousand rows, and of what comes next.
using ConvertProgress = std::function<void(std::uint64_t rows, bool writing)>;

// Turns one sheet, or a part of it, into a file; nothing of it is left after an error. Part of the tables library.
base::Result<ConvertReport> Convert(const workbook::Workbook& book, const ConvertOptions& options,
                                    const ConvertProgress& progress, std::stop_token stop);

}  // namespace tidemill::app
