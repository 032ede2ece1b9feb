// SPDX-License-Identifier: Apache-2.0
// /v1/datasets/{dataset}/data, with and without an extension.
#include <string>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"
#include "tidemill/query/wide.h"

#include "data_answer.h"
#include "query_problem.h"
#include "read_query.h"

namespace tidemill::data_api {
namespace {

// `"dataset":"d","vintage":41,…` in front of `total`.
std::string EnvelopeOf(const ChosenVintage& vintage) {
  const LoadedDataset& dataset = *vintage.dataset;
  base::JsonWriter json;
  json.BeginObject().Key("dataset").String(dataset.id);
  if (vintage.all) {
    json.Key("vintage").Null().Key("vintages").String("all");
  } else {
    json.Key("vintage").Int(dataset.vintage);
    json.Stated("released", dataset.released);
    if (dataset.recorded) json.Key("recorded").String(base::ToRfc3339(*dataset.recorded));
  }
  std::string text = json.EndObject().Take();
  text.erase(0, 1);
  text.back() = ',';
  return text;
}

std::string_view ExtensionOf(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos ? std::string_view()
                                                                                        : path.substr(dot + 1);
}

std::optional<query::QueryError> CheckShape(const query::Query& query, query::Format format) {
  const bool any = query.shape == query::Shape::kObjects || query.shape == query::kWide;
  if (any || format == query::Format::kJson) return std::nullopt;
  return query::QueryError{.type = "conflicting-parameters",
                           .error = {.code = base::ErrorCode::kMalformed,
                                     .message = fmt::format("this shape is for JSON; it cannot go with the format {}",
                                                            TraitsOf(format).extension)},
                           .parameter = "shape",
                           .valid = {std::string(TraitsOf(format).extension)}};
}

// A history has a period as often as its value changed.
std::optional<query::QueryError> CheckHistory(const query::Query& query) {
  const bool wide = query.shape == query::kWide;
  if (!wide && query.derived.empty()) return std::nullopt;
  const std::string parameter = wide ? "shape" : "transform";
  return query::QueryError{
      .type = "conflicting-parameters",
      .error = {.code = base::ErrorCode::kMalformed,
                .message = fmt::format("{} cannot go with vintages=all; choose a version: vintage=N or as_of=DATE",
                                       wide ? "shape=wide" : parameter)},
      .parameter = parameter,
      .valid = {"vintages"}};
}

}  // namespace

http::Response AnswerData(const Question& question) {
  const auto newest = question.catalog.Share(question.path_values[0]);
  if (!newest) return NoSuchDataset(question, question.path_values[0]);
  const auto refuse = [&](const Problem& problem) { return ToResponse(problem, question.request.target); };
  QueryRules rules{.passed = {"format"}, .takes_vintages = true};
  rules.reserved.push_back("transform");
  const auto read = ReadQuery(question, newest, rules);
  if (!read) return refuse(read.error());
  const auto format = ChooseFormat(question.request, ExtensionOf(question.request.path), read->Value("format"));
  if (!format) return refuse(format.error());
  if (const auto error = CheckShape(read->query, format->traits->format)) return refuse(ToProblem(*error, *newest));
  const ChosenVintage& vintage = read->vintage;
  if (vintage.all) {
    if (const auto error = CheckHistory(read->query)) return refuse(ToProblem(*error, *newest));
  }
  return AnswerRows({.question = question,
                     .vintage = vintage,
                     .route = "/v1/datasets/" + newest->id + "/data",
                     .format = *format,
                     .query = read->query,
                     .file_name = fmt::format("{}-{}", newest->id, vintage.dataset->vintage),
                     .envelope = EnvelopeOf(vintage),
                     .pinned = vintage.canonical,
                     .scope = vintage.scope});
}

}  // namespace tidemill::data_api
