// SPDX-License-Identifier: Apache-2.0
// /v1/datasets/{dataset}/observations/{key}.
#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/query/run_query.h"

#include "list_answer.h"
#include "observation.h"
#include "query_problem.h"

namespace tidemill::data_api {

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
  return AnswerJson(question, observation->read.vintage, TargetOf(*observation, ""),
                    [&] { return json.EndObject().Take(); });
}

}  // namespace tidemill::data_api
