// SPDX-License-Identifier: Apache-2.0
// /v1/datasets and /v1/datasets/{dataset}.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

#include "answer.h"
#include "etag.h"
#include "problem.h"
#include "routes.h"
#include "status_meaning.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;
using query::Column;
using query::Role;

void WriteMeasures(JsonWriter& json, const query::Snapshot& snapshot) {
  json.Key("measures").BeginArray();
  for (const Column& column : snapshot.columns) {
    if (column.role != Role::kMeasure) continue;
    json.BeginObject().Key("name").String(column.name);
    json.Stated("title", column.title).Stated("unit", column.unit).EndObject();
  }
  json.EndArray();
}

void WriteLinks(JsonWriter& json, const LoadedDataset& dataset, const Catalog& catalog) {
  json.Key("links").BeginObject().Key("self").String(dataset.Url());
  json.Key("files").String(dataset.Url() + "/files").Key("datapackage").String(dataset.Url() + "/datapackage.json");
  if (catalog.seed.get() == &dataset) json.Key("area_year").String("/year/{year}/geo_code/{geo_code}");
  json.EndObject();
}

// The members that the list and the single answer share.
void WriteSummary(JsonWriter& json, const LoadedDataset& dataset) {
  const query::Snapshot& snapshot = *dataset.snapshot;
  json.Key("id").String(dataset.id);
  json.Stated("title", dataset.facts.title).Stated("description", dataset.facts.description);
  json.Stated("publisher", dataset.Fact("publisher")).Stated("licence", dataset.Fact("licence"));
  json.Key("vintage").Int(dataset.vintage);
  json.Stated("released", dataset.released);
  if (dataset.recorded) json.Key("recorded").String(base::ToRfc3339(*dataset.recorded));
  json.Stated("next_release", dataset.Fact("next_release"));
  json.Key("rows").Int(snapshot.rows).Key("series").Int(snapshot.series);
  if (snapshot.period) {
    json.Key("period").BeginObject();
    json.Key("freq").String(std::string(1, static_cast<char>(snapshot.period->frequency)));
    json.Key("first").String(base::ToText(snapshot.period->first));
    json.Key("last").String(base::ToText(snapshot.period->last)).EndObject();
  }
  WriteMeasures(json, snapshot);
}

void WriteColumns(JsonWriter& json, const query::Snapshot& snapshot) {
  json.Key("columns").BeginArray();
  for (const Column& column : snapshot.columns) {
    json.BeginObject();
    json.Key("name").String(column.name).Key("role").String(query::NameOf(column.role));
    json.Stated("of", column.of).Key("type").String(column.type);
    json.Stated("title", column.title).Stated("unit", column.unit).Stated("codes", column.codes);
    if (column.role == Role::kMeasure) json.Key("additive").Bool(column.additive);
    json.Stated("source_name", column.source_name);
    if (column.nulls >= 0) json.Key("nulls").Int(column.nulls).Key("distinct").Int(column.distinct);
    if (!column.min.empty()) json.Key("min").Raw(column.min).Key("max").Raw(column.max);
    json.EndObject();
  }
  json.EndArray();
}

void WriteStatuses(JsonWriter& json, const query::Snapshot& snapshot) {
  json.Key("statuses").BeginArray();
  for (const std::string& code : snapshot.statuses) {
    json.BeginObject().Key("code").String(code);
    for (const StatusMeaning& known : kStatusMeanings) {
      if (known.code == code) json.Key("meaning").String(known.meaning).Key("sdmx").String(known.sdmx);
    }
    json.EndObject();
  }
  json.EndArray();
}

// What the newest version lies in.
void WriteDistributions(JsonWriter& json, const LoadedDataset& dataset) {
  json.Key("distributions").BeginArray();
  for (const ServedFile* file : dataset.files->Current()) {
    json.BeginObject().Key("format").String("parquet").Key("url").String(FileUrl(dataset.id, *file));
    json.Key("bytes").Int(static_cast<std::int64_t>(file->size)).Key("sha256").String(file->sha256).EndObject();
  }
  json.EndArray();
}

void WriteDetails(JsonWriter& json, const LoadedDataset& dataset, const std::string& public_url) {
  WriteColumns(json, *dataset.snapshot);
  json.Stated("quality", dataset.Fact("quality"));
  if (dataset.is_table) {
    const auto& commit = dataset.commit;
    json.Key("latest_changes").BeginObject().Key("added").Int(commit.added).Key("revised").Int(commit.revised);
    json.Key("removed").Int(commit.removed).EndObject();
  }
  json.Stated("usage_notes", dataset.Fact("usage_notes"));
  WriteStatuses(json, *dataset.snapshot);
  json.Key("citation").String(dataset.Citation(public_url));
  WriteDistributions(json, dataset);
  json.Stated("contact", dataset.Fact("contact")).Stated("source_page", dataset.Fact("page"));
}

}  // namespace

http::Response NoSuchDataset(const Question& question, const std::string& name) {
  std::vector<std::string_view> ids;
  for (const auto& [id, dataset] : question.catalog.datasets) ids.push_back(id);
  const std::string nearest(base::Nearest(name, ids));
  std::string detail = fmt::format("there is no dataset {}", base::Quoted(name));
  if (!nearest.empty()) detail += "; nearest: " + nearest;
  return ToResponse(
      {"not-found",
       detail,
       {{"nearest", nearest.empty() ? "[]" : "[" + base::JsonString(nearest) + "]"}, {"valid", "\"/v1/datasets\""}}},
      question.request.target);
}

http::Response ListDatasets(const Question& question) {
  http::Response response = Json(200, {}, kLive);
  const Validators validators{MakeETag(question.catalog.id, "/v1/datasets"), {}};
  response.headers.emplace_back("ETag", validators.etag);
  if (IsFresh(question.request, validators)) {
    response.status = 304;
    return response;
  }
  JsonWriter json;
  json.BeginObject().Key("datasets").BeginArray();
  for (const auto& [id, dataset] : question.catalog.datasets) {
    json.BeginObject();
    WriteSummary(json, *dataset);
    WriteLinks(json, *dataset, question.catalog);
    json.EndObject();
  }
  json.EndArray().EndObject();
  response.body = json.Take();
  return response;
}

http::Response DescribeDataset(const Question& question) {
  const std::string& name = question.path_values[0];
  const LoadedDataset* dataset = question.catalog.Find(name);
  if (dataset == nullptr) return NoSuchDataset(question, name);
  http::Response response{.status = 200, .headers = DatasetHeaders(*dataset), .body = {}, .shared = {}};
  // Whether it has the old route depends on the others, so the ETag is of all.
  const Validators validators{MakeETag(question.catalog.id, dataset->Url() + question.options.public_url), {}};
  response.headers.emplace_back("ETag", validators.etag);
  if (IsFresh(question.request, validators)) {
    response.status = 304;
    return response;
  }
  JsonWriter json;
  json.BeginObject();
  WriteSummary(json, *dataset);
  WriteDetails(json, *dataset, question.options.public_url);
  WriteLinks(json, *dataset, question.catalog);
  json.EndObject();
  response.body = json.Take();
  response.headers.emplace_back("Content-Type", "application/json");
  return response;
}

}  // namespace tidemill::data_api
