// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "biff_text.h"

namespace tidemill::workbook {

struct XlsSheetPlace {
  SheetEntry entry;
  std::uint32_t offset = 0;  // of its BOF
  // In a workbook of BIFF4 every sheet has fonts and styles of its own: where its styles begin.
  std::uint32_t first_style = 0;
};

// What the first part of a workbook stream says about all of it.
struct XlsGlobals {
  BiffText text;
  bool date1904 = false;
  bool ended = false;  // its EOF was found
  // BIFF2 without cell formats: a cell's second attribute byte is its style.
  bool styles_by_attributes = false;
  std::vector<Style> styles;
  std::vector<XlsSheetPlace> sheets;
  std::vector<DefinedName> names;
  std::vector<Issue> issues;
  std::optional<BiffRecord> sst;
};

// Of a whole stream, not encrypted. `fallback_version` holds where the BOF names none.
XlsGlobals ReadXlsGlobals(std::string_view stream, std::uint16_t fallback_version);

}  // namespace tidemill::workbook
