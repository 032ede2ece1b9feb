// SPDX-License-Identifier: Apache-2.0
#include "problem.h"

#include <algorithm>
#include <array>

#include "tidemill/base/json_writer.h"

#include "answer.h"

namespace tidemill::data_api {
namespace {

constexpr std::array kTypes = {
    ProblemType{"bad-cursor", 400, "bad cursor",
                "A cursor is what `next` of a page said. It goes with the query that it came from, and only with it."},
    ProblemType{"bad-value", 400, "bad value",
                "A parameter's value is not of the column's type, or out of bounds. `expected` says what would be."},
    ProblemType{"conflicting-parameters", 400, "conflicting parameters",
                "Two parameters exclude each other. `with` names the other."},
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
    ProblemType{"mixed-levels", 422, "mixed levels",
                "The rows of a sum are areas of several levels, such as regions and the districts in them: people "
                "would count twice. Choose one level (`valid` has a filter for each), group by the areas, or say "
                "`mixed=allow`."},
    ProblemType{"no-lineage", 404, "no lineage", "The dataset does not say which cells its figures come from."},
    ProblemType{"no-vintage", 404, "no such vintage",
                "The dataset has no such version, or none that early. `first` is its oldest."},
    ProblemType{"not-acceptable", 406, "not acceptable",
                "Accept or Accept-Encoding takes nothing that the route has. `available` lists what it has; without "
                "these fields the answer comes in its usual form."},
    ProblemType{"not-additive", 422, "not additive",
                "The column holds rates, indices or the like, whose sum means nothing."},
    ProblemType{
        "not-found", 404, "not found",
        "There is no such route or dataset. `nearest` names what comes close; /v1/datasets lists all datasets."},
    ProblemType{"not-implemented", 501, "not implemented",
                "The request needs what this server does not do: of transfer codings it knows chunked alone."},
    ProblemType{"overflow", 422, "overflow", "A sum of integers is beyond 64 bits. Sums are exact or refused."},
    ProblemType{"range-not-satisfiable", 416, "range not satisfiable",
                "The range begins behind the end of the file, whose size Content-Range tells."},
    ProblemType{"repeated-parameter", 400, "repeated parameter",
                "The parameter may come once. Filters may be repeated: geo_code=a&geo_code=b asks for both."},
    ProblemType{"request-body", 413, "request body",
                "No route takes a request body with GET, HEAD or OPTIONS. Send none."},
    ProblemType{"request-time-out", 408, "request time-out", "The head of the request did not come within 10 seconds."},
    ProblemType{"time-out", 504, "time-out",
                "The answer took longer than 30 seconds to begin. Ask for less, or try again."},
    ProblemType{"too-large", 413, "too large",
                "The answer is larger than this format or server allows. It is never cut short."},
    ProblemType{"too-many-parameters", 400, "too many parameters",
                "A query may have 256 parameters. A filter takes many values in one: geo_code=a,b,c."},
    ProblemType{
        "unavailable", 503, "unavailable",
        "Too many requests wait, or a dataset is still being loaded. Try again after the seconds in Retry-After."},
    ProblemType{"unknown-code", 400, "unknown code",
                "The dimension has no such code, in this version nor in the newest. `nearest` names what comes close, "
                "`valid` lists all."},
    ProblemType{"unknown-column", 400, "unknown column",
                "select, sort, group or agg names a column that is not there. `nearest` names what comes close."},
    ProblemType{"unknown-operator", 400, "unknown operator",
                "The operator after '__' is none, or not one for columns of this type. `valid` lists them."},
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
    case 501:
      return "not-implemented";
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
