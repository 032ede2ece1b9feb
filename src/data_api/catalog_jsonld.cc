// SPDX-License-Identifier: Apache-2.0
// /catalog.jsonld: all datasets as a DCAT 3 catalogue.
#include <string>
#include <string_view>

#include "tidemill/base/date.h"
#include "tidemill/base/json_writer.h"

#include "answer.h"
#include "etag.h"
#include "licence.h"
#include "routes.h"

namespace tidemill::data_api {

using base::JsonWriter;

std::string LicenceUrl(std::string_view licence) {
  constexpr std::string_view kOfIds = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.+";
  const bool is_id =
      licence.find('-') != std::string_view::npos && licence.find_first_not_of(kOfIds) == std::string_view::npos;
  return is_id ? "https://spdx.org/licenses/" + std::string(licence) : std::string();
}

namespace {

constexpr std::string_view kContext =
    R"({"dcat":"http://www.w3.org/ns/dcat#","dct":"http://purl.org/dc/terms/","foaf":"http://xmlns.com/foaf/0.1/",)"
    R"("spdx":"http://spdx.org/rdf/terms#","xsd":"http://www.w3.org/2001/XMLSchema#"})";

// Absolute where the service knows its address; else relative to the document, as JSON-LD allows.
struct Writer {
  JsonWriter json;
  const std::string& base;

  void Link(std::string_view name, std::string_view path) {
    json.Key(name).BeginObject().Key("@id").String(base + std::string(path)).EndObject();
  }
  void Outside(std::string_view name, std::string_view url) {
    if (!url.empty()) json.Key(name).BeginObject().Key("@id").String(url).EndObject();
  }
  void Typed(std::string_view name, std::string_view type, std::string_view value) {
    json.Key(name).BeginObject().Key("@type").String(type).Key("@value").String(value).EndObject();
  }
  void Publisher(const std::string& name) {
    if (name.empty()) return;
    json.Key("dct:publisher").BeginObject().Key("@type").String("foaf:Agent");
    json.Key("foaf:name").String(name).EndObject();
  }
  void Licence(const std::string& licence) {
    const std::string url = LicenceUrl(licence);
    if (!url.empty()) return Outside("dct:license", url);
    if (licence.empty()) return;
    json.Key("dct:rights").BeginObject().Key("@type").String("dct:RightsStatement");
    json.Key("dct:description").String(licence).EndObject();
  }
  void Distributions(const LoadedDataset& dataset);
  void Dataset(const LoadedDataset& dataset);
  void Service();
};

void Writer::Distributions(const LoadedDataset& dataset) {
  json.Key("dcat:distribution").BeginArray();
  for (const ServedFile* file : dataset.files->Current()) {
    json.BeginObject().Key("@type").String("dcat:Distribution");
    Link("dcat:accessURL", dataset.Url());
    Link("dcat:downloadURL", FileUrl(dataset.id, *file));
    Outside("dcat:mediaType", "https://www.iana.org/assignments/media-types/application/vnd.apache.parquet");
    Typed("dcat:byteSize", "xsd:nonNegativeInteger", std::to_string(file->size));
    json.Key("spdx:checksum").BeginObject().Key("@type").String("spdx:Checksum");
    Outside("spdx:algorithm", "http://spdx.org/rdf/terms#checksumAlgorithm_sha256");
    Typed("spdx:checksumValue", "xsd:hexBinary", file->sha256);
    json.EndObject().EndObject();
  }
  json.EndArray();
}

void Writer::Dataset(const LoadedDataset& dataset) {
  json.BeginObject().Key("@id").String(base + dataset.Url()).Key("@type").String("dcat:Dataset");
  json.Key("dct:identifier").String(dataset.id);
  json.Key("dct:title").String(dataset.facts.title.empty() ? dataset.id : dataset.facts.title);
  json.Stated("dct:description", dataset.facts.description);
  Publisher(dataset.Fact("publisher"));
  Licence(dataset.Fact("licence"));
  json.Key("dcat:version").String(std::to_string(dataset.vintage));
  if (!dataset.released.empty()) Typed("dct:issued", "xsd:date", dataset.released);
  if (dataset.recorded) Typed("dct:modified", "xsd:dateTime", base::ToRfc3339(*dataset.recorded));
  if (const auto& span = dataset.snapshot->period) {
    json.Key("dct:temporal").BeginObject().Key("@type").String("dct:PeriodOfTime");
    json.Key("dcat:startDate").String(base::ToText(span->first));
    json.Key("dcat:endDate").String(base::ToText(span->last)).EndObject();
  }
  Outside("dcat:landingPage", dataset.Fact("page"));
  Distributions(dataset);
  json.EndObject();
}

void Writer::Service() {
  json.Key("dcat:service").BeginObject().Key("@id").String(base + "/v1").Key("@type").String("dcat:DataService");
  json.Key("dct:title").String("Tidemill data API");
  Link("dcat:endpointURL", "/v1");
  Link("dcat:endpointDescription", "/openapi.json");
  json.EndObject();
}

}  // namespace

http::Response DescribeCatalog(const Question& question) {
  const std::string& base = question.options.public_url;
  http::Response response{.status = 200, .headers = CommonHeaders(kLive), .body = {}, .shared = {}};
  response.headers.emplace_back("Content-Type", "application/ld+json");
  response = WithETag(question.request, std::move(response), MakeETag(question.catalog.id, "/catalog.jsonld" + base));
  if (response.status == 304) return response;
  Writer writer{.json = {}, .base = base};
  writer.json.BeginObject().Key("@context").Raw(kContext).Key("@id").String(base + "/catalog.jsonld");
  writer.json.Key("@type").String("dcat:Catalog").Key("dct:title").String("Datasets of this Tidemill");
  writer.Service();
  writer.json.Key("dcat:dataset").BeginArray();
  for (const auto& [id, dataset] : question.catalog.datasets) writer.Dataset(*dataset);
  writer.json.EndArray().EndObject();
  response.body = writer.json.Take();
  return response;
}

}  // namespace tidemill::data_api
