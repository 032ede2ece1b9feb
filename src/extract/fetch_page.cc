// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"
#include "tidemill/extract/links.h"
#include "tidemill/http/url.h"

#include "answer.h"
#include "source_json.h"

namespace tidemill::extract {
namespace {

using base::ErrorCode;

constexpr std::uint64_t kMostSidecarBytes = std::uint64_t{1} << 20U;

struct KeptCopy {
  KeptPage page;
  std::string html;
};

std::string KeptPath(std::string_view url, std::string_view extension) {
  return fmt::format("_sources/_pages/{}.{}", base::Sha256Hex(http::UrlToKeep(url)), extension);
}

// Nothing where there is no whole copy: its two files are written one after the other, and the process may end between.
std::optional<KeptCopy> LoadCopy(const base::FileStore& store, std::string_view url) {
  const auto json = store.Read(KeptPath(url, "json"), kMostSidecarBytes);
  if (!json) return std::nullopt;
  auto page = ParseKeptPage(*json);
  auto html = store.Read(KeptPath(url, "html"), kMostPageBytes);
  if (!page || !html || base::Sha256Hex(*html) != page->sha256) return std::nullopt;
  return KeptCopy{*std::move(page), *std::move(html)};
}

base::Status SaveCopy(base::FileStore& store, const KeptPage& page, std::string_view html) {
  TIDEMILL_CHECK(store.Put(KeptPath(page.url, "html"), html));
  return store.Put(KeptPath(page.url, "json"), ToJson(page));
}

bool IsText(std::string_view content_type) {
  const std::string type = base::Lower(content_type);
  return type.empty() || type.starts_with("text/") || type.find("html") != std::string::npos ||
         type.find("xml") != std::string::npos;
}

FetchedPage ToFetched(KeptCopy copy) {
  return {.html = std::move(copy.html), .url = std::move(copy.page.final_url), .not_modified = true};
}

base::Result<FetchedPage> KeepAnswer(base::FileStore& store, const base::Clock& clock, std::string_view url,
                                     http::ClientResponse response) {
  const std::string_view type = http::HeaderValue(response.headers, "Content-Type");
  if (!IsText(type)) {
    return base::FailAt(ErrorCode::kUnsupported, http::MaskUrl(url), "the page is {}, expected HTML",
                        base::Quoted(type));
  }
  const KeptPage page{.url = http::UrlToKeep(url),
                      .final_url = http::UrlToKeep(response.url),
                      .etag = std::string(http::HeaderValue(response.headers, "ETag")),
                      .last_modified = std::string(http::HeaderValue(response.headers, "Last-Modified")),
                      .sha256 = base::Sha256Hex(response.body),
                      .fetched = clock.Now()};
  TIDEMILL_CHECK(SaveCopy(store, page, response.body));
  return FetchedPage{.html = std::move(response.body), .url = std::move(response.url)};
}

}  // namespace

base::Result<FetchedPage> FetchPage(http::HttpClient& client, base::FileStore& store, const base::Clock& clock,
                                    std::string_view url, bool offline, const FetchOptions& options,
                                    std::stop_token stop, std::optional<std::chrono::seconds>* retry_after) {
  auto copy = LoadCopy(store, url);
  if (offline) {
    if (copy) return ToFetched(*std::move(copy));
    return base::FailAt(ErrorCode::kNotFound, http::MaskUrl(url), "no copy of this page is kept: run once online");
  }
  http::ClientRequest request{.url = std::string(url),
                              .most_bytes = std::min<std::uint64_t>(options.most_bytes, kMostPageBytes),
                              .timeout = options.timeout};
  const bool conditional = copy && !options.force && !http::HasSecrets(url);
  if (conditional) request.headers = ConditionalHeaders(copy->page.etag, copy->page.last_modified);
  TIDEMILL_ASSIGN(http::ClientResponse response, client.Send(request, std::move(stop)));
  if (response.status == 304 && conditional) return ToFetched(*std::move(copy));
  if (response.status == 200) return KeepAnswer(store, clock, url, std::move(response));
  if (retry_after != nullptr) {
    *retry_after = ParseRetryAfter(http::HeaderValue(response.headers, "Retry-After"), clock.Now());
  }
  return tl::unexpected(ToError(response, url));
}

}  // namespace tidemill::extract
