// SPDX-License-Identifier: Apache-2.0
#include "draft_markers.h"

#include <algorithm>
#include <array>
#include <map>

#include "tidemill/base/text.h"

#include "value.h"

namespace tidemill::transform {
namespace {

using workbook::Cell;
using workbook::CellKind;

struct Legacy {
  std::string_view text, meaning, comment;
  double confidence;
  std::string_view runner_up;
};
// Signs of long standing (recipes.md 8). Those with several meanings are null until a person says more.
constexpr auto kLegacy = std::to_array<Legacy>({
    {"..", R"({ status = "x" })", "not available, as a rule", 0.85, "nil"},
    {":", R"({ status = "x" })", "not available, as a rule", 0.85, "nil"},
    {"n/a", R"({ status = "z" })", "not applicable, or not available?", 0.50, "not available"},
    {"na", R"({ status = "z" })", "not applicable, or not available?", 0.50, "not available"},
    {"-", R"({ status = "x" })", "null; where it means nil, write { value = 0 }", 0.50, "nil"},
    {"*", R"({ status = "c" })", "suppressed, as a rule", 0.85, "not available"},
    {"~", R"({ status = "k" })", "too small, as a rule", 0.85, "suppressed"},
});

struct Seen {
  std::int64_t count = 0;
  std::string first;  // address
};

// The marker's text for a recipe, normalised; empty where the cell holds none.
std::string MarkerIn(const Grid& grid, const Cell& cell) {
  if (cell.kind != CellKind::kString || !grid.HasContent(cell) || !MayBeValue(grid, cell)) return {};
  const recipe::NoteSpec notes;
  const CleanText clean = grid.Clean(cell, notes);
  const std::string text = recipe::Normalise(grid.sheet().Text(cell));
  if (clean.text.empty()) return {};  // references alone
  recipe::ColumnSpec number;
  number.thousands = ",";
  static const MarkerSet kNoMarkers{recipe::MarkerSpec()};
  return ReadValueText(text, clean.text, number, kNoMarkers).kind == TextValue::Kind::kUnknown ? text : std::string();
}

PlanMarker ExplainedMarker(const std::string& text, const Seen& seen) {
  PlanMarker marker{.text = text, .count = seen.count, .meaning = R"({ status = "x" })", .comment = {}};
  const auto known = std::ranges::find(kLegacy, text, &Legacy::text);
  if (known != kLegacy.end()) {
    marker.meaning = known->meaning;
    marker.comment = known->comment;
    marker.confidence = known->confidence;
    marker.runner_up = known->runner_up;
  } else {
    marker.comment = "null; its meaning stands in the publisher's notes";
    marker.confidence = 0.40;
  }
  marker.comment += ", first " + seen.first;
  return marker;
}

}  // namespace

void FindMarkers(const Grid& grid, std::size_t first, std::size_t end, const std::vector<std::uint32_t>& columns,
                 Plan& plan) {
  plan.markers.clear();
  plan.gss_markers = false;
  std::map<std::string, Seen> seen;
  for (std::size_t row = first; row < end; ++row) {
    for (const std::uint32_t column : columns) {
      const Cell* cell = grid.Find(row, column);
      if (cell == nullptr) continue;
      const std::string text = MarkerIn(grid, *cell);
      if (text.empty()) continue;
      Seen& one = seen[text];
      if (++one.count == 1) one.first = grid.A1(row, *cell);
    }
  }
  recipe::MarkerSpec harmonised;
  harmonised.base = "gss";
  const MarkerSet gss(harmonised);
  for (const auto& [text, one] : seen) {
    recipe::ColumnSpec number;
    number.thousands = ",";
    if (ReadValueText(text, text, number, gss).kind != TextValue::Kind::kUnknown) {
      plan.gss_markers = true;
      plan.markers.push_back({.text = text, .count = one.count, .meaning = {}, .comment = "first " + one.first});
    } else {
      plan.markers.push_back(ExplainedMarker(text, one));
    }
  }
}

}  // namespace tidemill::transform
