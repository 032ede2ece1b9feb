// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace tidemill::transform {

// What becomes of a cell with content: the classes of conservation (recipes.md 6).
enum class CellClass : std::uint8_t {
  kNone,
  kValue,
  kMarker,
  kCode,
  kLabel,
  kDimension,
  kHeader,
  kTotal,
  kGroup,
  kFact,
  kNote,
  kText,
  kSkipped,
  kRepeat,
  kIgnored
};

std::string_view ToText(CellClass cell_class);  // "value"; kNone is "unaccounted"
// One letter each, for drawings: v, m, c, l, d, h, t, g, f, n, x (text), s, r, i; kNone is '?'.
char LetterOf(CellClass cell_class);

}  // namespace tidemill::transform
