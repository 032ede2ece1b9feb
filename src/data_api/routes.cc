// SPDX-License-Identifier: Apache-2.0
#include "routes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/result.h"
#include "tidemill/base/text.h"
#include "tidemill/http/negotiate.h"
#include "tidemill/http/router.h"

#include "answer.h"
#include "problem.h"

namespace tidemill::data_api {
namespace {

struct Route {
  std::string_view pattern;
  http::Response (*answer)(const Question&);
  bool is_page = false;                        // pages ignore parameters; some routes read them themselves
  std::string_view type = "application/json";  // of its answer; empty: the path names it, or it sees to Accept itself
};

constexpr std::array kRoutes = {
    Route{"/", ListLinks, true},
    Route{"/openapi.json", ShowOpenApi, false, {}},
    Route{"/v1/datasets", ListDatasets},
    Route{"/v1/datasets/{dataset}", DescribeDataset},
    Route{"/healthz", ShowHealth},
    Route{"/readyz", ShowReadiness},
    Route{"/version", ShowVersion},
    Route{"/problems/{type}", ShowProblem, false, {}},
    Route{"/metrics", ShowMetrics, false, "text/plain"},
    Route{"/v1/datasets/{dataset}/files", ListFiles},
    Route{"/v1/datasets/{dataset}/files/{file}", SendFile, false, {}},
    Route{"/v1/datasets/{dataset}/datapackage.json", DescribePackage, false, {}},
    Route{"/catalog.jsonld", DescribeCatalog, false, {}},
    Route{"/v1/datasets/{dataset}/data", AnswerData, true, {}},
    Route{"/v1/datasets/{dataset}/data.json", AnswerData, true, {}},
    Route{"/v1/datasets/{dataset}/data.csv", AnswerData, true, {}},
    Route{"/v1/datasets/{dataset}/data.ndjson", AnswerData, true, {}},
    Route{"/v1/datasets/{dataset}/data.parquet", AnswerData, true, {}},
    Route{"/v1/datasets/{dataset}/data.arrow", AnswerData, true, {}},
    Route{"/v1/datasets/{dataset}/data.arrows", AnswerData, true, {}},
    Route{"/v1/datasets/{dataset}/data.xlsx", AnswerData, true, {}},
    Route{"/v1/datasets/{dataset}/dimensions", ListDimensions, true},
    Route{"/v1/datasets/{dataset}/dimensions/{dimension}", ListCodes, true},
    Route{"/v1/datasets/{dataset}/series", ListSeries, true},
    Route{"/v1/datasets/{dataset}/series/{key}", ShowSeries, true, {}},
    Route{"/v1/datasets/{dataset}/observations/{key}", ShowObservation, true},
    Route{"/v1/datasets/{dataset}/observations/{key}/lineage", ShowLineage, true},
    Route{"/v1/datasets/{dataset}/vintages", ListVintages, true},
    Route{"/v1/datasets/{dataset}/vintages/{vintage}", ShowVintage},
    Route{"/v1/datasets/{dataset}/vintages/{vintage}/diff", AnswerDiff, true, {}},
    Route{"/v1/datasets/{dataset}/vintages/{vintage}/diff.json", AnswerDiff, true, {}},
    Route{"/v1/datasets/{dataset}/vintages/{vintage}/diff.csv", AnswerDiff, true, {}},
    Route{"/v1/datasets/{dataset}/vintages/{vintage}/diff.ndjson", AnswerDiff, true, {}},
    Route{"/v1/datasets/{dataset}/vintages/{vintage}/diff.parquet", AnswerDiff, true, {}},
    Route{"/v1/datasets/{dataset}/vintages/{vintage}/diff.arrow", AnswerDiff, true, {}},
    Route{"/v1/datasets/{dataset}/vintages/{vintage}/diff.arrows", AnswerDiff, true, {}},
    Route{"/v1/datasets/{dataset}/vintages/{vintage}/diff.xlsx", AnswerDiff, true, {}},
    Route{"/v1/geographies/{code}", ShowGeography},
    Route{"/sdmx/source.json", ShowSdmxSource},
    Route{"/v1/events", StreamChanges, true, "text/event-stream"},
    Route{"/v1/feed.atom", ListChanges, true, {}},
    Route{"/fred/series", ShowFredSeries, true, {}},
    Route{"/fred/series/observations", ListFredObservations, true, {}},
    Route{"/fred/series/vintagedates", ListFredVintages, true, {}},
};

struct Match {
  const Route* route = nullptr;
  std::vector<std::string> values;
};

std::ptrdiff_t SlashesIn(std::string_view path) {
  return std::count(path.begin(), path.end(), '/');
}

// Every answer is counted by its route, those that lie ready as well: the few that could fit are told by their slashes.
Match FindRoute(std::string_view path) {
  static const auto slashes_of = [] {
    std::array<std::ptrdiff_t, std::size(kRoutes)> counts{};
    std::transform(std::begin(kRoutes), std::end(kRoutes), counts.begin(),
                   [](const Route& route) { return SlashesIn(route.pattern); });
    return counts;
  }();
  const std::ptrdiff_t slashes = SlashesIn(path);
  for (std::size_t i = 0; i < std::size(kRoutes); ++i) {
    const Route& route = kRoutes[i];
    if (slashes_of[i] != slashes) continue;
    if (auto values = http::MatchPath(route.pattern, path)) return {&route, *std::move(values)};
  }
  return {};
}

// No route here takes parameters: the first one, and whether it can be read at all.
std::optional<Problem> RefuseParameters(const http::Request& request) {
  if (request.query.empty()) return std::nullopt;
  const std::string_view first = request.query.substr(0, request.query.find('&'));
  const std::size_t equals = first.find('=');
  const auto name = base::PercentDecode(first.substr(0, equals));
  const auto value = base::PercentDecode(equals == std::string_view::npos ? "" : first.substr(equals + 1));
  if (equals == std::string_view::npos || !name || !value || !base::IsValidUtf8(*name) || !base::IsValidUtf8(*value)) {
    return Problem{
        "malformed-query",
        fmt::format("the query {} cannot be read at its first byte; expected name=value with percent-escapes of "
                    "UTF-8",
                    base::Quoted(request.query)),
        {{"offset", "0"}}};
  }
  return Problem{"unknown-parameter",
                 fmt::format("{} is no parameter of {}, which takes none", base::Quoted(*name), request.path),
                 {{"parameter", base::JsonString(*name)},
                  {"value", base::JsonString(*value)},
                  {"offset", "0"},
                  {"valid", "\"/openapi.json\""}}};
}

// Where the client names types and none is the route's.
std::optional<Problem> RefuseType(const http::Request& request, const Route& route) {
  if (route.type.empty()) return std::nullopt;
  const std::string accept = http::FieldList(request, "Accept");
  if (http::ChooseMediaType(accept, std::span(&route.type, 1))) return std::nullopt;
  return Problem{
      "not-acceptable",
      fmt::format("Accept {} does not take what {} has; expected {}", base::Quoted(accept), request.path, route.type),
      {{"available", "[" + base::JsonString(route.type) + "]"}}};
}

// Far over what any query needs.
std::optional<Problem> RefuseMany(const http::Request& request) {
  constexpr std::ptrdiff_t kMostParameters = 256;
  const std::ptrdiff_t count = std::count(request.query.begin(), request.query.end(), '&') + 1;
  if (request.query.empty() || count <= kMostParameters) return std::nullopt;
  return Problem{"too-many-parameters",
                 fmt::format("the query has {} parameters; expected at most {}: a list takes its values in one, "
                             "name=a,b,c",
                             count, kMostParameters),
                 {}};
}

http::Response NotFound(const http::Request& request) {
  return ToResponse(
      {"not-found",
       fmt::format("there is no route {}; /openapi.json lists those of the API", base::Quoted(request.path)),
       {{"valid", "\"/openapi.json\""}}},
      request.target);
}

}  // namespace

std::string_view RouteOf(std::string_view path) {
  if (IsSeedPath(path)) return kSeedPattern;
  const Match match = FindRoute(path);
  return match.route == nullptr ? "other" : match.route->pattern;
}

http::Response Answer(const http::Request& request, const Catalog& catalog, const ServiceOptions& options,
                      const Metrics& metrics, ChangeFeed& feed) {
  if (!http::PathIsSound(request.path)) {
    return ToResponse({"malformed-query",
                       fmt::format("the path {} has a bad percent-escape or is no UTF-8", base::Quoted(request.path)),
                       {}},
                      request.target);
  }
  if (IsSeedPath(request.path)) return AnswerSeed(request, catalog);
  if (request.method == "OPTIONS") return NoContent();
  if (request.method != "GET" && request.method != "HEAD") {
    return ToResponse({"method-not-allowed",
                       fmt::format("{} is not allowed; expected one of {}", base::Quoted(request.method), kAllowed),
                       {}},
                      request.target);
  }
  // Here a slash at the end and unknown parameters are allowed, and errors are in XML.
  if (IsSdmxPath(request.path)) return AnswerSdmx({request, catalog, options, {}, metrics, feed});
  Match match = FindRoute(request.path);
  if (match.route == nullptr && request.path.size() > 1 && request.path.ends_with('/')) {
    const std::string without(request.path.substr(0, request.path.size() - 1));
    const std::string query = request.query.empty() ? "" : "?" + std::string(request.query);
    if (FindRoute(without).route != nullptr) return Redirect(308, without + query);
  }
  if (match.route == nullptr) return NotFound(request);
  if (const auto problem = RefuseType(request, *match.route)) return ToResponse(*problem, request.target);
  if (const auto problem = RefuseMany(request)) return ToResponse(*problem, request.target);
  if (!match.route->is_page) {
    if (const auto problem = RefuseParameters(request)) return ToResponse(*problem, request.target);
  }
  return match.route->answer({request, catalog, options, std::move(match.values), metrics, feed});
}

}  // namespace tidemill::data_api
