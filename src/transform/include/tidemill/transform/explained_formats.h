// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "tidemill/transform/explained.h"

namespace tidemill::transform {

struct TextLook {
  bool colour = false;       // ANSI colours beside the letters
  std::size_t columns = 80;  // of the terminal
};

// Lines, and a picture of each sheet: a letter a cell, upper case where a finding lies there. Rows alike are folded. No
// control character of a workbook gets through.
std::string ToText(const Explained& explained, const TextLook& look);

// A page that stands by itself: no address is loaded, a policy of its own allows nothing but its one style and script.
// Long stretches of rows alike are folded, and what is beyond 60,000 cells is left out, where the page says so.
std::string ToHtml(const Explained& explained);

// docs/reference/commands.md, `recipe explain --json`.
std::string ToJson(const Explained& explained);

}  // namespace tidemill::transform
