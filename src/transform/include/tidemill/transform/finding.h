// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tidemill::transform {

enum class FindingSeverity { kFail, kHold, kWarn };  // fail publishes nothing, hold waits for --accept, warn publishes
std::string_view ToText(FindingSeverity severity);

// One thing that a check or the binding found.
struct Finding {
  FindingSeverity severity = FindingSeverity::kFail;
  std::string slug;     // "sum", "unknown-marker", "layout-changed" …: recipes.md
  std::string edition;  // "2018"
  std::string file;     // the workbook's name; for people
  std::string sheet;    // may be empty
  std::string cell;     // "C6"; may be empty
  std::string message;  // what was found and what was expected

  // "slug@sheet!cell", or "slug@edition" where there is no cell: what --accept takes.
  std::string Id() const;
  // "publishedannual2018.xls, 'Figures for 2018'!C6: …"
  std::string ToText() const;
};

}  // namespace tidemill::transform
