// SPDX-License-Identifier: Apache-2.0
// The one route of the service that this one replaces, with the bodies and errors of its framework.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tidemill/base/text.h"
#include "tidemill/http/router.h"

#include "answer.h"
#include "hot_answers.h"
#include "routes.h"

namespace tidemill::data_api {
namespace {

http::Response Detail(int status, std::string body) {
  http::Response response = Json(status, std::move(body), kNoStore);
  if (status == 405) response.headers.emplace_back("Allow", kAllowed);
  return response;
}

http::Response NotFound() {
  return Detail(404, R"({"detail":"Not Found"})");
}

// [+-]?[0-9]{1,18}
std::optional<std::int64_t> ParseYear(std::string_view text) {
  const std::string_view digits = text.substr(text.find_first_not_of("+-") == 1 ? 1 : 0);
  if (digits.empty() || digits.size() > 18 || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  const auto value = base::ParseInt(digits);
  return text.front() == '-' ? -*value : *value;
}

// A part may not hold an escaped slash: the old service decoded the path before it split it.
std::optional<std::vector<std::string>> MatchSeed(std::string_view path) {
  auto values = http::MatchPath(kSeedPattern, path);
  if (!values) return std::nullopt;
  const bool slashed = std::any_of(values->begin(), values->end(),
                                   [](const std::string& value) { return value.find('/') != std::string::npos; });
  return slashed ? std::nullopt : std::move(values);
}

}  // namespace

bool IsSeedPath(std::string_view path) {
  return path == "/year" || path.starts_with("/year/");
}

http::Response AnswerSeed(const http::Request& request, const Catalog& catalog) {
  if (!catalog.seed) return NotFound();
  const auto values = MatchSeed(request.path);
  if (!values) {
    const std::string_view without = request.path.substr(0, request.path.size() - 1);
    if (!request.path.ends_with('/') || !MatchSeed(without)) return NotFound();
    return Redirect(307, std::string(without) + (request.query.empty() ? "" : "?" + std::string(request.query)));
  }
  if (request.method == "OPTIONS") return NoContent();
  if (request.method != "GET" && request.method != "HEAD") return Detail(405, R"({"detail":"Method Not Allowed"})");
  const auto year = ParseYear((*values)[0]);
  if (!year) {
    return Detail(422, R"({"detail":[{"loc":["path","year"],"msg":"value is not a valid integer",)"
                       R"("type":"type_error.integer"}]})");
  }
  const LoadedDataset& dataset = *catalog.seed;
  const std::string& code = (*values)[1];
  Validators validators{SeedETag(dataset, *year, code), dataset.recorded};
  http::Response response{.status = 200, .headers = DatasetHeaders(dataset), .body = {}, .shared = {}};
  response.headers.emplace_back("ETag", validators.etag);
  if (IsFresh(request, validators)) {
    response.status = 304;
    return response;
  }
  response.headers.emplace_back("Content-Type", "application/json");
  dataset.snapshot->seed->AppendBody(response.body, *year, code);
  return response;
}

}  // namespace tidemill::data_api
