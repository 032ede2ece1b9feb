// SPDX-License-Identifier: Apache-2.0
#include "answer.h"

#include <algorithm>
#include <array>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"
#include "tidemill/extract/links.h"
#include "tidemill/http/url.h"

namespace tidemill::extract {
namespace {

using base::ErrorCode;

ErrorCode CodeOf(int status) {
  if (status == 404 || status == 410) return ErrorCode::kNotFound;
  if (status == 408 || status == 504) return ErrorCode::kTimeOut;
  if (status == 429) return ErrorCode::kUnavailable;
  if (status >= 400 && status < 500) return ErrorCode::kForbidden;
  return ErrorCode::kUnavailable;
}

std::string_view Meaning(int status) {
  switch (status) {
    case 304:
      return " (not modified, though nothing is held)";
    case 401:
    case 403:
      return " (access refused)";
    case 404:
      return " (not found)";
    case 410:
      return " (gone)";
    case 429:
      return " (too many requests)";
    case 503:
      return " (service unavailable)";
    default:
      return "";
  }
}

// A data file's extension at the end of a decoded path, or of a file name.
std::optional<std::string> KnownExtension(std::string_view path) {
  constexpr std::array<std::string_view, 9> kKnown = {"xls", "xlsx", "xlsm", "xlsb", "ods", "csv", "tsv", "txt", "zip"};
  path = base::Trim(path);
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::string extension = base::Lower(path.substr(dot + 1));
  if (std::find(kKnown.begin(), kKnown.end(), extension) == kKnown.end()) return std::nullopt;
  return extension;
}

// The file name of `attachment; filename="a b.xls"; filename*=UTF-8''a%20b.xls`, either form.
std::string FileName(std::string_view content_disposition) {
  const std::string lower = base::Lower(content_disposition);
  for (const std::string_view name : {"filename*=", "filename="}) {
    const std::size_t at = lower.find(name);
    if (at == std::string::npos || lower.size() != content_disposition.size()) continue;
    std::string_view value = content_disposition.substr(at + name.size());
    if (value.starts_with('"')) {
      value.remove_prefix(1);
      return std::string(value.substr(0, value.find('"')));
    }
    return std::string(base::Trim(value.substr(0, value.find(';'))));
  }
  return {};
}

}  // namespace

http::Headers ConditionalHeaders(std::string_view etag, std::string_view last_modified) {
  http::Headers headers;
  if (!etag.empty()) headers.emplace_back("If-None-Match", etag);
  if (!last_modified.empty()) headers.emplace_back("If-Modified-Since", last_modified);
  return headers;
}

std::optional<std::chrono::seconds> ParseRetryAfter(std::string_view value, base::Time now) {
  constexpr std::chrono::seconds kMost = std::chrono::hours(24);
  if (const auto seconds = base::ParseInt(value)) {
    if (*seconds < 0) return std::nullopt;
    return std::min(std::chrono::seconds(*seconds), kMost);
  }
  const auto until = base::ParseHttpDate(value);
  if (!until) return std::nullopt;
  return std::clamp(std::chrono::ceil<std::chrono::seconds>(*until - now), std::chrono::seconds(0), kMost);
}

base::Error ToError(const http::ClientResponse& response, std::string_view url) {
  if (base::Lower(http::SplitUrl(url).scheme) == "file") {
    return {.code = CodeOf(response.status),
            .message = response.status == 404 ? "the file does not exist" : "the file may not be read",
            .place = http::MaskUrl(url)};
  }
  return {.code = CodeOf(response.status),
          .message = fmt::format("the server answered {}{}, expected 200", response.status, Meaning(response.status)),
          .place = http::MaskUrl(url)};
}

std::optional<std::string> ExtensionOf(std::string_view url, std::string_view content_disposition) {
  for (const std::string& target : LinkTargets(url)) {
    if (auto extension = KnownExtension(target)) return extension;
  }
  return KnownExtension(FileName(content_disposition));
}

}  // namespace tidemill::extract
