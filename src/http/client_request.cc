// SPDX-License-Identifier: Apache-2.0
#include "client_request.h"

#include <algorithm>

#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

namespace tidemill::http {
namespace {

using base::ErrorCode;

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool IsPort(std::string_view text) {
  const auto number = base::ParseInt(text);
  return text.empty() || (number && *number > 0 && *number <= 65'535);
}

}  // namespace

base::Status CheckRequest(const ClientRequest& request) {
  const AuthorityParts authority = SplitAuthority(SplitUrl(request.url).authority.value_or(""));
  if (EncodeIllegal(request.url) != request.url || authority.host.empty() || !IsPort(authority.port)) {
    return base::FailAt(ErrorCode::kInvalid, MaskUrl(request.url), "is no address of http or https");
  }
  const bool method = !request.method.empty() && std::all_of(request.method.begin(), request.method.end(),
                                                             [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!method)
    return base::Fail(ErrorCode::kInvalid, "method {}, expected letters A to Z", base::Quoted(request.method));
  for (const auto& [name, value] : request.headers) {
    if (name.empty() || HasControlCharacter(name) || name.find(':') != std::string::npos ||
        HasControlCharacter(value)) {
      return base::Fail(ErrorCode::kInvalid, "header {} holds a character that is not allowed", base::Quoted(name));
    }
  }
  return {};
}

}  // namespace tidemill::http
