// SPDX-License-Identifier: Apache-2.0
// /v1/datasets/{dataset}/observations/{key}.
#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/query/run_query.h"

#include "list_answer.h"
#include "observation.h"
#include "query_problem.h"

namespace tidemill::data_api {
namespace {

// The rows of the history that are about the observation.
std::vector<std::uint32_t> SpansOf(const query::Cube& history, const Observation& observation) {
  std::vector<std::uint32_t> rows;
  const std::int64_t series = history.FindSeries(observation.key);
  if (series < 0) return rows;
  const auto place = static_cast<std::size_t>(series);
  for (std::uint32_t row = history.offsets[place]; row < history.offsets[place + 1]; ++row) {
    if (history.TimeText(row) == observation.period) rows.push_back(row);
  }
  return rows;
}

base::Status WriteSpans(base::JsonWriter& json, const query::Cube& history, const Observation& observation) {
  const query::Cube& cube = *observation.read.vintage.cube;
  const auto rows = SpansOf(history, observation);
  std::vector<std::pair<std::string, std::vector<std::string>>> members;
  const auto read = [&](const std::string& member, const std::string& column) -> base::Status {
    const int place = history.Find(column);
    if (place < 0) return {};
    TIDEMILL_ASSIGN(auto values, query::JsonValues(history, static_cast<std::size_t>(place), rows));
    members.emplace_back(member, std::move(values));
    return {};
  };
  const int status = observation.measure.status;
  TIDEMILL_CHECK(read("value", cube.columns[observation.measure.column].name));
  if (status >= 0) TIDEMILL_CHECK(read("status", cube.columns[static_cast<std::size_t>(status)].name));
  for (const char* name : {"realtime_start", "realtime_end", "vintage"}) TIDEMILL_CHECK(read(name, name));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    json.BeginObject();
    for (const auto& [name, values] : members) json.Key(name).Raw(values[i]);
    json.EndObject();
  }
  return {};
}

}  // namespace

tl::expected<Observation, Problem> FindObservation(const Question& question,
                                                   const std::shared_ptr<const LoadedDataset>& newest) {
  auto read = ReadQuery(question, newest, {.reserved = {}, .passed = {"measure"}});
  if (!read) return tl::unexpected(std::move(read).error());
  if (const auto problem = RefuseFilters(*read)) return tl::unexpected(*problem);
  const query::Cube& cube = *read->vintage.cube;
  const std::string& name = question.path_values[1];
  const std::size_t dot = name.rfind('.');
  const std::string key = name.substr(0, dot == std::string::npos ? 0 : dot);
  const auto series = FindSeries(*read->vintage.dataset, cube, key);
  if (!series) return tl::unexpected(series.error());
  const auto measure = FindMeasure(*read->vintage.dataset, cube, read->Value("measure"));
  if (!measure) return tl::unexpected(measure.error());
  const std::string period = dot == std::string::npos ? "" : name.substr(dot + 1);
  for (std::uint32_t row = cube.offsets[*series]; row < cube.offsets[*series + 1]; ++row) {
    if (cube.TimeText(row) == period) return Observation{*std::move(read), *series, row, key, period, *measure};
  }
  return tl::unexpected(Problem{
      "not-found",
      fmt::format("the series {} has no {}; it has {} to {}", key, base::Quoted(period),
                  cube.TimeText(cube.offsets[*series]), cube.TimeText(cube.offsets[*series + 1] - 1)),
      {{"valid", base::JsonString(fmt::format("/v1/datasets/{}/series/{}", newest->id, query::EncodeValue(key)))}}});
}

base::Status WriteObservation(base::JsonWriter& json, const Observation& observation) {
  const ChosenVintage& vintage = observation.read.vintage;
  const query::Cube& cube = *vintage.cube;
  const Measure& measure = observation.measure;
  json.Key("dataset").String(vintage.dataset->id);
  json.Key("observation").String(observation.key + "." + observation.period);
  json.Key("measure").String(cube.columns[measure.column].name);
  json.Key("vintage").Int(vintage.dataset->vintage);
  TIDEMILL_ASSIGN(const auto values, query::JsonValues(cube, measure.column, {observation.row}));
  json.Key("value").Raw(values.front()).Key("status");
  if (measure.status < 0) {
    json.Null();
    return {};
  }
  const auto column = static_cast<std::size_t>(measure.status);
  TIDEMILL_ASSIGN(const auto statuses, query::JsonValues(cube, column, {observation.row}));
  json.Raw(statuses.front());
  return {};
}

base::Status WriteHistory(base::JsonWriter& json, const LoadedDataset& newest, const Observation& observation) {
  json.Key("history").BeginArray();
  if (newest.vintages) {
    TIDEMILL_ASSIGN(const auto cube,
                    newest.vintages->History(observation.read.vintage.dataset->vintage, /*by_recorded=*/false));
    TIDEMILL_CHECK(WriteSpans(json, *cube, observation));
  }
  json.EndArray();
  return {};
}

std::string TargetOf(const Observation& observation, std::string_view ending) {
  const ChosenVintage& vintage = observation.read.vintage;
  std::string query;
  if (!observation.read.Value("measure").empty()) {
    query = "measure=" + vintage.cube->columns[observation.measure.column].name + "&";
  }
  return JoinTarget(fmt::format("/v1/datasets/{}/observations/{}.{}{}", vintage.dataset->id,
                                query::EncodeValue(observation.key), observation.period, ending),
                    query + vintage.canonical);
}

http::Response ShowObservation(const Question& question) {
  const auto newest = question.catalog.Share(question.path_values[0]);
  if (!newest) return NoSuchDataset(question, question.path_values[0]);
  const auto observation = FindObservation(question, newest);
  if (!observation) return ToResponse(observation.error(), question.request.target);
  base::JsonWriter json;
  json.BeginObject();
  if (const auto written = WriteObservation(json, *observation); !written) {
    return ToResponse(ToProblem(written.error()), question.request.target);
  }
  if (const auto written = WriteHistory(json, *newest, *observation); !written) {
    return ToResponse(ToProblem(written.error()), question.request.target);
  }
  return AnswerJson(question, observation->read.vintage, TargetOf(*observation, ""),
                    [&] { return json.EndObject().Take(); });
}

}  // namespace tidemill::data_api
