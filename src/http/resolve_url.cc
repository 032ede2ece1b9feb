// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

namespace tidemill::http {
namespace {

constexpr std::size_t kMostUrlBytes = 8192;

// RFC 3986, 5.2.4, for a path that begins with '/'.
std::string WithoutDotSegments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t next = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, next);  // with its '/'
    path.remove_prefix(next);
    const bool last = path.empty();
    if (segment == "/..") {
      out.resize(std::min(out.rfind('/'), out.size()));
      if (last) out += '/';
    } else if (segment == "/.") {
      if (last) out += '/';
    } else {
      out += segment;
    }
  }
  return out;
}

// RFC 3986, 5.2.3.
std::string Merged(const UrlParts& base, std::string_view path) {
  if (base.authority && base.path.empty()) return std::string("/").append(path);
  const std::size_t slash = base.path.rfind('/');
  return std::string(base.path.substr(0, slash == std::string_view::npos ? 0 : slash + 1)).append(path);
}

}  // namespace

base::Result<std::string> ResolveUrl(std::string_view base, std::string_view reference) {
  if (base.size() > kMostUrlBytes || reference.size() > kMostUrlBytes) {
    return base::Fail(base::ErrorCode::kTooLarge, "address {} has more than {} bytes",
                      base::Quoted(reference.size() > kMostUrlBytes ? reference : base), kMostUrlBytes);
  }
  const std::string legal = EncodeIllegal(base::Trim(reference));
  const std::string legal_base = EncodeIllegal(base::Trim(base));
  const UrlParts from = SplitUrl(legal_base);
  UrlParts to = SplitUrl(legal);
  std::string path(to.path);
  if (to.scheme.empty()) {
    if (from.scheme.empty()) {
      return base::Fail(base::ErrorCode::kInvalid, "{} is relative to {}, which is no absolute address",
                        base::Quoted(reference), base::Quoted(base));
    }
    to.scheme = from.scheme;
    if (!to.authority) {
      to.authority = from.authority;
      if (path.empty()) {
        path = from.path;
        if (!to.query) to.query = from.query;
      } else if (!path.starts_with('/')) {
        path = Merged(from, path);
      }
    }
  }
  if (path.starts_with('/')) path = WithoutDotSegments(path);
  const std::string scheme = base::Lower(to.scheme);
  const std::string authority = base::Lower(to.authority.value_or(""));
  to.scheme = scheme;
  if (to.authority && SplitAuthority(*to.authority).user_info.empty()) to.authority = authority;
  to.path = path;
  return JoinUrl(to);
}

}  // namespace tidemill::http
