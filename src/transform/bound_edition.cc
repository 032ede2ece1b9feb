// SPDX-License-Identifier: Apache-2.0
#include "bound_edition.h"

namespace tidemill::transform {

std::string Expand(std::string_view text, const recipe::Captures& captures) {
  std::string result;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    result += text.substr(0, open);
    const auto at = captures.find(text.substr(open + 1, close - open - 1));
    result += at == captures.end() ? text.substr(open, close - open + 1) : std::string_view(at->second);
    text.remove_prefix(close + 1);
  }
  return result += text;
}

std::string ValueCell(const BoundEdition& edition, std::size_t measure, std::size_t row, std::size_t column) {
  const std::uint32_t at =
      edition.table.axis.empty() ? edition.binding.values[measure].column : edition.table.axis[column].column;
  return workbook::A1(edition.grid.RowNumber(edition.body.rows[row].row), at);
}

std::optional<base::Period> PeriodOf(const BoundEdition& edition, std::size_t row, std::size_t column) {
  return PeriodOf(edition.table, edition.binding, edition.body.rows[row], column);
}

}  // namespace tidemill::transform
