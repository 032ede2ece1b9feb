// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <arrow/array.h>
#include <fmt/format.h>

#include "group_rows.h"
#include "words.h"

namespace tidemill::query {
namespace {

bool Has(const std::vector<std::size_t>& columns, int column) {
  return column >= 0 && std::find(columns.begin(), columns.end(), static_cast<std::size_t>(column)) != columns.end();
}

// The levels of the areas: their types, but each code of several countries together is a level of its own.
std::set<std::string> LevelsOf(const Cube& cube, const CodeList& list, const std::vector<std::uint32_t>& series) {
  const CubeColumn& column = cube.columns[static_cast<std::size_t>(list.type_column)];
  const arrow::Array& types = *column.values;
  const arrow::Array& codes = *cube.columns[list.column].values;
  std::set<std::string> levels;
  for (const std::uint32_t place : series) {
    const std::string_view code = TextAt(codes, place);
    const std::uint32_t at = column.level == Level::kSeries ? place : cube.offsets[place];
    levels.emplace(code.starts_with('K') ? code : TextAt(types, at));
  }
  return levels;
}

}  // namespace

std::optional<QueryError> CheckLevels(const Query& query, const Cube& cube, const std::vector<std::uint32_t>& series) {
  const bool sums = std::any_of(query.aggregates.begin(), query.aggregates.end(),
                                [](const Aggregate& aggregate) { return aggregate.function == Function::kSum; });
  if (!sums || query.mixed) return std::nullopt;
  for (const CodeList& list : cube.dimensions) {
    const bool grouped = Has(query.group, static_cast<int>(list.column)) || Has(query.group, list.type_column);
    if (list.type_column < 0 || grouped) continue;
    const CubeColumn& types = cube.columns[static_cast<std::size_t>(list.type_column)];
    if (types.kind != Kind::kText || types.level == Level::kTime) continue;
    const auto levels = LevelsOf(cube, list, series);
    if (levels.size() < 2) continue;
    const std::string& type = types.name;
    QueryError error{.type = "mixed-levels",
                     .error = {.code = base::ErrorCode::kInvalid, .message = {}},
                     .parameter = "agg",
                     .valid = {levels.begin(), levels.end()}};
    error.error.message = fmt::format(
        "the sum would count people twice: its rows are areas of {} levels ({}); choose one, such as {}={}, group by "
        "{}, or say mixed=allow",
        levels.size(), fmt::join(levels, ", "), type, *levels.rbegin(), type);
    return error;
  }
  return std::nullopt;
}

}  // namespace tidemill::query
