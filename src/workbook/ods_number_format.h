// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "xml.h"

namespace tidemill::workbook {

// The number styles of an OpenDocument file (part 3, 16.29) as format texts of the kind that the other formats have:
// "yyyy-mm-dd", "#,##0.00", "0%".
class OdsNumberFormats {
 public:
  static bool IsNumberStyle(std::string_view element);

  // From the start of a number style to behind its end; false on an error of the XML. Of two of one name the last wins.
  bool Read(XmlReader& xml);
  // With the formats that hold under a condition as sections in front; "General" for a name that is not known.
  std::string Text(std::string_view name) const;

 private:
  struct Format {
    std::string text;
    std::vector<std::string> under_condition;  // names
  };
  std::unordered_map<std::string, Format> formats_;
};

}  // namespace tidemill::workbook
