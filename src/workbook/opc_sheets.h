// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "opc_package.h"

// The sheets that the workbook part of an .xlsx or .xlsb lists, and the parts that it relates them to (ECMA-376 part 1,
// 18.2.19 and 12.3.24; [MS-XLSB] 2.1.7.61).
namespace tidemill::workbook {

struct ListedSheet {
  SheetEntry entry;
  std::string relation;
};

struct OpcSheets {
  std::vector<SheetEntry> entries;  // with their types
  std::vector<std::string> parts;   // of the entries; empty where the package has none, and of modules
};

// `extension` is that of the parts: ".xml" or ".bin". Sheets without a part of their own are issues.
OpcSheets RelateSheets(const OpcPackage& package, std::string_view workbook_name, std::string_view extension,
                       const std::vector<Relation>& relations, std::vector<ListedSheet> listed,
                       std::vector<Issue>& issues);

}  // namespace tidemill::workbook
