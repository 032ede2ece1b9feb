// SPDX-License-Identifier: Apache-2.0
#include "s3_signature.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/sha256.h"
#include "tidemill/base/signature.h"
#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

namespace tidemill::cloud {
namespace {

// "20130524T000000Z"
std::string Stamp(base::Time now) {
  std::string stamp = base::ToRfc3339(std::chrono::floor<std::chrono::seconds>(now));
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  return stamp.substr(0, 15) + "Z";
}

// Each query member as name=value, also where it has no value.
std::string CanonicalQuery(std::string_view query) {
  std::vector<std::string> members;
  for (const std::string_view member : base::Split(query, '&')) {
    if (member.empty()) continue;
    members.emplace_back(member.find('=') == std::string_view::npos ? std::string(member) + "=" : std::string(member));
  }
  std::sort(members.begin(), members.end());
  return base::Join(members, "&");
}

}  // namespace

void SignS3(http::ClientRequest& request, const S3Key& key, const std::string& region, base::Time now) {
  const http::UrlParts url = http::SplitUrl(request.url);
  const std::string stamp = Stamp(now);
  const std::string body_hash = base::Sha256Hex(request.body);
  request.headers.emplace_back("x-amz-content-sha256", body_hash);
  request.headers.emplace_back("x-amz-date", stamp);
  if (!key.session_token.empty()) request.headers.emplace_back("x-amz-security-token", key.session_token);

  http::Headers covered = {{"host", std::string(url.authority.value_or(""))}};
  for (const auto& [name, value] : request.headers) covered.emplace_back(base::Lower(name), base::Trim(value));
  std::sort(covered.begin(), covered.end());
  std::string lines;
  std::vector<std::string> names;
  for (const auto& [name, value] : covered) {
    lines += fmt::format("{}:{}\n", name, value);
    names.push_back(name);
  }
  const std::string signed_names = base::Join(names, ";");
  const std::string canonical = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, url.path.empty() ? "/" : url.path,
                                            CanonicalQuery(url.query.value_or("")), lines, signed_names, body_hash);

  const std::string day = stamp.substr(0, 8);
  const std::string scope = fmt::format("{}/{}/s3/aws4_request", day, region);
  const std::string text = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", stamp, scope, base::Sha256Hex(canonical));
  std::string derived = base::HmacSha256("AWS4" + key.secret, day);
  for (const std::string_view part :
       {std::string_view(region), std::string_view("s3"), std::string_view("aws4_request")}) {
    derived = base::HmacSha256(derived, part);
  }
  request.headers.emplace_back(
      "Authorization", fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}", key.id, scope,
                                   signed_names, base::ToHex(base::HmacSha256(derived, text))));
}

}  // namespace tidemill::cloud
