// SPDX-License-Identifier: Apache-2.0
// Routes about the service itself.
#include <array>
#include <string>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"
#include "tidemill/http/negotiate.h"

#include "answer.h"
#include "etag.h"
#include "metrics.h"
#include "problem.h"
#include "problem_page.h"
#include "routes.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;

void VaryByAccept(http::Response& response) {
  for (auto& [name, value] : response.headers) {
    if (name == "Vary") value = "Accept, Accept-Encoding";
  }
}

}  // namespace

http::Response ListLinks(const Question& question) {
  JsonWriter json;
  json.BeginObject();
  json.Key("name").String("tidemill");
  json.Key("links").BeginObject();
  for (const std::string_view link :
       {"/v1/datasets", "/explore", "/openapi.json", "/docs", "/catalog.jsonld", "/v1/feed.atom", "/v1/events",
        "/sdmx/source.json", "/healthz", "/readyz", "/metrics", "/version"}) {
    json.Key(link.substr(link.rfind('/') + 1)).String(link);
  }
  json.EndObject().EndObject();
  http::Response response = Json(200, json.Take(), kLive);
  VaryByAccept(response);  // the same path is a page to browsers
  std::string etag = MakeETag({}, response.body);
  return WithETag(question.request, std::move(response), std::move(etag));
}

http::Response ShowOpenApi(const Question& question) {
  std::string etag = MakeETag(question.catalog.id, question.catalog.openapi);
  return WithETag(question.request, Json(200, question.catalog.openapi, kLive), std::move(etag));
}

http::Response ShowHealth(const Question&) {
  return Json(200, R"({"status":"ok"})", kNoStore);
}

http::Response ShowReadiness(const Question& question) {
  const Catalog& catalog = question.catalog;
  const bool ready = catalog.missing.empty();
  JsonWriter json;
  json.BeginObject();
  json.Key("status").String(ready ? "ready" : "loading");
  json.Key("datasets").BeginObject();
  for (const auto& [id, dataset] : catalog.datasets) json.Key(id).Int(dataset->vintage);
  json.EndObject();
  for (const auto& [name, reasons] : {std::pair{"missing", &catalog.missing}, std::pair{"stale", &catalog.stale}}) {
    if (reasons->empty()) continue;
    json.Key(name).BeginObject();
    for (const auto& [id, why] : *reasons) json.Key(id).String(why);
    json.EndObject();
  }
  json.EndObject();
  http::Response response = Json(ready ? 200 : 503, json.Take(), kNoStore);
  if (!ready) response.headers.emplace_back("Retry-After", "1");
  return response;
}

http::Response ShowMetrics(const Question& question) {
  http::Response response{.status = 200, .headers = CommonHeaders(kNoStore), .body = {}, .shared = {}};
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = question.metrics.Write(question.catalog);
  return response;
}

http::Response ShowVersion(const Question& question) {
  const BuildFacts& build = question.options.build;
  JsonWriter json;
  json.BeginObject();
  json.Key("name").String("tidemill");
  json.Stated("version", build.version).Stated("commit", build.commit).Stated("compiler", build.compiler);
  json.EndObject();
  return Json(200, json.Take(), kNoStore);
}

http::Response ShowProblem(const Question& question) {
  const std::string& name = question.path_values[0];
  const ProblemType* type = FindProblemType(name);
  if (type == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& known : ProblemTypes()) names.push_back(known.name);
    const std::string nearest(base::Nearest(name, names));
    return ToResponse({"not-found",
                       fmt::format("{} is no type of error{}", base::Quoted(name),
                                   nearest.empty() ? "" : fmt::format("; nearest: {}", nearest)),
                       {{"nearest", nearest.empty() ? "[]" : "[" + base::JsonString(nearest) + "]"}}},
                      question.request.target);
  }
  constexpr std::array<std::string_view, 2> kForms = {"text/plain", "text/html"};
  const std::string accept = http::FieldList(question.request, "Accept");
  const auto form = http::ChooseMediaType(accept, kForms);
  if (!form) {
    return ToResponse({"not-acceptable",
                       fmt::format("Accept {} does not take what {} has; expected text/html or text/plain",
                                   base::Quoted(accept), question.request.path),
                       {{"available", R"(["text/html","text/plain"])"}}},
                      question.request.target);
  }
  const bool html = *form == 1;
  http::Response response{.status = 200, .headers = CommonHeaders(kLive), .body = {}, .shared = {}};
  VaryByAccept(response);
  response.headers.emplace_back("Content-Type", fmt::format("{}; charset=utf-8", kForms.at(*form)));
  if (html) response.headers.emplace_back("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'");
  response.body = html ? ToHtml(*type) : ToText(*type);
  std::string etag = MakeETag({}, response.body);
  return WithETag(question.request, std::move(response), std::move(etag));
}

}  // namespace tidemill::data_api
