// SPDX-License-Identifier: Apache-2.0
#include "address.h"

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

constexpr std::uint32_t kColumns = 16'384;
constexpr std::int64_t kRows = 1'048'576;

struct Corner {
  std::uint32_t row = 0, column = 0;
};

std::optional<Corner> ParseCorner(std::string_view text) {
  const std::size_t digits = text.find_first_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  const auto column = ColumnOfLetters(text.substr(0, digits));
  const auto row = base::ParseInt(text.substr(digits));
  if (!column || !row || *row < 1 || *row > kRows) return std::nullopt;
  return Corner{.row = static_cast<std::uint32_t>(*row - 1), .column = *column};
}

}  // namespace

std::optional<std::uint32_t> ColumnOfLetters(std::string_view letters) {
  if (letters.empty() || letters.size() > 3) return std::nullopt;
  std::uint32_t column = 0;
  for (const char c : letters) {
    if (c < 'A' || c > 'Z') return std::nullopt;
    column = column * 26 + static_cast<std::uint32_t>(c - 'A') + 1;
  }
  return column <= kColumns ? std::optional(column - 1) : std::nullopt;
}

std::optional<workbook::Range> ParseCellRange(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto first = ParseCorner(text.substr(0, colon));
  const auto last = ParseCorner(text.substr(colon + 1));
  if (!first || !last || first->row > last->row || first->column > last->column) return std::nullopt;
  return workbook::Range{first->row, first->column, last->row, last->column};
}

}  // namespace tidemill::transform
