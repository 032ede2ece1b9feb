// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "cell_sink.h"
#include "opc_sheets.h"
#include "shared_strings.h"

namespace tidemill::workbook {

// The workbook part of an xlsb, sheets not yet resolved.
struct XlsbWorkbookPart {
  std::vector<ListedSheet> sheets;
  std::vector<DefinedName> names;
  bool date1904 = false;
  std::vector<Issue> issues;
};

XlsbWorkbookPart ReadXlsbWorkbook(std::string_view part);
SharedStrings ReadXlsbStrings(std::string_view part, const std::vector<TextRun>& fonts, const Limits& limits);
NativeTable ReadXlsbTable(std::string_view part);
// The comments of a sheet, into the sink's sheet.
void ReadXlsbComments(std::string_view part, CellSink& sink);

}  // namespace tidemill::workbook
