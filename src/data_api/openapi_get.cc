// SPDX-License-Identifier: Apache-2.0
#include "openapi_get.h"

#include <array>
#include <utility>

namespace tidemill::data_api {

using base::JsonWriter;

namespace {

void WriteForm(JsonWriter& json, std::string_view type, std::string_view schema) {
  json.Key(type).BeginObject().Key("schema").BeginObject();
  if (schema.empty()) {
    json.Key("type").String("string");
  } else {
    json.Key("$ref").String("#/components/schemas/" + std::string(schema));
  }
  json.EndObject().EndObject();
}

}  // namespace

// By the names of components/responses.
void WriteCommonResponses(JsonWriter& json) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kCommon = {{{"400", "Malformed"},
                                                                                      {"404", "NotFound"},
                                                                                      {"405", "MethodNotAllowed"},
                                                                                      {"406", "NotAcceptable"},
                                                                                      {"408", "TimeOut"},
                                                                                      {"413", "RequestBody"},
                                                                                      {"414", "UriTooLong"},
                                                                                      {"431", "HeaderTooLarge"},
                                                                                      {"500", "Internal"},
                                                                                      {"501", "NotImplemented"},
                                                                                      {"503", "Unavailable"},
                                                                                      {"504", "TimeOut"},
                                                                                      {"505", "UnsupportedVersion"}}};
  for (const auto& [status, name] : kCommon) {
    json.Key(status).BeginObject().Key("$ref").String("#/components/responses/" + std::string(name)).EndObject();
  }
}

void BeginGet(JsonWriter& json, const Get& get) {
  json.Key("get").BeginObject();
  json.Key("operationId").String(get.id).Key("summary").String(get.summary).Key("description").String(get.description);
  json.Key("tags").BeginArray().String(get.tag).EndArray();
}

void WriteOk(JsonWriter& json, const Get& get) {
  json.Key("200").BeginObject().Key("description").String("The answer").Key("content").BeginObject();
  WriteForm(json, get.schema.empty() && get.type == "application/json" ? "text/plain" : get.type, get.schema);
  if (!get.other_type.empty()) WriteForm(json, get.other_type, {});
  json.EndObject().EndObject();
  if (get.has_etag) json.Key("304").Raw(R"({"$ref":"#/components/responses/NotModified"})");
}

void WriteGet(JsonWriter& json, std::string_view path, const Get& get, std::string_view parameters) {
  json.Key(path).BeginObject();
  BeginGet(json, get);
  if (!parameters.empty()) json.Key("parameters").Raw(parameters);
  json.Key("responses").BeginObject();
  WriteOk(json, get);
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

}  // namespace tidemill::data_api
