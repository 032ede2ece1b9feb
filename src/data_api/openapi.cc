// SPDX-License-Identifier: Apache-2.0
#include "openapi.h"

#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "catalog.h"
#include "openapi_dataset.h"
#include "openapi_get.h"
#include "openapi_schemas.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;

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

// The bytes of a file, or where they are.
void WriteFilePath(JsonWriter& json, const Catalog& catalog) {
  const Get get{.id = "get_file",
                .summary = "Get a file",
                .description =
                    "`sha256-….parquet` has the bytes, whole or a range; `latest.parquet` and `41.parquet` lead "
                    "to them.",
                .tag = "files"};
  json.Key("/v1/datasets/{dataset}/files/{file}").BeginObject();
  BeginGet(json, get);
  std::string parameters = DatasetParameter(catalog);
  parameters.pop_back();
  json.Key("parameters").Raw(parameters + "," + std::string(kFileParameter) + "]");
  json.Key("responses").BeginObject();
  for (const auto& [status, answer] : kFileResponses) json.Key(status).Raw(answer);
  WriteCommonResponses(json);
  json.EndObject().EndObject().EndObject();
}

void WriteFeedPaths(JsonWriter& json) {
  WriteGet(json, "/v1/feed.atom",
           {"feed", "New versions, as a feed", "An entry a version, newest first, 100 a page.", "datasets", "", true,
            "application/atom+xml"},
           kFeedParameters);
  WriteGet(json, "/v1/events",
           {"events", "New versions, as they come",
            "Server-sent events that do not end: `id` is dataset@version. `Last-Event-ID` brings what was missed.",
            "datasets", "", false, "text/event-stream"},
           kEventParameters);
}

// For clients of other services, with an example that works.
void WriteFacadePaths(JsonWriter& json, const Catalog& catalog) {
  WriteGet(json, "/sdmx/source.json",
           {"sdmx_source", "This source, for sdmx1", "What `sdmx.add_source` takes. The routes are SDMX REST 1.5.",
            "other clients", "Object", false});
  for (const auto& [id, dataset] : catalog.datasets) {
    const query::Cube& cube = *dataset->snapshot->cube;
    if (cube.time_column < 0 || cube.repeats || cube.series() == 0 || cube.rows == 0) continue;
    const std::string parameters = FredParameters(fmt::format("{}.{}", id, cube.SeriesKey(0)));
    const auto add = [&](std::string_view path, std::string_view name, std::string_view summary) {
      WriteGet(json, path,
               {name, summary, "As clients of FRED's API ask for it, in XML.", "other clients", "", true, "text/xml"},
               parameters);
    };
    add("/fred/series", "fred_series", "A series' facts");
    add("/fred/series/observations", "fred_observations",
        "A series' values, with the spans in which they were published");
    add("/fred/series/vintagedates", "fred_vintage_dates", "The days on which a series changed");
    return;
  }
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
    WriteGet(json, "/v1/datasets/{dataset}/datapackage.json",
             {"describe_package", "Data package", "The dataset as a Frictionless data package.", "datasets", "Package"},
             DatasetParameter(catalog));
    WriteGet(json, "/v1/datasets/{dataset}/files",
             {"list_files", "List files",
              "The Parquet files of all versions that are held, at addresses that never "
              "change their content.",
              "files", "Files"},
             DatasetParameter(catalog));
    WriteFilePath(json, catalog);
    for (const auto& [id, dataset] : catalog.datasets) WriteDatasetPaths(json, *dataset);
  }
  WriteGet(
      json, "/v1/geographies/{code}",
      {"geography", "Describe an area",
       "What a GSS code means: name, type, parents, the days it is valid, what followed it, and which datasets have "
       "it.",
       "datasets", "Geography"},
      kAreaParameter);
  WriteGet(json, "/catalog.jsonld",
           {"catalog", "Catalogue", "All datasets as a DCAT 3 catalogue in JSON-LD.", "datasets", "Catalog", true,
            "application/ld+json"});
  WriteFeedPaths(json);
  WriteFacadePaths(json, catalog);
  WriteGet(json, "/healthz", {"health", "Health", "200 while the process serves.", "operations", "Health", false});
  WriteGet(
      json, "/readyz",
      {"readiness", "Readiness", "200 when every dataset is loaded, with the version of each; 503 else, with reasons.",
       "operations", "Readiness", false});
  WriteGet(json, "/metrics", {"metrics", "Metrics", "Counters in Prometheus' text format.", "operations", "", false});
  WriteGet(json, "/version", {"version", "Version", "Which program answers.", "operations", "Version", false});
  WriteGet(json, "/problems/{type}",
           {"problem", "Explain an error", "What a type of error means and what helps; as a page where a browser asks.",
            "operations", "", true, "text/plain", "text/html"},
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
