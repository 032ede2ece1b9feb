// SPDX-License-Identifier: Apache-2.0
#include "etag.h"

#include <cstddef>

#include "tidemill/base/sha256.h"
#include "tidemill/base/signature.h"

namespace tidemill::data_api {
namespace {

// Raised when an encoder writes other bytes for the same data.
constexpr std::string_view kEncoderRevision = "3";

}  // namespace

std::string MakeETag(std::string_view snapshot_id, std::string_view target) {
  std::string text(snapshot_id);
  text += '\n';
  text += target;
  text += '\n';
  text += kEncoderRevision;
  std::string etag = "\"";
  const auto digest = base::Sha256(text);
  etag += base::Base64Url({reinterpret_cast<const char*>(digest.data()), 16});
  return etag += '"';
}

std::string WithCoding(std::string_view etag, http::Coding coding) {
  std::string tag(etag);
  if (coding != http::Coding::kIdentity && tag.ends_with('"')) {
    tag.pop_back();
    tag += '-';
    tag += http::NameOf(coding);
    tag += '"';
  }
  return tag;
}

std::string MatchingTag(std::string_view if_none_match, std::string_view etag) {
  const std::string_view stem = etag.substr(0, etag.size() - 1);  // without its last quote
  std::size_t at = 0;
  while (at < if_none_match.size()) {
    const char c = if_none_match[at];
    if (c == '*') return "*";
    if (c != '"') {
      ++at;
      continue;
    }
    const std::size_t end = if_none_match.find('"', at + 1);
    if (end == std::string_view::npos) return {};
    const std::string_view tag = if_none_match.substr(at, end + 1 - at);
    if (tag.starts_with(stem)) {
      const std::string_view rest = tag.substr(stem.size());
      if (rest == "\"" || rest == "-gzip\"" || rest == "-zstd\"") return std::string(tag);
    }
    at = end + 1;
  }
  return {};
}

bool Matches(std::string_view if_none_match, std::string_view etag) {
  return !MatchingTag(if_none_match, etag).empty();
}

}  // namespace tidemill::data_api
