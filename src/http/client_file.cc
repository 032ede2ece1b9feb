// SPDX-License-Identifier: Apache-2.0
#include "client_file.h"

#include <filesystem>

#include "tidemill/base/file_store.h"
#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

namespace tidemill::http {

using base::ErrorCode;

base::Result<ClientResponse> ReadFileUrl(const ClientRequest& request) {
  const UrlParts parts = SplitUrl(request.url);
  const std::string_view host = parts.authority.value_or("");
  const auto path = base::PercentDecode(parts.path);
  if ((!host.empty() && host != "localhost") || !path || path->empty()) {
    return base::FailAt(ErrorCode::kInvalid, MaskUrl(request.url),
                        "is no file address, expected file:///folder/name or file:name");
  }
  if (request.method != "GET") {
    return base::FailAt(ErrorCode::kInvalid, MaskUrl(request.url), "method {} of a file, expected GET", request.method);
  }
  std::error_code error;
  const std::string file = std::filesystem::absolute(*path, error).lexically_normal().string();
  if (error)
    return base::FailAt(ErrorCode::kNotFound, MaskUrl(request.url), "no folder to start from: {}", error.message());
  const std::string url = file == *path ? request.url : "file://" + base::PercentEncode(file, "/");
  const std::size_t slash = file.rfind('/');
  TIDEMILL_ASSIGN(const auto folder, base::OpenLocalStore(slash == 0 ? "/" : file.substr(0, slash)));
  auto bytes = folder->Read(std::string_view(file).substr(slash + 1), request.most_bytes);
  if (bytes) return ClientResponse{.status = 200, .body = *std::move(bytes), .url = url};
  if (bytes.error().code == ErrorCode::kNotFound) return ClientResponse{.status = 404, .url = url};
  if (bytes.error().code == ErrorCode::kForbidden) return ClientResponse{.status = 403, .url = url};
  return tl::unexpected(std::move(bytes).error());
}

}  // namespace tidemill::http
