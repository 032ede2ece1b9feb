// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/site_guard.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/result.h"

#include "field_text.h"

namespace tidemill::http {
namespace {

// "localhost:8000" → "localhost", "[::1]:8000" → "[::1]"
std::string_view WithoutPort(std::string_view authority) {
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket)) return authority;
  return authority.substr(0, colon);
}

bool IsSafe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

std::string_view WithoutScheme(std::string_view origin) {
  const std::size_t mark = origin.find("://");
  return mark == std::string_view::npos ? std::string_view() : origin.substr(mark + 3);
}

}  // namespace

SiteGuard::SiteGuard(std::vector<std::string> names) : names_(std::move(names)) {
  for (const char* name : {"localhost", "127.0.0.1", "[::1]"}) names_.emplace_back(name);
}

bool SiteGuard::Knows(std::string_view host) const {
  return std::any_of(names_.begin(), names_.end(), [&](const std::string& name) { return EqualNoCase(name, host); });
}

std::optional<std::string> SiteGuard::Refusal(const Request& request) const {
  const std::string_view host = FieldValue(request, "Host");
  if (!Knows(WithoutPort(host))) {
    return fmt::format("Host {} is no name of this server; expected {}", base::Quoted(host), names_.front());
  }
  if (IsSafe(request.method)) return std::nullopt;
  const std::string_view site = FieldValue(request, "Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin" && site != "none") {
    return fmt::format("a page of another site (Sec-Fetch-Site {}) may change nothing here", base::Quoted(site));
  }
  // Browsers send Origin with every request that may change something; other programs send none.
  const std::string_view origin = FieldValue(request, "Origin");
  if (origin.empty() || EqualNoCase(WithoutScheme(origin), host)) return std::nullopt;
  return fmt::format("a page of {} may change nothing here; expected a page of {}", base::Quoted(origin),
                     base::Quoted(host));
}

}  // namespace tidemill::http
