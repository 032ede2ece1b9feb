// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "tidemill/base/text.h"

#include "checks.h"

// Nothing is lost and nothing made up: recipes.md 6.
namespace tidemill::transform {

void SheetSums::Add(const Body& body) {
  of_texts += body.numeric_sum_of_texts;
  unwritten += body.unwritten_sum;
  for (const Measure& measure : body.measures) {
    for (std::size_t at = 0; at < measure.states.size(); ++at) {
      if (measure.states[at] != ValueState::kValue) continue;
      written += measure.whole ? static_cast<long double>(measure.ints[at]) / measure.unit
                               : static_cast<long double>(measure.doubles[at]);
    }
  }
}

void CheckConservation(const Grid& grid, const SheetSums& sums, Findings& findings) {
  long double read = sums.of_texts - sums.unwritten;
  long double size = 0;
  std::int64_t unaccounted = 0;
  std::string first;
  for (std::size_t row = 0; row < grid.row_count(); ++row) {
    for (const workbook::Cell& cell : grid.Cells(row)) {
      if (!grid.HasContent(cell)) continue;
      const CellClass cell_class = grid.ClassOf(cell);
      if (cell_class == CellClass::kValue && cell.kind == workbook::CellKind::kNumber) {
        read += cell.number();
        size += std::abs(cell.number());
      }
      if (cell_class != CellClass::kNone) continue;
      if (unaccounted++ == 0) first = grid.A1(row, cell);
    }
  }
  if (unaccounted > 0) {
    findings.Fail("unaccounted", first,
                  fmt::format("{} cells with content are neither value nor header, label, note or text", unaccounted));
    return;
  }
  // Decimals drop the noise of the last digits of what was computed.
  if (std::abs(read - sums.written) <= 1e-12L * (size + std::abs(sums.written))) return;
  findings.Fail("conservation", {},
                fmt::format("the numbers of the body sum to {}, those written to {}",
                            base::ShortestDouble(static_cast<double>(read)),
                            base::ShortestDouble(static_cast<double>(sums.written))));
}

}  // namespace tidemill::transform
