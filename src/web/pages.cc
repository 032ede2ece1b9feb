// SPDX-License-Identifier: Apache-2.0
#include "tidemill/web/pages.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"

#include "inflate.h"
#include "page_files.h"

namespace tidemill::web {
namespace {

// An item of a list such as "text/html;q=0.8": its weight in thousandths, or -1 where the list does not have it.
int WeightOf(std::string_view list, std::string_view wanted) {
  for (const std::string_view item : base::Split(list, ',')) {
    const auto parts = base::Split(item, ';');
    if (base::Lower(base::Trim(parts[0])) != wanted) continue;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::string_view parameter = base::Trim(parts[i]);
      if (!parameter.starts_with("q=")) continue;
      return static_cast<int>(base::ParseDouble(parameter.substr(2)).value_or(0) * 1000);
    }
    return 1000;
  }
  return -1;
}

bool WantsJson(const http::Request& request) {
  const std::string accept = http::FieldList(request, "Accept");
  const int json = WeightOf(accept, "application/json");
  return json > 0 && json > WeightOf(accept, "text/html");
}

bool TakesGzip(const http::Request& request) {
  const std::string codings = http::FieldList(request, "Accept-Encoding");
  const int named = WeightOf(codings, "gzip");
  return named > 0 || (named < 0 && WeightOf(codings, "*") > 0);
}

std::string_view PolicyOf(std::string_view path) {
  // Swagger UI sets inline styles and draws its icons from data: URLs.
  if (path.starts_with("/docs")) {
    return "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'";
  }
  // Made to stand in pages of others, who may watch no more than they could by asking the public API themselves.
  if (path == "/embed/chart") return "default-src 'self'; frame-ancestors *";
  return "default-src 'self'; frame-ancestors 'self'";
}

http::Headers HeadersOf(const PageFile& file, bool gzip) {
  http::Headers headers = {{"Content-Type", std::string(file.type)},
                           {"Cache-Control", "public, max-age=60, stale-while-revalidate=600"},
                           {"ETag", "\"" + base::Sha256Hex(file.gzip).substr(0, 32) + (gzip ? "-gzip\"" : "\"")},
                           {"Vary", file.path == "/" ? "Accept, Accept-Encoding" : "Accept-Encoding"},
                           {"X-Content-Type-Options", "nosniff"},
                           {"Access-Control-Allow-Origin", "*"},
                           {"Content-Security-Policy", std::string(PolicyOf(file.path))}};
  if (gzip) headers.emplace_back("Content-Encoding", "gzip");
  return headers;
}

http::Response Send(const http::Request& request, const PageFile& file) {
  const bool gzip = TakesGzip(request);
  http::Response response{.status = 200, .headers = HeadersOf(file, gzip), .body = {}, .shared = {}};
  const std::string known = http::FieldList(request, "If-None-Match");
  if (known == "*" || (!known.empty() && known.find(response.headers[2].second) != std::string::npos)) {
    response.status = 304;
  } else if (gzip) {
    response.shared.bytes = file.gzip;
  } else {
    response.body = Inflate(file.gzip);
  }
  return response;
}

http::Response Redirect(int status, std::string location) {
  return {.status = status,
          .headers = {{"Location", std::move(location)}, {"X-Content-Type-Options", "nosniff"}},
          .body = {},
          .shared = {}};
}

// The explorer is one page for all datasets: its script reads the name from the address.
std::string_view FileOf(std::string_view path) {
  constexpr std::string_view kExplore = "/explore/";
  if (path.starts_with(kExplore) && path.find('/', kExplore.size()) == path.npos) return "/explore";
  return path;
}

}  // namespace

std::optional<http::Response> HandlePage(const http::Request& request) {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  if (request.path == "/docs/") return Redirect(308, "/docs");
  if (request.path == "/explore/") return Redirect(308, "/explore");
  if (request.path == "/redoc") return Redirect(302, "/docs");  // where the service before this one had a second viewer
  if (request.path == "/favicon.ico") return Redirect(302, "/favicon.svg");
  if (request.path == "/" && WantsJson(request)) return std::nullopt;
  const auto files = PageFiles();
  const std::string_view path = FileOf(request.path);
  const auto file = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.path == path; });
  if (file == files.end()) return std::nullopt;
  return Send(request, *file);
}

}  // namespace tidemill::web
