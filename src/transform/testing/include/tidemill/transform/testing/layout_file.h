// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tidemill/transform/testing/editable_workbook.h"

// Files of tests/layouts: a recipe, the sheets it is to read, and what must come of them; the form stands in the
// README there.
namespace tidemill::transform::testing {

struct LayoutFile {
  std::string recipe;
  std::vector<std::pair<std::string, std::string>> facts;  // "edition" → "2021", "year" → …
  EditableWorkbook book;
  std::string geography;                        // the register of codes, as CSV
  std::vector<std::vector<std::string>> table;  // names, then rows; empty: not looked at
  std::vector<std::string> findings;            // "slug cell"
  std::vector<std::string> counts;              // "value 12"
  std::vector<std::string> explained;           // parts of lines
  std::string error;                            // its beginning; empty: the recipe binds
};

LayoutFile ParseLayout(std::string_view text);

}  // namespace tidemill::transform::testing
