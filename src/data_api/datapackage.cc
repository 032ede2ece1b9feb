// SPDX-License-Identifier: Apache-2.0
// /v1/datasets/{dataset}/datapackage.json: a dataset as a Frictionless data package.
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "answer.h"
#include "etag.h"
#include "licence.h"
#include "routes.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;
using query::Column;
using query::Role;

std::string_view TypeOf(const Column& column, const query::Snapshot& snapshot) {
  const bool yearly = snapshot.period && snapshot.period->frequency == base::Frequency::kYear;
  if (column.role == Role::kTime && column.type == "integer") return yearly ? "year" : "integer";
  if (column.type == "period") {
    const bool monthly = snapshot.period && snapshot.period->frequency == base::Frequency::kMonth;
    return yearly ? "year" : monthly ? "yearmonth" : "string";
  }
  return column.type == "other" ? "any" : std::string_view(column.type);
}

// What Frictionless has no type for.
void WritePattern(JsonWriter& json, const Column& column, const query::Snapshot& snapshot) {
  if (column.type != "period" || !snapshot.period) return;
  std::string_view pattern;
  if (snapshot.period->frequency == base::Frequency::kQuarter) pattern = "[0-9]{4}-Q[1-4]";
  if (snapshot.period->frequency == base::Frequency::kWeek) pattern = "[0-9]{4}-W[0-5][0-9]";
  if (!pattern.empty()) json.Key("constraints").BeginObject().Key("pattern").String(pattern).EndObject();
}

// Answers leave lineage away where nobody asks for it; files have it.
enum class Lineage { kWithout, kWith };

void WriteFields(JsonWriter& json, const query::Snapshot& snapshot, Lineage lineage) {
  json.Key("fields").BeginArray();
  for (const Column& column : snapshot.columns) {
    if (column.role == Role::kLineage && lineage == Lineage::kWithout) continue;
    json.BeginObject().Key("name").String(column.name).Key("type").String(TypeOf(column, snapshot));
    json.Stated("title", column.title).Stated("unit", column.unit);
    // Stated by the table or found by name and values: a reader sees which column is taken for time.
    json.Key("role").String(query::NameOf(column.role)).Stated("of", column.of);
    WritePattern(json, column, snapshot);
    json.EndObject();
  }
  json.EndArray();
}

void WriteSchema(JsonWriter& json, const LoadedDataset& dataset, Lineage lineage) {
  json.Key("schema").BeginObject();
  WriteFields(json, *dataset.snapshot, lineage);
  json.Key("missingValues").BeginArray().String("").EndArray();
  // A plain file may have a key twice; a table of ours never.
  if (dataset.is_table) {
    json.Key("primaryKey").BeginArray();
    for (const Column& column : dataset.snapshot->columns) {
      if (column.role == Role::kDimension || column.role == Role::kTime) json.String(column.name);
    }
    json.EndArray();
  }
  json.EndObject();
}

void WriteResources(JsonWriter& json, const LoadedDataset& dataset) {
  json.Key("resources").BeginArray();
  // Relative to this document, as packages ask; of this version for ever.
  json.BeginObject().Key("name").String(dataset.id);
  json.Key("path").String(fmt::format("data.csv?vintage={}", dataset.vintage));
  json.Key("format").String("csv").Key("mediatype").String("text/csv").Key("encoding").String("utf-8");
  WriteSchema(json, dataset, Lineage::kWithout);
  json.EndObject();
  int number = 0;
  for (const ServedFile* file : dataset.files->Current()) {
    ++number;
    json.BeginObject().Key("name").String(fmt::format("{}_parquet_{}", dataset.id, number));
    json.Key("path").String(FileUrl(dataset.id, *file).substr(dataset.Url().size() + 1));
    json.Key("format").String("parquet").Key("mediatype").String("application/vnd.apache.parquet");
    json.Key("bytes").Int(static_cast<std::int64_t>(file->size)).Key("hash").String("sha256:" + file->sha256);
    WriteSchema(json, dataset, Lineage::kWith);
    json.EndObject();
  }
  json.EndArray();
}

void WriteSources(JsonWriter& json, const LoadedDataset& dataset) {
  if (dataset.commit.sources.empty()) return;
  json.Key("sources").BeginArray();
  for (const auto& source : dataset.commit.sources) {
    json.BeginObject().Key("title").String(source.edition.empty() ? source.url : source.edition);
    json.Key("path").String(source.url).Stated("sha256", source.sha256).EndObject();
  }
  json.EndArray();
}

std::string Package(const LoadedDataset& dataset, const std::string& public_url) {
  JsonWriter json;
  json.BeginObject().Key("profile").String("data-package").Key("name").String(dataset.id);
  json.Stated("title", dataset.facts.title).Stated("description", dataset.facts.description);
  json.Key("version").String(std::to_string(dataset.vintage));
  if (!public_url.empty()) json.Key("id").String(public_url + dataset.Url());
  json.Stated("homepage", dataset.Fact("page"));
  if (const std::string licence = dataset.Fact("licence"); !licence.empty()) {
    json.Key("licenses").BeginArray().BeginObject();
    const std::string url = LicenceUrl(licence);
    json.Key(url.empty() ? "title" : "name").String(licence).Stated("path", url).EndObject().EndArray();
  }
  if (const std::string publisher = dataset.Fact("publisher"); !publisher.empty()) {
    json.Key("contributors").BeginArray().BeginObject().Key("title").String(publisher);
    json.Key("role").String("publisher").EndObject().EndArray();
  }
  WriteSources(json, dataset);
  json.Key("citation").String(dataset.Citation(public_url));
  WriteResources(json, dataset);
  json.EndObject();
  return json.Take();
}

}  // namespace

http::Response DescribePackage(const Question& question) {
  const LoadedDataset* dataset = question.catalog.Find(question.path_values[0]);
  if (dataset == nullptr) return NoSuchDataset(question, question.path_values[0]);
  http::Response response{.status = 200, .headers = DatasetHeaders(*dataset), .body = {}, .shared = {}};
  response.headers.emplace_back("Content-Type", "application/json");
  const std::string& public_url = question.options.public_url;
  response =
      WithETag(question.request, std::move(response), MakeETag(dataset->snapshot_id, "/datapackage.json" + public_url));
  if (response.status == 200) response.body = Package(*dataset, public_url);
  return response;
}

}  // namespace tidemill::data_api
