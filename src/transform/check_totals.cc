// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "tidemill/base/text.h"

#include "checks.h"

// Total columns: recipes.md 3.6.
namespace tidemill::transform {
namespace {

// What a total says; nothing where it is blank or a marker. A text that is neither is found.
std::optional<double> TotalOf(const BoundEdition& edition, const workbook::Cell& cell, std::size_t row,
                              const MarkerSet& markers, const Measure& measure, Findings& findings) {
  if (cell.is_numeric()) return cell.number();
  if (cell.kind != workbook::CellKind::kString) return std::nullopt;
  const CleanText clean = edition.grid.Clean(cell, edition.spec.notes);
  const TextValue value = ReadValueText(edition.grid.sheet().Text(cell), clean.text, *measure.spec, markers);
  if (value.kind == TextValue::Kind::kUnknown && !clean.text.empty()) {
    findings.Fail("unknown-marker", edition.grid.A1(row, cell),
                  fmt::format("{} is neither a number nor a marker of the recipe", base::Quoted(clean.text)));
  }
  return value.number;
}

struct RowSum {
  double sum = 0;
  bool unknown = false;
};

RowSum SumOf(const Body& body, const TotalPlaces& places, std::size_t row) {
  const Measure& measure = body.measures[places.measure];
  RowSum result;
  for (const std::size_t column : places.places) {
    const std::size_t at = row * body.columns + column;
    if (measure.states[at] == ValueState::kValue) result.sum += measure.AsDouble(at);
    result.unknown |= measure.states[at] == ValueState::kNull;
  }
  return result;
}

}  // namespace

void CheckTotals(const BoundEdition& edition, Findings& findings) {
  const MarkerSet markers(edition.spec.markers);
  for (std::size_t i = 0; i < edition.binding.totals.size(); ++i) {
    const BoundColumn& total = edition.binding.totals[i];
    const TotalPlaces& places = edition.binding.total_places[i];
    const double tolerance = base::ParseDouble(total.spec->within).value_or(0);
    const Measure& measure = edition.body.measures[places.measure];
    for (std::size_t row = 0; row < edition.body.rows.size(); ++row) {
      const std::size_t at_row = edition.body.rows[row].row;
      const workbook::Cell* cell = edition.grid.Find(at_row, total.column);
      if (cell == nullptr) continue;
      const auto expected = TotalOf(edition, *cell, at_row, markers, measure, findings);
      const RowSum found = SumOf(edition.body, places, row);
      const double noise = measure.whole && measure.unit == 1 ? 0 : 1e-9 * std::abs(found.sum);
      const double slack = std::max(tolerance, noise);
      if (!expected || found.unknown || std::abs(found.sum - *expected) <= slack) continue;
      findings.Fail("total", edition.grid.A1(at_row, *cell),
                    fmt::format("{} is not the sum of its row, {}", base::ShortestDouble(*expected),
                                base::ShortestDouble(found.sum)));
    }
  }
}

}  // namespace tidemill::transform
