// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/url.h"

#include <algorithm>
#include <array>
#include <vector>

#include "tidemill/base/text.h"

namespace tidemill::http {
namespace {

bool IsAlpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool IsSchemeCharacter(char c) {
  return IsAlpha(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

// The text behind `mark`, which is cut off `text` together with the mark; nothing where there is none.
std::optional<std::string_view> TakeBehind(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view behind = text.substr(at + 1);
  text = text.substr(0, at);
  return behind;
}

bool SoundsSecret(std::string_view name) {
  constexpr std::array<std::string_view, 9> kSecret = {"token", "key",  "sig",        "secret", "passw",
                                                       "pwd",   "auth", "credential", "session"};
  const std::string lower = base::Lower(name);
  return std::any_of(kSecret.begin(), kSecret.end(),
                     [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

// Whether `name=value` has a value that is nobody's business.
bool IsSecret(std::string_view pair) {
  const std::size_t equals = pair.find('=');
  const std::string_view name = pair.substr(0, equals);
  return equals != std::string_view::npos && SoundsSecret(base::PercentDecode(name).value_or(std::string(name)));
}

std::string MaskQuery(std::string_view query) {
  std::string out;
  for (const std::string_view pair : base::Split(query, '&')) {
    if (!out.empty()) out += '&';
    if (IsSecret(pair)) {
      out.append(pair.substr(0, pair.find('='))).append("=***");
    } else {
      out += pair;
    }
  }
  return out;
}

}  // namespace

UrlParts SplitUrl(std::string_view url) {
  UrlParts parts;
  parts.fragment = TakeBehind(url, '#');
  parts.query = TakeBehind(url, '?');
  const std::size_t colon = url.find(':');
  const std::string_view scheme = url.substr(0, colon);
  if (colon != std::string_view::npos && !scheme.empty() && IsAlpha(scheme[0]) &&
      std::all_of(scheme.begin(), scheme.end(), IsSchemeCharacter)) {
    parts.scheme = scheme;
    url.remove_prefix(colon + 1);
  }
  if (url.starts_with("//")) {
    url.remove_prefix(2);
    const std::size_t end = std::min(url.find('/'), url.size());
    parts.authority = url.substr(0, end);
    url.remove_prefix(end);
  }
  parts.path = url;
  return parts;
}

std::string JoinUrl(const UrlParts& parts) {
  std::string out;
  if (!parts.scheme.empty()) out.append(parts.scheme).append(":");
  if (parts.authority) out.append("//").append(*parts.authority);
  out.append(parts.path);
  if (parts.query) out.append("?").append(*parts.query);
  if (parts.fragment) out.append("#").append(*parts.fragment);
  return out;
}

AuthorityParts SplitAuthority(std::string_view authority) {
  AuthorityParts parts;
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    parts.user_info = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  parts.host = authority.substr(0, colon);
  if (colon != std::string_view::npos) parts.port = authority.substr(colon + 1);
  return parts;
}

std::string HostAndPort(std::string_view url) {
  const UrlParts parts = SplitUrl(url);
  const AuthorityParts authority = SplitAuthority(parts.authority.value_or(""));
  std::string out(authority.host);
  out += ':';
  if (!authority.port.empty()) {
    out += authority.port;
  } else {
    out += base::Lower(parts.scheme) == "https" ? "443" : "80";
  }
  return out;
}

std::string EncodeIllegal(std::string_view url) {
  return base::PercentEncode(url, ":/?#[]@!$&'()*+,;=%");
}

std::string MaskUrl(std::string_view url) {
  const std::string legal = EncodeIllegal(url);
  UrlParts parts = SplitUrl(legal);
  parts.fragment.reset();
  std::string authority;
  if (parts.authority) {
    const std::size_t at = parts.authority->rfind('@');
    authority =
        at == std::string_view::npos ? *parts.authority : std::string("***@").append(parts.authority->substr(at + 1));
    parts.authority = authority;
  }
  std::string query;
  if (parts.query) {
    query = MaskQuery(*parts.query);
    parts.query = query;
  }
  return JoinUrl(parts);
}

bool HasSecrets(std::string_view url) {
  const std::string legal = EncodeIllegal(url);
  const UrlParts parts = SplitUrl(legal);
  if (parts.authority.value_or("").find('@') != std::string_view::npos) return true;
  const auto pairs = base::Split(parts.query.value_or(""), '&');
  return std::any_of(pairs.begin(), pairs.end(), IsSecret);
}

std::string UrlToKeep(std::string_view url) {
  return HasSecrets(url) ? MaskUrl(url) : std::string(url);
}

}  // namespace tidemill::http
