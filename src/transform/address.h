// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "tidemill/workbook/cell.h"

// Addresses as a recipe writes them: the last resort.
namespace tidemill::transform {

// "C" → 2; nothing for what is no column of a sheet.
std::optional<std::uint32_t> ColumnOfLetters(std::string_view letters);
// "A7:L15", from 0; nothing for what is no range.
std::optional<workbook::Range> ParseCellRange(std::string_view text);

}  // namespace tidemill::transform
