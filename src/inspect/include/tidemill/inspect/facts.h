// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/workbook/workbook.h"

// What a workbook holds, counted: for `tidemill inspect`.
namespace tidemill::inspect {

// Of one sheet. A text is counted with its line ends as the cell lines have them: LF.
struct SheetFacts {
  workbook::SheetEntry entry;
  std::uint64_t numbers = 0;  // dates and durations are numbers
  std::uint64_t strings = 0;
  std::uint64_t booleans = 0;
  std::uint64_t errors = 0;
  double numeric_sum = 0;
  std::uint64_t string_bytes = 0;     // UTF-8
  std::uint64_t dates = 0;            // of the numbers
  std::uint64_t formulas = 0;         // cells with a cached result
  std::uint64_t numbers_as_text = 0;  // of the strings
  std::uint64_t rich_strings = 0;     // with runs of their own
  std::optional<workbook::Range> used;
  std::vector<workbook::Lines> hidden_rows;
  std::vector<std::uint32_t> hidden_columns;
  std::vector<workbook::Range> merges;
  std::vector<workbook::NativeTable> tables;
  std::vector<workbook::Hyperlink> hyperlinks;
  std::vector<workbook::Comment> comments;  // where they were asked for
  std::optional<base::Error> error;         // nothing could be read, and why

  std::uint64_t cells() const { return numbers + strings + booleans + errors; }
};

struct Facts {
  std::string format;  // "xls"
  std::string what;    // "xls (BIFF8)"
  bool date1904 = false;
  bool listed = false;  // no cell was read: names, visibilities and tables only
  std::vector<SheetFacts> sheets;
  std::vector<workbook::DefinedName> names;
  std::vector<workbook::Issue> issues;  // of the file, then of its sheets
};

// Sheets, tables and names; no cell is read.
Facts ListWorkbook(const workbook::Workbook& book, const workbook::Sniffed& sniffed);

struct CountOptions {
  unsigned threads = 1;  // sheets that are read at a time
  bool comments = false;
  std::stop_token stop;
};

// Reads every sheet of cells. One that cannot be read has its error, the others are whole. Error: kCancelled.
base::Result<Facts> CountWorkbook(const workbook::Workbook& book, const workbook::Sniffed& sniffed,
                                  const CountOptions& options = {});

// One JSON object; docs/reference/commands.md describes it.
std::string ToJson(const Facts& facts);
// For people, several lines.
std::string ToText(const Facts& facts);
// "sheet 'A', B4: duplicate-cell: …"
std::string ToText(const workbook::Issue& issue);

}  // namespace tidemill::inspect
