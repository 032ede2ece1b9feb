// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "grid.h"

namespace tidemill::transform {

// Texts that read as numbers and have a point: it may part thousands ("1.234") or decimals.
struct PointedTexts {
  std::size_t pointed = 0, fractions = 0;  // those like 1.234; those whose point parts no thousands
  void Add(const Grid& grid, const workbook::Cell& cell, std::string_view text);
  // What a person must decide, where no text tells.
  std::optional<std::string> Question(std::string_view holder) const;
};

}  // namespace tidemill::transform
