// SPDX-License-Identifier: Apache-2.0
#include "openapi_dataset.h"

#include <string_view>

#include <fmt/format.h>

#include "openapi_data.h"
#include "openapi_get.h"
#include "openapi_schemas.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;

// The one query route of a dataset, with its columns as parameters.
void WriteDataPath(JsonWriter& json, const LoadedDataset& dataset, bool with_format) {
  const std::string id = fmt::format("{}_{}", with_format ? "get_data" : "negotiate_data", dataset.id);
  const Get get{.id = id,
                .summary = "Rows",
                .description = "Rows by filters, which all have to hold; the whole answer unless `limit` is given.",
                .tag = "data"};
  json.Key(dataset.Url() + (with_format ? "/data.{format}" : "/data")).BeginObject();
  BeginGet(json, get);
  json.Key("parameters");
  json.BeginArray();
  if (with_format) json.Raw(kFormatParameter);
  WriteFilterParameters(json, dataset, FilteredColumns::kAll);
  WriteReserved(json, kDataReserved);
  json.EndArray();
  json.Key("responses").BeginObject().Key("200").Raw(kDataResponse);
  json.Key("304").Raw(R"({"$ref":"#/components/responses/NotModified"})");
  json.Key("422").Raw(R"({"$ref":"#/components/responses/NotHonest"})");
  WriteCommonResponses(json);
  json.EndObject().EndObject().EndObject();
}

// Filters of all columns and of the version, as the lists of codes and series take them.
std::string ListParameters(const LoadedDataset& dataset, std::string_view more, std::string_view path = {}) {
  JsonWriter json;
  json.BeginArray();
  if (!path.empty()) json.Raw(path);
  WriteFilterParameters(json, dataset, FilteredColumns::kAll);
  WriteReserved(json, more);
  return json.EndArray().Take();
}

std::string PathParameter(std::string_view name, std::string_view description, std::string_view example) {
  JsonWriter json;
  json.BeginObject().Key("name").String(name).Key("in").String("path").Key("required").Bool(true);
  json.Key("description").String(description).Key("schema").Raw(R"({"type":"string","minLength":1})");
  return json.Key("example").String(example).EndObject().Take();
}

std::string DimensionParameter(const query::Cube& cube) {
  JsonWriter json;
  json.BeginObject().Key("name").String("dimension").Key("in").String("path").Key("required").Bool(true);
  json.Key("schema").BeginObject().Key("type").String("string").Key("enum").BeginArray();
  for (const query::CodeList& list : cube.dimensions) json.String(cube.columns[list.column].name);
  return json.EndArray().EndObject().EndObject().Take();
}

void WriteCodePaths(JsonWriter& json, const LoadedDataset& dataset) {
  const query::Cube& cube = *dataset.snapshot->cube;
  if (cube.dimensions.empty()) return;
  JsonWriter vintages;
  vintages.BeginArray();
  WriteReserved(vintages, "vintage as_of as_of_by");
  WriteGet(json, dataset.Url() + "/dimensions",
           {fmt::format("list_dimensions_{}", dataset.id), "List dimensions", "The dimensions.", "data", "Object"},
           vintages.EndArray().Take());
  WriteGet(json, dataset.Url() + "/dimensions/{dimension}",
           {fmt::format("list_codes_{}", dataset.id), "List codes",
            "The codes of a dimension with counts of the rows that the filters of other columns let pass.", "data",
            "Object"},
           ListParameters(dataset, "q code_order limit cursor vintage as_of as_of_by", DimensionParameter(cube)));
}

void WriteSeriesPaths(JsonWriter& json, const LoadedDataset& dataset) {
  const query::Cube& cube = *dataset.snapshot->cube;
  if (cube.repeats || cube.rows == 0 || cube.dimensions.empty()) return;
  const auto one = [&](std::string_view name, std::string_view what, const std::string& example) {
    JsonWriter parameters;
    parameters.BeginArray().Raw(PathParameter(name, what, example));
    WriteReserved(parameters, "measure vintage as_of as_of_by");
    return parameters.EndArray().Take();
  };
  const std::string key = cube.SeriesKey(0);
  WriteGet(json, dataset.Url() + "/series",
           {fmt::format("list_series_{}", dataset.id), "List series", "The series under filters.", "data", "Object"},
           ListParameters(dataset, "limit cursor vintage as_of as_of_by"));
  WriteGet(json, dataset.Url() + "/series/{key}",
           {fmt::format("get_series_{}", dataset.id), "Get a series", "All periods of one series.", "data", "Object"},
           one("key", "Frequency and codes in order", key));
  if (cube.time_column < 0 || cube.TimeText(0).empty()) return;
  const std::string observation = key + "." + cube.TimeText(0);
  WriteGet(
      json, dataset.Url() + "/observations/{observation}",
      {fmt::format("get_observation_{}", dataset.id), "Get a figure", "One figure with its history.", "data", "Object"},
      one("observation", "A series' key and a period", observation));
  WriteGet(json, dataset.Url() + "/observations/{observation}/lineage",
           {fmt::format("get_lineage_{}", dataset.id), "Where a figure comes from",
            "Workbook, sheet, cell and what it shows, notes, binding, checks, history; 404 where nobody noted it.",
            "data", "Object"},
           one("observation", "A series' key and a period", observation));
}

void WriteDiffPath(JsonWriter& json, const LoadedDataset& dataset, const std::string& version) {
  JsonWriter parameters;
  parameters.BeginArray().Raw(version).Raw(kFormatParameter);
  WriteReserved(parameters, "against change");
  WriteFilterParameters(parameters, dataset, FilteredColumns::kKey);
  WriteReserved(parameters, "select sort limit cursor shape");
  const std::string id = fmt::format("get_diff_{}", dataset.id);
  const Get get{.id = id,
                .summary = "What a version changed",
                .description = "Rows that it added, revised and removed against another; 404 for the first.",
                .tag = "versions"};
  json.Key(dataset.Url() + "/vintages/{vintage}/diff.{format}").BeginObject();
  BeginGet(json, get);
  json.Key("parameters").Raw(parameters.EndArray().Take());
  json.Key("responses").BeginObject().Key("200").Raw(kDataResponse);
  json.Key("302").Raw(kMoved).Key("304").Raw(R"({"$ref":"#/components/responses/NotModified"})");
  json.Key("422").Raw(R"({"$ref":"#/components/responses/NotHonest"})");
  WriteCommonResponses(json);
  json.EndObject().EndObject().EndObject();
}

void WriteVintagePaths(JsonWriter& json, const LoadedDataset& dataset) {
  if (!dataset.vintages) return;
  JsonWriter paging;
  paging.BeginArray();
  WriteReserved(paging, "limit cursor");
  WriteGet(json, dataset.Url() + "/vintages",
           {fmt::format("list_vintages_{}", dataset.id), "List versions", "All versions, newest first.", "versions",
            "Object"},
           paging.EndArray().Take());
  const std::string version =
      PathParameter("vintage", "A version's number, `latest`, or a date", std::to_string(dataset.vintage));
  const std::string id = fmt::format("get_vintage_{}", dataset.id);
  json.Key(dataset.Url() + "/vintages/{vintage}").BeginObject();
  const Get get{.id = id,
                .summary = "Get a version",
                .description = "Its sources, checks and findings. A date leads to the version of that day.",
                .tag = "versions",
                .schema = "Object"};
  BeginGet(json, get);
  json.Key("parameters").Raw("[" + version + "]").Key("responses").BeginObject();
  WriteOk(json, get);
  json.Key("302").Raw(kMoved);
  WriteCommonResponses(json);
  json.EndObject().EndObject().EndObject();
  if (dataset.vintage > 0) WriteDiffPath(json, dataset, version);  // the first has nothing to be compared with
}

}  // namespace

void WriteDatasetPaths(JsonWriter& json, const LoadedDataset& dataset) {
  WriteDataPath(json, dataset, false);
  WriteDataPath(json, dataset, true);
  WriteCodePaths(json, dataset);
  WriteSeriesPaths(json, dataset);
  WriteVintagePaths(json, dataset);
}

std::string FredParameters(const std::string& series) {
  JsonWriter json;
  json.BeginArray().BeginObject().Key("name").String("series_id").Key("in").String("query").Key("required").Bool(true);
  json.Key("description").String("dataset.KEY, with several measures dataset:measure.KEY");
  json.Key("schema").Raw(R"({"type":"string","minLength":1})").Key("example").String(series).EndObject();
  return json.EndArray().Take();
}

}  // namespace tidemill::data_api
