// SPDX-License-Identifier: Apache-2.0
#include "client_file.h"

#include "tidemill/base/file_store.h"
#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

namespace tidemill::http {

using base::ErrorCode;

base::Result<ClientResponse> ReadFileUrl(const ClientRequest& request) {
  const UrlParts parts = SplitUrl(request.url);
  const std::string_view host = parts.authority.value_or("");
  const auto path = base::PercentDecode(parts.path);
  const std::size_t slash = path ? path->rfind('/') : std::string::npos;
  if ((!host.empty() && host != "localhost") || slash == std::string::npos || !path->starts_with('/')) {
    return base::FailAt(ErrorCode::kInvalid, MaskUrl(request.url), "is no file address, expected file:///folder/name");
  }
  if (request.method != "GET") {
    return base::FailAt(ErrorCode::kInvalid, MaskUrl(request.url), "method {} of a file, expected GET", request.method);
  }
  TIDEMILL_ASSIGN(const auto folder, base::OpenLocalStore(slash == 0 ? "/" : path->substr(0, slash)));
  auto bytes = folder->Read(std::string_view(*path).substr(slash + 1), request.most_bytes);
  if (bytes) return ClientResponse{.status = 200, .body = *std::move(bytes), .url = request.url};
  if (bytes.error().code == ErrorCode::kNotFound) return ClientResponse{.status = 404, .url = request.url};
  if (bytes.error().code == ErrorCode::kForbidden) return ClientResponse{.status = 403, .url = request.url};
  return tl::unexpected(std::move(bytes).error());
}

}  // namespace tidemill::http
