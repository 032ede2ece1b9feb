// SPDX-License-Identifier: Apache-2.0
#include "draft_values.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tidemill/base/text.h"

#include "draft_names.h"

namespace tidemill::transform {

void SetValueType(const TableSearch& search, const DraftBody& body, Plan& plan, std::vector<std::string>& open) {
  PlanColumn& value = *plan.Find(recipe::Role::kValue);
  bool whole = true;
  bool negative = false;
  double most = 0;
  std::size_t thousands = 0;
  std::size_t filled = 0, numbers = 0, readable = 0;
  PointedTexts points;
  for (const std::size_t row : body.rows) {
    for (const std::uint32_t column : body.value_columns) {
      const workbook::Cell* cell = search.grid.Find(row, column);
      if (cell == nullptr) continue;
      ++filled;
      if (MayBeValue(search.grid, *cell)) ++readable;
      const auto number = NumberIn(search.grid, *cell);
      if (!number) continue;
      ++numbers;
      if (cell->kind == workbook::CellKind::kString) {
        const std::string_view text = base::Trim(search.grid.sheet().Text(*cell));
        if (HasThousands(text)) ++thousands;
        points.Add(search.grid, *cell, text);
      }
      whole = whole && *number == std::floor(*number);
      negative = negative || *number < 0;
      most = std::max(most, std::abs(*number));
    }
  }
  value.comment =
      fmt::format("{} numbers in {} cells under the axis", base::Thousands(static_cast<std::int64_t>(numbers)),
                  base::Thousands(static_cast<std::int64_t>(filled)));
  value.confidence = filled == 0 ? 0 : 0.97 * static_cast<double>(readable) / static_cast<double>(filled);
  const bool small = most <= std::numeric_limits<std::int32_t>::max();
  value.Set("type", whole ? (small ? "\"int32\"" : "\"int64\"") : "\"float64\"");
  if (thousands > 0) value.Set("thousands", "\",\"");
  if (auto question = points.Question("the body under the axis")) open.push_back(*std::move(question));
  if (const std::string unit = UnitIn(plan.title); !unit.empty()) value.Set("unit", TomlText(unit));
  if (!negative) plan.checks.emplace_back("values", "\">= 0\"");
}

}  // namespace tidemill::transform
