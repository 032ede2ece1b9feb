// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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
    std::uint64_t offset = 0;  // of its start tag
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
  bool is_cut = false;  // more tables or names than a workbook may have; the rest are left out
};

// Reads content.xml or a flat document, its styles into `styles`. Rows are passed over (`strict`: by the tokenizer,
// which finds the same); `xml` reads a stream.
OdsStructure ReadOdsStructure(XmlReader& xml, OdsStyles& styles, bool strict = false);

// "$Sheet1.$A$1:.$B$5" as the other formats spell it: "Sheet1!$A$1:$B$5"; of several, with commas between. A text that
// is no reference stays as it is.
std::string OdsReference(std::string_view text);
struct OdsRange {
  std::string sheet;
  Range range;
};
std::optional<OdsRange> ParseOdsRange(std::string_view text);

}  // namespace tidemill::workbook
