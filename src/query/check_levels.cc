// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
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

// The levels of the areas, by their type: each code of several countries together is one of its own, all other areas of
// a type are one without a code.
using Levels = std::map<std::string, std::set<std::string>>;

Levels LevelsOf(const Cube& cube, const CodeList& list, const std::vector<std::uint32_t>& series) {
  const CubeColumn& column = cube.columns[static_cast<std::size_t>(list.type_column)];
  const arrow::Array& types = *column.values;
  const arrow::Array& codes = *cube.columns[list.column].values;
  Levels levels;
  for (const std::uint32_t place : series) {
    const std::string_view code = TextAt(codes, place);
    const std::uint32_t at = column.level == Level::kSeries ? place : cube.offsets[place];
    levels[std::string(TextAt(types, at))].emplace(code.starts_with('K') ? code : std::string_view());
  }
  return levels;
}

// Where rows are grouped by type, only what shares one is added up.
bool IsMixed(const Levels& levels, bool by_type) {
  const auto several = [](const auto& level) { return level.second.size() > 1; };
  return std::any_of(levels.begin(), levels.end(), several) || (levels.size() > 1 && !by_type);
}

// A filter for each level, as parameters of the query: "geo_type=lad", "geo_code=K04000001",
// "geo_type=country&geo_code__ne=K04000001".
std::vector<std::string> FiltersOf(const Levels& levels, const std::string& type_column,
                                   const std::string& code_column) {
  std::vector<std::string> filters;
  for (const auto& [type, codes] : levels) {
    std::vector<std::string> others;
    for (const std::string& code : codes) {
      if (code.empty()) continue;
      filters.push_back(fmt::format("{}={}", code_column, FilterValue(code)));
      others.push_back(FilterValue(code));
    }
    if (!codes.contains("")) continue;
    std::string filter = type.empty() ? fmt::format("{}__isnull=true", type_column)
                                      : fmt::format("{}={}", type_column, FilterValue(type));
    if (!others.empty()) filter += fmt::format("&{}__ne={}", code_column, fmt::join(others, ","));
    filters.push_back(std::move(filter));
  }
  return filters;
}

}  // namespace

std::optional<QueryError> CheckLevels(const Query& query, const Cube& cube, const std::vector<std::uint32_t>& series) {
  const bool sums = std::any_of(query.aggregates.begin(), query.aggregates.end(),
                                [](const Aggregate& aggregate) { return aggregate.function == Function::kSum; });
  if (!sums || query.mixed) return std::nullopt;
  for (const CodeList& list : cube.dimensions) {
    if (list.type_column < 0 || Has(query.group, static_cast<int>(list.column))) continue;
    const CubeColumn& types = cube.columns[static_cast<std::size_t>(list.type_column)];
    if (types.kind != Kind::kText || types.level == Level::kTime) continue;
    const Levels levels = LevelsOf(cube, list, series);
    if (!IsMixed(levels, Has(query.group, list.type_column))) continue;
    const std::string& code = cube.columns[list.column].name;
    QueryError error{.type = "mixed-levels",
                     .error = {.code = base::ErrorCode::kInvalid, .message = {}},
                     .parameter = "agg",
                     .valid = FiltersOf(levels, types.name, code)};
    error.error.message = fmt::format(
        "the sum would count people twice: its rows are areas of {} levels ({}); choose one, group by {}, or say "
        "mixed=allow",
        error.valid.size(), fmt::join(error.valid, "; "), code);
    return error;
  }
  return std::nullopt;
}

}  // namespace tidemill::query
