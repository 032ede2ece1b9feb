// SPDX-License-Identifier: Apache-2.0
#include "gate.h"

#include <algorithm>
#include <array>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "tidemill/base/signature.h"
#include "tidemill/base/text.h"

namespace tidemill::orchestrator {
namespace {

// "localhost:4200", "[::1]:4200", "127.0.0.1" without the port.
std::string_view HostOf(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, std::min(authority.find(']'), authority.size() - 1) + 1);
  return authority.substr(0, authority.find(':'));
}

// An address of the network 127, not a name that begins so: anybody can have 127.0.0.1.example.org lead here.
bool IsLoopback(std::string_view host) {
  const std::string address(host);
  in_addr parsed{};
  if (::inet_pton(AF_INET, address.c_str(), &parsed) == 1) return host.starts_with("127.");
  return host == "localhost" || host == "[::1]";
}

bool IsAllowed(std::string_view authority, const std::vector<std::string>& allowed_hosts) {
  const std::string host = base::Lower(HostOf(authority));
  return IsLoopback(host) || std::find(allowed_hosts.begin(), allowed_hosts.end(), host) != allowed_hosts.end();
}

}  // namespace

bool SameText(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char other = b.empty() ? '\0' : b[i % b.size()];
    difference |= unsigned{static_cast<unsigned char>(a[i])} ^ unsigned { static_cast<unsigned char>(other) };
  }
  return difference == 0;
}

Outcome<void> CheckOrigin(const http::Request& request, const std::vector<std::string>& allowed_hosts) {
  const std::string_view host = http::FieldValue(request, "host");
  if (!host.empty() && !IsAllowed(host, allowed_hosts)) return Refuse(403, "this server does not go by that host name");
  std::string_view origin = http::FieldValue(request, "origin");
  if (!origin.empty()) {
    origin.remove_prefix(
        std::min(origin.find("//") == std::string_view::npos ? 0 : origin.find("//") + 2, origin.size()));
    if (origin.empty() || !IsAllowed(origin, allowed_hosts))
      return Refuse(403, "a page of another origin may not ask here");
  }
  if (http::FieldValue(request, "sec-fetch-site") == "cross-site")
    return Refuse(403, "a page of another site may not ask here");
  return {};
}

Outcome<void> CheckApiVersion(const http::Request& request) {
  const std::string_view sent = http::FieldValue(request, "x-prefect-api-version");
  if (sent.empty()) return {};
  std::array<std::int64_t, 3> parts{};
  const auto texts = base::Split(sent, '.');
  bool sound = texts.size() == parts.size();
  for (std::size_t i = 0; sound && i < parts.size(); ++i) {
    const auto number = base::ParseInt(texts[i]);
    sound = number && *number >= 0;
    if (sound) parts[i] = *number;
  }
  if (!sound) {
    return Refuse(
        400,
        fmt::format("Invalid X-PREFECT-API-VERSION header format. Expected header in format 'x.y.z' but received {}",
                    base::Quoted(sent)));
  }
  if (parts < std::array<std::int64_t, 3>{0, 8, 0}) {
    return Refuse(400, "The client is too old for this server: its API version must be 0.8.0 or newer");
  }
  return {};
}

Outcome<void> CheckPassword(const http::Request& request, const std::string& auth_string) {
  if (auth_string.empty()) return {};
  const std::string_view sent = http::FieldValue(request, "authorization");
  const std::size_t blank = std::min(sent.find(' '), sent.size());
  const std::string scheme = base::Lower(sent.substr(0, blank));
  const std::string_view word = base::Trim(sent.substr(blank));
  const bool right = (scheme == "basic" && SameText(word, base::Base64(auth_string))) ||
                     (scheme == "bearer" && SameText(word, auth_string));
  if (!right) return RefuseWithMessage(401, "Unauthorized");
  return {};
}

}  // namespace tidemill::orchestrator
