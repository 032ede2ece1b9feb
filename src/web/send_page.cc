// SPDX-License-Identifier: Apache-2.0
#include "send_page.h"

#include <cstddef>
#include <string>
#include <utility>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"

#include "inflate.h"

namespace tidemill::web {
namespace {

bool TakesGzip(const http::Request& request) {
  const std::string codings = http::FieldList(request, "Accept-Encoding");
  const int named = WeightOf(codings, "gzip");
  return named > 0 || (named < 0 && WeightOf(codings, "*") > 0);
}

}  // namespace

int WeightOf(std::string_view list, std::string_view wanted) {
  for (const std::string_view item : base::Split(list, ',')) {
    const auto parts = base::Split(item, ';');
    if (base::Lower(base::Trim(parts[0])) != wanted) continue;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::string_view parameter = base::Trim(parts[i]);
      if (!parameter.starts_with("q=")) continue;
      return static_cast<int>(base::ParseDouble(parameter.substr(2)).value_or(0) * 1000);
    }
    return 1000;
  }
  return -1;
}

http::Response SendPage(const http::Request& request, const PageFile& file, http::Headers more) {
  const bool gzip = TakesGzip(request);
  const std::string etag = "\"" + base::Sha256Hex(file.gzip).substr(0, 32) + (gzip ? "-gzip\"" : "\"");
  http::Response response{.status = 200, .headers = std::move(more), .body = {}, .shared = {}};
  response.headers.emplace_back("Content-Type", std::string(file.type));
  response.headers.emplace_back("ETag", etag);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  const std::string known = http::FieldList(request, "If-None-Match");
  if (known == "*" || (!known.empty() && known.find(etag) != std::string::npos)) {
    response.status = 304;
  } else if (gzip) {
    response.shared.bytes = file.gzip;
  } else {
    response.body = Inflate(file.gzip);
  }
  return response;
}

}  // namespace tidemill::web
