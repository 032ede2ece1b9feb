// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "ods_styles.h"
#include "xml.h"

namespace tidemill::workbook {

// What a spreadsheet document of OpenDocument holds beside its cells.
struct OdsStructure {
  struct Table {
    SheetEntry entry;
    std::size_t offset = 0;  // of its start tag
  };
  struct DatabaseRange {
    std::string sheet;
    NativeTable table;  // without column names
  };
  std::vector<Table> tables;
  std::vector<DefinedName> names;
  std::vector<DatabaseRange> ranges;
  std::string error;  // of the XML; what stands before it is there
  bool is_spreadsheet = false;
};

// Reads content.xml or a flat document, its styles into `styles`.
OdsStructure ReadOdsStructure(XmlReader& xml, OdsStyles& styles);

// "$Sheet1.$A$1:.$B$5" as the other formats spell it: "Sheet1!$A$1:$B$5"; of several, with commas between. A text that
// is no reference stays as it is.
std::string OdsReference(std::string_view text);
struct OdsRange {
  std::string sheet;
  Range range;
};
std::optional<OdsRange> ParseOdsRange(std::string_view text);

}  // namespace tidemill::workbook
