// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shared_strings.h"

namespace tidemill::workbook {

// A text that is put together with its runs.
struct RichText {
  std::string text;
  std::vector<RawRun> runs;  // empty where the font never changes

  void Clear();
  // What is appended from here on has this font; `inherits`: that of the cell.
  void BeginRun(const TextRun& font, bool inherits);
};

}  // namespace tidemill::workbook
