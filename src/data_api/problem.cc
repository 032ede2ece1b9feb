// SPDX-License-Identifier: Apache-2.0
#include "problem.h"

#include <algorithm>
#include <array>

#include "tidemill/base/json_writer.h"

#include "answer.h"

namespace tidemill::data_api {
namespace {

constexpr std::array kTypes = {
    ProblemType{"gone", 410, "gone",
                "The file was there once and is no more, or has been replaced. The list of files says what is held."},
    ProblemType{
        "header-too-large", 431, "request header fields too large",
        "The head of a request may have 16 KiB and 100 fields. Leave away what is not needed: cookies, most often."},
    ProblemType{"internal", 500, "internal error",
                "A fault of this program. The request was fine as far as we can tell; please report it."},
    ProblemType{"malformed-query", 400, "malformed request",
                "The request cannot be read: a bad percent-escape, text that is no UTF-8, or a parameter without '='. "
                "`offset` is the byte in the query where that is."},
    ProblemType{"malformed-request", 400, "malformed request",
                "The request's head breaks the rules of HTTP/1.1 (RFC 9112). Programs that use an HTTP library never "
                "see this."},
    ProblemType{"method-not-allowed", 405, "method not allowed",
                "This API only reads: GET, HEAD and OPTIONS. The field Allow lists what a route takes."},
    ProblemType{"not-acceptable", 406, "not acceptable",
                "Accept or Accept-Encoding takes nothing that the route has. `available` lists what it has; without "
                "these fields the answer comes in its usual form."},
    ProblemType{
        "not-found", 404, "not found",
        "There is no such route or dataset. `nearest` names what comes close; /v1/datasets lists all datasets."},
    ProblemType{"range-not-satisfiable", 416, "range not satisfiable",
                "The range begins behind the end of the file, whose size Content-Range tells."},
    ProblemType{"request-body", 413, "request body",
                "No route takes a request body with GET, HEAD or OPTIONS. Send none."},
    ProblemType{"request-time-out", 408, "request time-out", "The head of the request did not come within 10 seconds."},
    ProblemType{"time-out", 504, "time-out",
                "The answer took longer than 30 seconds to begin. Ask for less, or try again."},
    ProblemType{"too-many-parameters", 400, "too many parameters",
                "A query may have 256 parameters. A filter takes many values in one: geo_code=a,b,c."},
    ProblemType{
        "unavailable", 503, "unavailable",
        "Too many requests wait, or a dataset is still being loaded. Try again after the seconds in Retry-After."},
    ProblemType{
        "unknown-parameter", 400, "unknown parameter",
        "The route does not know a parameter of the query. Unknown ones are refused, so that a mistyped filter is "
        "never taken for none. `parameter` names it, `valid` says where the known ones stand."},
    ProblemType{"unsupported-version", 505, "HTTP version not supported", "This server speaks HTTP/1.1 and HTTP/1.0."},
    ProblemType{"uri-too-long", 414, "URI too long", "The request line may have 16 KiB."},
};
static_assert(std::is_sorted(kTypes.begin(), kTypes.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));

}  // namespace

std::span<const ProblemType> ProblemTypes() {
  return kTypes;
}

const ProblemType* FindProblemType(std::string_view name) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& type) { return type.name == name; });
  return found == kTypes.end() ? nullptr : &*found;
}

std::string_view ProblemNameOf(int status) {
  switch (status) {
    case 400:
      return "malformed-request";
    case 408:
      return "request-time-out";
    case 413:
      return "request-body";
    case 414:
      return "uri-too-long";
    case 431:
      return "header-too-large";
    case 503:
      return "unavailable";
    case 504:
      return "time-out";
    case 505:
      return "unsupported-version";
    default:
      return "internal";
  }
}

http::Response ToResponse(const Problem& problem, std::string_view instance) {
  const ProblemType* type = FindProblemType(problem.type);
  base::JsonWriter json;
  json.BeginObject();
  json.Key("type").String("/problems/" + std::string(type->name));
  json.Key("title").String(type->title);
  json.Key("status").Int(type->status);
  json.Key("detail").String(problem.detail);
  json.Stated("instance", instance);
  for (const auto& [name, value] : problem.members) json.Key(name).Raw(value);
  json.EndObject();
  http::Response response{
      .status = type->status, .headers = CommonHeaders(kNoStore), .body = json.Take(), .shared = {}};
  response.headers.emplace_back("Content-Type", "application/problem+json");
  if (type->status == 405) response.headers.emplace_back("Allow", kAllowed);
  return response;
}

}  // namespace tidemill::data_api
