// SPDX-License-Identifier: Apache-2.0
#include "series.h"

#include <algorithm>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "query_problem.h"

namespace tidemill::data_api {
namespace {

using query::Cube;

std::size_t PartsOf(const Cube& cube) {
  return cube.dimensions.size() + (cube.time_column >= 0 ? 1 : 0);
}

std::string ToJson(const std::vector<std::string>& words) {
  base::JsonWriter json;
  json.BeginArray();
  for (const std::string& word : words) json.String(word);
  return json.EndArray().Take();
}

std::vector<std::string> NearestKeys(const Cube& cube, const std::string& key) {
  constexpr std::size_t kMostCompared = 100'000;
  if (cube.series() > kMostCompared) return {};
  std::vector<std::string> keys;
  for (std::size_t series = 0; series < cube.series(); ++series) keys.push_back(cube.SeriesKey(series));
  return query::NearestWords(key, keys);
}

}  // namespace

SeriesName ParseSeriesName(const Cube& cube, std::string_view text) {
  const auto parts = static_cast<std::size_t>(std::count(text.begin(), text.end(), '.')) + 1;
  if (parts == PartsOf(cube) + 1) {
    for (const std::string_view extension : {"json", "csv"}) {
      const std::string ending = "." + std::string(extension);
      if (!text.ends_with(ending)) continue;
      return {std::string(text.substr(0, text.size() - ending.size())), std::string(extension)};
    }
  }
  return {std::string(text), "json"};
}

tl::expected<std::size_t, Problem> FindSeries(const LoadedDataset& dataset, const Cube& cube, const std::string& key) {
  if (cube.repeats) {
    return tl::unexpected(
        Problem{"not-found", fmt::format("{} has rows with equal keys, so it has no series", dataset.id), {}});
  }
  const std::int64_t series = cube.FindSeries(key);
  if (series >= 0) return static_cast<std::size_t>(series);
  const auto nearest = NearestKeys(cube, key);
  std::string detail = fmt::format("{} is no series of {}", base::Quoted(key), dataset.id);
  if (!nearest.empty()) detail += "; nearest: " + base::Join(nearest, ", ");
  return tl::unexpected(
      Problem{"not-found",
              detail,
              {{"nearest", ToJson(nearest)}, {"valid", base::JsonString("/v1/datasets/" + dataset.id + "/series")}}});
}

tl::expected<Measure, Problem> FindMeasure(const LoadedDataset& dataset, const Cube& cube, std::string_view name) {
  std::vector<std::string> names;
  int found = -1;
  for (std::size_t i = 0; i < cube.columns.size(); ++i) {
    if (cube.columns[i].role != query::Role::kMeasure) continue;
    names.push_back(cube.columns[i].name);
    if (found < 0 && (name.empty() || name == names.back())) found = static_cast<int>(i);
  }
  if (found < 0 && names.empty()) {
    return tl::unexpected(Problem{"not-found", dataset.id + " has no measure", {}});
  }
  if (found < 0) {
    return tl::unexpected(Problem{"bad-value",
                                  fmt::format("{} is no measure of {}; expected one of {}", base::Quoted(name),
                                              dataset.id, base::Join(names, ", ")),
                                  {{"parameter", "\"measure\""},
                                   {"value", base::JsonString(name)},
                                   {"nearest", ToJson(query::NearestWords(name, names))}}});
  }
  Measure measure{.column = static_cast<std::size_t>(found), .status = -1, .unit = {}};
  const std::string& own = cube.columns[measure.column].name;
  for (std::size_t i = 0; i < cube.columns.size(); ++i) {
    const query::CubeColumn& column = cube.columns[i];
    if (column.role == query::Role::kStatus && column.of == own) measure.status = static_cast<int>(i);
  }
  const query::Column* stored = query::FindColumn(dataset.snapshot->columns, own);
  if (stored != nullptr) measure.unit = stored->unit;
  return measure;
}

void WriteCodes(base::JsonWriter& json, const Cube& cube, std::size_t series) {
  json.Key("dimensions").BeginObject();
  for (const query::CodeList& list : cube.dimensions) {
    json.Key(cube.columns[list.column].name).String(cube.CodeOf(list, series));
  }
  json.EndObject().Key("labels").BeginObject();
  for (const query::CodeList& list : cube.dimensions) {
    const auto place = Cube::PlaceOf(list, cube.CodeOf(list, series));
    if (!place || *place >= list.labels.size()) continue;
    json.Stated(cube.columns[list.column].name, list.labels[*place]);
  }
  json.EndObject();
}

std::optional<Problem> RefuseFilters(const ReadQueryResult& read) {
  if (read.query.filters.empty()) return std::nullopt;
  const query::Filter& filter = read.query.filters.front();
  for (const query::Parameter& parameter : read.parameters) {
    const std::string name = parameter.name.substr(0, parameter.name.find("__"));
    if (read.vintage.cube->Find(name) != static_cast<int>(filter.column)) continue;
    return Problem{"unknown-parameter",
                   fmt::format("{} is no parameter here: the path names one series; …/data takes filters",
                               base::Quoted(parameter.name)),
                   {{"parameter", base::JsonString(parameter.name)},
                    {"value", base::JsonString(parameter.value)},
                    {"offset", std::to_string(parameter.offset)}}};
  }
  return std::nullopt;
}

}  // namespace tidemill::data_api
