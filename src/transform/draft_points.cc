// SPDX-License-Identifier: Apache-2.0
#include "draft_points.h"

#include <fmt/format.h>

#include "draft_table.h"

namespace tidemill::transform {
namespace {

using workbook::Cell;
using workbook::CellKind;

// "1.234": points where thousands are parted, which may be decimals all the same.
bool MayPartThousands(std::string_view text) {
  const std::size_t point = text.find('.');
  return point >= 1 && point <= 3 && text.front() != '0' && text.size() == point + 4;
}

}  // namespace

void PointedTexts::Add(const Grid& grid, const Cell& cell, std::string_view text) {
  if (cell.kind != CellKind::kString || text.find('.') == std::string_view::npos || !NumberIn(grid, cell)) return;
  ++(MayPartThousands(text) ? pointed : fractions);
}

std::optional<std::string> PointedTexts::Question(std::string_view holder) const {
  if (pointed == 0 || fractions > 0) return std::nullopt;
  return fmt::format("{} holds {} texts such as 1.234: points between thousands (then thousands = \".\") or decimals",
                     holder, pointed);
}

}  // namespace tidemill::transform
