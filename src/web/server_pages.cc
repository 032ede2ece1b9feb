// SPDX-License-Identifier: Apache-2.0
#include "tidemill/web/server_pages.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "page_files.h"
#include "send_page.h"

namespace tidemill::web {
namespace {

// Nothing from elsewhere runs here, and no page of others may frame these, whose buttons start programs.
constexpr std::string_view kPolicy =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

constexpr std::array<std::string_view, 12> kRooms{"runs",        "flows",     "deployments", "work-pools",
                                                  "blocks",      "variables", "artifacts",   "limits",
                                                  "automations", "hooks",     "events",      "settings"};

// Each page's address leads to the one document.
std::string_view FileOf(std::string_view path) {
  const std::string_view room = path.substr(1, path.find('/', 1) - 1);
  return std::find(kRooms.begin(), kRooms.end(), room) != kRooms.end() ? "/" : path;
}

}  // namespace

std::optional<http::Response> HandleServerPage(const http::Request& request) {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  if (!request.path.starts_with('/')) return std::nullopt;
  const auto files = ServerPageFiles();
  const std::string_view path = FileOf(request.path);
  const auto file = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.path == path; });
  if (file == files.end()) return std::nullopt;
  // Asked for again each time, so that all scripts are of one version of the program.
  return SendPage(request, *file,
                  {{"Cache-Control", "no-cache"},
                   {"Vary", "Accept-Encoding"},
                   {"Referrer-Policy", "same-origin"},
                   {"Content-Security-Policy", std::string(kPolicy)}});
}

}  // namespace tidemill::web
