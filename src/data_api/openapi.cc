// SPDX-License-Identifier: Apache-2.0
#include "openapi.h"

#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "catalog.h"
#include "openapi_schemas.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;

// The answers that any route may give beside its own, by the names of components/responses.
void WriteCommonResponses(JsonWriter& json) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kCommon = {{{"400", "Malformed"},
                                                                                      {"404", "NotFound"},
                                                                                      {"405", "MethodNotAllowed"},
                                                                                      {"408", "TimeOut"},
                                                                                      {"413", "RequestBody"},
                                                                                      {"414", "UriTooLong"},
                                                                                      {"431", "HeaderTooLarge"},
                                                                                      {"500", "Internal"},
                                                                                      {"503", "Unavailable"},
                                                                                      {"504", "TimeOut"},
                                                                                      {"505", "UnsupportedVersion"}}};
  for (const auto& [status, name] : kCommon) {
    json.Key(status).BeginObject().Key("$ref").String("#/components/responses/" + std::string(name)).EndObject();
  }
}

struct Get {
  std::string_view id, summary, description, tag;
  std::string_view schema;  // of the 200 answer; empty: plain text
  bool has_etag = true;
};

void BeginGet(JsonWriter& json, const Get& get) {
  json.Key("get").BeginObject();
  json.Key("operationId").String(get.id).Key("summary").String(get.summary).Key("description").String(get.description);
  json.Key("tags").BeginArray().String(get.tag).EndArray();
}

void WriteOk(JsonWriter& json, const Get& get) {
  json.Key("200").BeginObject().Key("description").String("The answer");
  json.Key("content").BeginObject().Key(get.schema.empty() ? "text/plain" : "application/json").BeginObject();
  json.Key("schema").BeginObject();
  if (get.schema.empty()) {
    json.Key("type").String("string");
  } else {
    json.Key("$ref").String("#/components/schemas/" + std::string(get.schema));
  }
  json.EndObject().EndObject().EndObject().EndObject();
  if (get.has_etag) json.Key("304").Raw(R"({"$ref":"#/components/responses/NotModified"})");
}

void WriteGet(JsonWriter& json, std::string_view path, const Get& get, std::string_view parameters = {}) {
  json.Key(path).BeginObject();
  BeginGet(json, get);
  if (!parameters.empty()) json.Key("parameters").Raw(parameters);
  json.Key("responses").BeginObject();
  WriteOk(json, get);
  WriteCommonResponses(json);
  json.EndObject().EndObject().EndObject();
}

// The route of the service before this one, with the names it had.
void WriteSeedPath(JsonWriter& json, const Catalog& catalog) {
  const query::SeedIndex& seed = *catalog.seed->snapshot->seed;
  const std::string newest = fmt::format("Max year is {}.", seed.newest_year());
  const Get get{.id = "read_item_year__year__geo_code__geo_code__get",
                .summary = "Read Item",
                .description = newest,
                .tag = "area and year",
                .schema = "AreaYear"};
  json.Key("/year/{year}/geo_code/{geo_code}").BeginObject();
  BeginGet(json, get);
  json.Key("parameters").BeginArray();
  json.BeginObject().Key("name").String("year").Key("in").String("path").Key("required").Bool(true);
  json.Key("schema").Raw(
      R"({"type":"integer","title":"Year","minimum":-999999999999999999,"maximum":999999999999999999})");
  json.Key("example").Int(seed.newest_year()).EndObject();
  json.BeginObject().Key("name").String("geo_code").Key("in").String("path").Key("required").Bool(true);
  json.Key("schema").Raw(R"({"type":"string","title":"Geo Code","minLength":1})");
  json.Key("example").String(seed.pairs().empty() ? "E08000007" : seed.pairs().front().code).EndObject();
  json.EndArray().Key("responses").BeginObject();
  WriteOk(json, get);
  json.Key("307").Raw(R"({"description":"A slash at the end: the route without it"})");
  json.Key("422").Raw(kValidationError);
  WriteCommonResponses(json);
  json.EndObject().EndObject().EndObject();
}

std::string DatasetParameter(const Catalog& catalog) {
  JsonWriter json;
  json.BeginArray().BeginObject().Key("name").String("dataset").Key("in").String("path").Key("required").Bool(true);
  json.Key("description").String("Id of a dataset").Key("schema").BeginObject().Key("type").String("string");
  json.Key("enum").BeginArray();
  for (const auto& [id, dataset] : catalog.datasets) json.String(id);
  json.EndArray().EndObject().EndObject().EndArray();
  return json.Take();
}

void WritePaths(JsonWriter& json, const Catalog& catalog) {
  json.Key("paths").BeginObject();
  if (catalog.seed) WriteSeedPath(json, catalog);
  WriteGet(json, "/v1/datasets",
           {"list_datasets", "List datasets", "All datasets that are served, by id.", "datasets", "Datasets"});
  if (!catalog.datasets.empty()) {
    WriteGet(json, "/v1/datasets/{dataset}",
             {"describe_dataset", "Describe a dataset",
              "Its columns, period, licence and latest changes. Facts that nobody "
              "stated are absent.",
              "datasets", "Dataset"},
             DatasetParameter(catalog));
  }
  WriteGet(json, "/healthz", {"health", "Health", "200 while the process serves.", "operations", "Health", false});
  WriteGet(
      json, "/readyz",
      {"readiness", "Readiness", "200 when every dataset is loaded, with the version of each; 503 else, with reasons.",
       "operations", "Readiness", false});
  WriteGet(json, "/version", {"version", "Version", "Which program answers.", "operations", "Version", false});
  WriteGet(json, "/problems/{type}",
           {"problem", "Explain an error", "What a type of error means and what helps.", "operations", ""},
           kProblemParameter);
  WriteGet(json, "/openapi.json", {"openapi", "This document", "OpenAPI 3.1.", "operations", "OpenApi"});
  json.EndObject();
}

}  // namespace

std::string MakeOpenApi(const Catalog& catalog, const BuildFacts& build) {
  JsonWriter json;
  json.BeginObject().Key("openapi").String("3.1.0");
  json.Key("info").BeginObject().Key("title").String("Tidemill data API");
  json.Key("version").String(build.version.empty() ? "0" : build.version);
  json.Key("description")
      .String(
          "Tidy, versioned datasets from publishers' workbooks. Every answer carries a strong ETag; "
          "errors are RFC 9457 problems that name value, place and remedy.");
  json.Key("license").Raw(R"({"name":"Apache-2.0","identifier":"Apache-2.0"})").EndObject();
  json.Key("servers").Raw(R"([{"url":"/"}])").Key("security").Raw("[]");
  json.Key("tags").Raw(kTags);
  WritePaths(json, catalog);
  json.Key("components").Raw(kComponents).EndObject();
  return json.Take();
}

}  // namespace tidemill::data_api
