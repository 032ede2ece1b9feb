// SPDX-License-Identifier: Apache-2.0
#include "tidemill/web/pages.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "page_files.h"
#include "send_page.h"

namespace tidemill::web {
namespace {

bool WantsJson(const http::Request& request) {
  const std::string accept = http::FieldList(request, "Accept");
  const int json = WeightOf(accept, "application/json");
  return json > 0 && json > WeightOf(accept, "text/html");
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

http::Response Send(const http::Request& request, const PageFile& file) {
  return SendPage(request, file,
                  {{"Cache-Control", "public, max-age=60, stale-while-revalidate=600"},
                   {"Vary", file.path == "/" ? "Accept, Accept-Encoding" : "Accept-Encoding"},
                   {"Access-Control-Allow-Origin", "*"},
                   {"Content-Security-Policy", std::string(PolicyOf(file.path))}});
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
