// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tidemill/query/encode_answer.h"

// The parts of a workbook that are known before its rows are.
namespace tidemill::query {

struct XlsxPart {
  std::string name, xml;
};
// Content types, relations, the list of sheets, cell formats. Sheet 1 is `data`, the others follow it.
std::vector<XlsxPart> WorkbookParts(const std::vector<TextSheet>& sheets, bool has_table);
// `data` as a native table; the relation to it that the sheet needs.
std::vector<XlsxPart> TableParts(const std::vector<std::string>& columns, std::uint64_t rows);
// In front of the rows: the first stays in sight.
std::string SheetHead(std::size_t columns);
base::Result<std::string> HeaderRow(const std::vector<std::string>& names);
std::string SheetEnd(bool has_table);
// A whole sheet of texts. kTooLarge.
base::Result<XlsxPart> TextSheetPart(const TextSheet& sheet, std::size_t number);

}  // namespace tidemill::query
