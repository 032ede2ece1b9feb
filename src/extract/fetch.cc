// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/text.h"
#include "tidemill/extract/sources.h"
#include "tidemill/http/url.h"

#include "answer.h"

namespace tidemill::extract {
namespace {

using base::ErrorCode;

constexpr int kOk = 200;
constexpr int kNotModifiedStatus = 304;

struct HeldCopy {
  std::string sha256;
  std::string etag;
  std::string last_modified;
};

std::optional<HeldCopy> FindHeld(const SourceStore& sources, std::string_view url) {
  const auto held = sources.FindByUrl(http::UrlToKeep(url));
  if (!held) return std::nullopt;
  return HeldCopy{held->source->sha256, held->sighting->etag, held->sighting->last_modified};
}

const Source& GetSource(const SourceStore& sources, std::string_view sha256) {
  const auto is_it = [&](const Source& source) { return source.sha256 == sha256; };
  return *std::find_if(sources.sources().begin(), sources.sources().end(), is_it);
}

std::string ChooseExtension(const http::ClientResponse& response, std::string_view url, const FetchOptions& options) {
  if (auto known = ExtensionOf(url, http::HeaderValue(response.headers, "Content-Disposition"))) return *known;
  if (auto known = ExtensionOf(response.url, {})) return *known;
  return options.extension_of ? options.extension_of(response.body) : "bin";
}

// The server vouches for what is held. Validators that it does not repeat stay.
base::Result<Fetched> KeepNotModified(SourceStore& sources, const HeldCopy& held, Sighting sighting) {
  if (sighting.etag.empty()) sighting.etag = held.etag;
  if (sighting.last_modified.empty()) sighting.last_modified = held.last_modified;
  TIDEMILL_CHECK(sources.Touch(held.sha256, sighting));
  return Fetched{GetSource(sources, held.sha256), std::move(sighting), FetchOutcome::kNotModified};
}

base::Result<Fetched> KeepBody(SourceStore& sources, const http::ClientResponse& response,
                               const std::optional<HeldCopy>& held, Sighting sighting, const FetchOptions& options) {
  if (options.refuse) {
    if (const auto why = options.refuse(response.body)) {
      return base::FailAt(ErrorCode::kUnsupported, http::MaskUrl(sighting.url), "is no workbook: {}", *why);
    }
  }
  TIDEMILL_ASSIGN(Source source,
                  sources.Keep(response.body, ChooseExtension(response, sighting.url, options), sighting));
  FetchOutcome outcome = FetchOutcome::kNew;
  if (held) outcome = held->sha256 == source.sha256 ? FetchOutcome::kSame : FetchOutcome::kChanged;
  return Fetched{std::move(source), std::move(sighting), outcome};
}

}  // namespace

std::string_view ToText(FetchOutcome outcome) {
  switch (outcome) {
    case FetchOutcome::kNew:
      return "new";
    case FetchOutcome::kChanged:
      return "changed";
    case FetchOutcome::kSame:
      return "same";
    case FetchOutcome::kNotModified:
      return "not modified";
  }
  return "";
}

base::Result<Fetched> Fetch(http::HttpClient& client, SourceStore& sources, const base::Clock& clock,
                            const Sighting& wanted, const FetchOptions& options, std::stop_token stop,
                            std::optional<std::chrono::seconds>* retry_after) {
  const auto held = FindHeld(sources, wanted.url);
  // Addresses that differ in a secret alone are one in the store, so what is held may be another's.
  const bool conditional = held && !options.force && !http::HasSecrets(wanted.url);
  http::ClientRequest request{.url = wanted.url, .most_bytes = options.most_bytes, .timeout = options.timeout};
  if (conditional) request.headers = ConditionalHeaders(held->etag, held->last_modified);
  TIDEMILL_ASSIGN(const http::ClientResponse response, client.Send(request, std::move(stop)));
  const base::Time now = clock.Now();
  Sighting sighting = wanted;
  sighting.url = http::UrlToKeep(wanted.url);
  sighting.page = http::UrlToKeep(wanted.page);
  sighting.etag = http::HeaderValue(response.headers, "ETag");
  sighting.last_modified = http::HeaderValue(response.headers, "Last-Modified");
  sighting.first_seen = now;
  sighting.last_seen = now;
  if (response.status == kNotModifiedStatus && conditional) return KeepNotModified(sources, *held, std::move(sighting));
  if (response.status == kOk) return KeepBody(sources, response, held, std::move(sighting), options);
  if (retry_after != nullptr) *retry_after = ParseRetryAfter(http::HeaderValue(response.headers, "Retry-After"), now);
  return tl::unexpected(ToError(response, wanted.url));
}

}  // namespace tidemill::extract
