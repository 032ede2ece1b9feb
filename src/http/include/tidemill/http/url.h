// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tidemill/base/result.h"

namespace tidemill::http {

// The parts of a URI reference as they stand (RFC 3986, appendix B): views into the text, nothing decoded. Any text has
// such parts; whether they make sense is another question.
struct UrlParts {
  std::string_view scheme;  // empty in a relative reference
  std::optional<std::string_view> authority;
  std::string_view path;
  std::optional<std::string_view> query;
  std::optional<std::string_view> fragment;
};
UrlParts SplitUrl(std::string_view url);
std::string JoinUrl(const UrlParts& parts);

struct AuthorityParts {
  std::string_view user_info;  // without '@'
  std::string_view host;       // "[::1]" keeps its brackets
  std::string_view port;       // empty where it is not said
};
AuthorityParts SplitAuthority(std::string_view authority);

// `reference` resolved against `base` (RFC 3986, section 5).
base::Result<std::string> ResolveUrl(std::string_view base, std::string_view reference);

// "127.0.0.1:9"; the port of the scheme where the URL says none.
std::string HostAndPort(std::string_view url);
// Every byte that may not stand in a URL becomes %XX.
std::string EncodeIllegal(std::string_view url);
// For messages: without fragment; the user info and the values of query names that sound secret (token, key, signature,
// password, …) become "***".
std::string MaskUrl(std::string_view url);
// What may be written down of an address: masked where it holds a secret, as it is elsewhere.
std::string UrlToKeep(std::string_view url);
bool HasSecrets(std::string_view url);

}  // namespace tidemill::http
