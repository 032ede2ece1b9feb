// SPDX-License-Identifier: Apache-2.0
#include "answer.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/date.h"

#include "etag.h"

namespace tidemill::data_api {

http::Headers CommonHeaders(std::string_view cache_control) {
  return {{"Cache-Control", std::string(cache_control)},
          {"X-Content-Type-Options", "nosniff"},
          {"Access-Control-Allow-Origin", "*"},
          {"Access-Control-Expose-Headers",
           "ETag, Link, Content-Length, Content-Range, Accept-Ranges, Content-Location, Tidemill-Vintage, RateLimit, "
           "RateLimit-Policy, Retry-After"},
          {"Accept-Ranges", "none"},
          {"Vary", "Accept-Encoding"}};
}

http::Headers DatasetHeaders(const LoadedDataset& dataset) {
  http::Headers headers = CommonHeaders(kLive);
  headers.emplace_back("Tidemill-Vintage", dataset.VintageText());
  headers.emplace_back("Link", fmt::format("</v1/datasets/{}>; rel=\"describedby\"", dataset.id));
  if (dataset.recorded) headers.emplace_back("Last-Modified", base::ToHttpDate(*dataset.recorded));
  return headers;
}

bool IsFresh(const http::Request& request, const Validators& validators) {
  const std::string tags = http::FieldList(request, "If-None-Match");
  if (!tags.empty()) return Matches(tags, validators.etag);
  const auto since = base::ParseHttpDate(http::FieldValue(request, "If-Modified-Since"));
  return since && validators.modified && std::chrono::floor<std::chrono::seconds>(*validators.modified) <= *since;
}

http::Response Json(int status, std::string body, std::string_view cache_control) {
  http::Response response{
      .status = status, .headers = CommonHeaders(cache_control), .body = std::move(body), .shared = {}};
  response.headers.emplace_back("Content-Type", "application/json");
  return response;
}

http::Response NoContent() {
  http::Response response{.status = 204, .headers = CommonHeaders(kNoStore), .body = {}, .shared = {}};
  response.headers.emplace_back("Allow", kAllowed);
  response.headers.emplace_back("Access-Control-Allow-Methods", kAllowed);
  response.headers.emplace_back("Access-Control-Allow-Headers",
                                "Range, If-None-Match, If-Range, Authorization, X-API-Key");
  response.headers.emplace_back("Access-Control-Max-Age", "86400");
  return response;
}

http::Response WithETag(const http::Request& request, http::Response response, std::string etag) {
  const bool fresh = IsFresh(request, {.etag = etag, .modified = {}});
  response.headers.emplace_back("ETag", std::move(etag));
  if (fresh) response.status = 304;
  return response;
}

http::Response Redirect(int status, std::string location, std::string_view cache_control) {
  http::Response response{.status = status, .headers = CommonHeaders(cache_control), .body = {}, .shared = {}};
  response.headers.emplace_back("Location", std::move(location));
  return response;
}

}  // namespace tidemill::data_api
