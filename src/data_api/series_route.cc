// SPDX-License-Identifier: Apache-2.0
// /v1/datasets/{dataset}/series and …/series/{key}.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"
#include "tidemill/query/run_query.h"

#include "answer.h"
#include "data_answer.h"
#include "list_answer.h"
#include "page.h"
#include "query_problem.h"
#include "read_query.h"
#include "series.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;
using query::CodeList;
using query::Cube;

// The rows of a series among those selected.
struct Run {
  std::uint32_t series = 0;
  std::uint32_t first = 0, last = 0;  // rows
  std::uint32_t count = 0;
};

std::vector<Run> RunsOf(const Cube& cube, const std::vector<std::uint32_t>& rows) {
  std::vector<Run> runs;
  for (const std::uint32_t row : rows) {
    if (runs.empty() || row >= cube.offsets[runs.back().series + 1]) {
      runs.push_back({cube.SeriesOf(row), row, row, 0});
    }
    runs.back().last = row;
    ++runs.back().count;
  }
  return runs;
}

void WriteRun(JsonWriter& json, const Cube& cube, const Run& run) {
  json.BeginObject().Key("key").String(cube.SeriesKey(run.series));
  WriteCodes(json, cube, run.series);
  if (!cube.times.empty()) {
    json.Stated("first", cube.TimeText(run.first)).Stated("last", cube.TimeText(run.last));
  }
  json.Key("count").Int(run.count).EndObject();
}

http::Response ListRuns(const Question& question, const LoadedDataset& newest, const ReadQueryResult& read) {
  const ChosenVintage& vintage = read.vintage;
  const Cube& cube = *vintage.cube;
  const std::vector<Run> runs = RunsOf(cube, query::SelectRows(read.query, cube));
  std::vector<std::uint32_t> ids;
  for (const Run& run : runs) ids.push_back(run.series);
  const std::string path = "/v1/datasets/" + newest.id + "/series";
  const query::CursorScope scope{static_cast<std::uint32_t>(vintage.dataset->vintage),
                                 path + "?" + ToCanonical(read.query, cube, {}, query::Paging::kWithout)};
  const auto page = TakePage(ids, read.query.limit, read.query.cursor, scope);
  if (!page) return ToResponse(ToProblem(page.error(), newest), question.request.target);
  const std::string target = JoinTarget(path, ToCanonical(read.query, cube, vintage.canonical, query::Paging::kWith));
  return AnswerJson(question, vintage, target, [&] {
    JsonWriter json;
    json.BeginObject().Key("total").Int(static_cast<std::int64_t>(runs.size())).Key("next");
    if (page->next.empty()) {
      json.Null();
    } else {
      query::Query next = read.query;
      next.cursor = page->next;
      json.String(JoinTarget(path, ToCanonical(next, cube, vintage.as_given, query::Paging::kWith)));
    }
    json.Key("series").BeginArray();
    for (std::size_t i = page->begin; i < page->end; ++i) WriteRun(json, cube, runs[i]);
    return json.EndArray().EndObject().Take();
  });
}

std::vector<std::uint32_t> RowsOf(const Cube& cube, std::size_t series) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = cube.offsets[series]; row < cube.offsets[series + 1]; ++row) rows.push_back(row);
  return rows;
}

// `"data":{"2006-01":303,…},"status":{…}`: a status only where there is one.
base::Status WriteValues(JsonWriter& json, const Cube& cube, std::size_t series, const Measure& measure) {
  const auto rows = RowsOf(cube, series);
  TIDEMILL_ASSIGN(const auto values, query::JsonValues(cube, measure.column, rows));
  json.Key("data").BeginObject();
  for (std::size_t i = 0; i < rows.size(); ++i) json.Key(cube.TimeText(rows[i])).Raw(values[i]);
  json.EndObject();
  if (measure.status < 0) return {};
  TIDEMILL_ASSIGN(const auto statuses, query::JsonValues(cube, static_cast<std::size_t>(measure.status), rows));
  json.Key("status").BeginObject();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (statuses[i] != "null") json.Key(cube.TimeText(rows[i])).Raw(statuses[i]);
  }
  json.EndObject();
  return {};
}

http::Response ShowValues(const Question& question, const ReadQueryResult& read, const SeriesName& name,
                          std::size_t series, const Measure& measure) {
  const ChosenVintage& vintage = read.vintage;
  const LoadedDataset& dataset = *vintage.dataset;
  const Cube& cube = *vintage.cube;
  std::string query = read.Value("measure").empty() ? "" : "measure=" + cube.columns[measure.column].name + "&";
  query += vintage.canonical;
  const std::string target =
      JoinTarget(fmt::format("/v1/datasets/{}/series/{}.json", dataset.id, query::EncodeValue(name.key)), query);
  JsonWriter json;
  json.BeginObject().Key("dataset").String(dataset.id).Key("vintage").Int(dataset.vintage);
  json.Stated("released", dataset.released).Key("key").String(name.key);
  json.Key("measure").String(cube.columns[measure.column].name).Stated("unit", measure.unit);
  WriteCodes(json, cube, series);
  if (const auto written = WriteValues(json, cube, series, measure); !written) {
    return ToResponse(ToProblem(written.error()), question.request.target);
  }
  return AnswerJson(question, vintage, target, [&] { return json.EndObject().Take(); });
}

// As CSV a series is its rows of the table.
http::Response ShowRows(const Question& question, const ReadQueryResult& read, const SeriesName& name) {
  const ChosenVintage& vintage = read.vintage;
  query::Query query = read.query;
  query.filters.push_back({.column = static_cast<std::size_t>(vintage.cube->Find("series_key")),
                           .op = query::Operator::kIs,
                           .values = {name.key},
                           .numbers = {},
                           .ranges = {}});
  return AnswerRows({.question = question,
                     .vintage = vintage,
                     .route = "/v1/datasets/" + vintage.dataset->id + "/data",
                     .format = {FindFormat(name.extension), false},
                     .query = query,
                     .file_name = fmt::format("{}-{}", vintage.dataset->id, vintage.dataset->vintage),
                     .pinned = vintage.canonical});
}

}  // namespace

http::Response ListSeries(const Question& question) {
  const auto newest = question.catalog.Share(question.path_values[0]);
  if (!newest) return NoSuchDataset(question, question.path_values[0]);
  const auto read = ReadQuery(question, newest, {.reserved = {"limit", "cursor"}});
  if (!read) return ToResponse(read.error(), question.request.target);
  return ListRuns(question, *newest, *read);
}

http::Response ShowSeries(const Question& question) {
  const auto newest = question.catalog.Share(question.path_values[0]);
  if (!newest) return NoSuchDataset(question, question.path_values[0]);
  const auto refuse = [&](const Problem& problem) { return ToResponse(problem, question.request.target); };
  const auto read = ReadQuery(question, newest, {.reserved = {}, .passed = {"measure"}});
  if (!read) return refuse(read.error());
  if (const auto problem = RefuseFilters(*read)) return refuse(*problem);
  const Cube& cube = *read->vintage.cube;
  const SeriesName name = ParseSeriesName(cube, question.path_values[1]);
  const auto series = FindSeries(*read->vintage.dataset, cube, name.key);
  if (!series) return refuse(series.error());
  const auto measure = FindMeasure(*read->vintage.dataset, cube, read->Value("measure"));
  if (!measure) return refuse(measure.error());
  if (name.extension == "csv") return ShowRows(question, *read, name);
  return ShowValues(question, *read, name, *series, *measure);
}

}  // namespace tidemill::data_api
