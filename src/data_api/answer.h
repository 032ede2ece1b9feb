// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"
#include "tidemill/http/message.h"

#include "loaded_dataset.h"

// The headers that every answer shares, and answers that can be revalidated.
namespace tidemill::data_api {

inline constexpr std::string_view kAllowed = "GET, HEAD, OPTIONS";
inline constexpr std::string_view kLive = "public, max-age=60, stale-while-revalidate=600";
inline constexpr std::string_view kPinned = "public, max-age=31536000, immutable";
inline constexpr std::string_view kNoStore = "no-store";

// Headers of every answer: CORS, nosniff, no ranges, and how long it may be kept.
http::Headers CommonHeaders(std::string_view cache_control);
// The same and those of one dataset's version.
http::Headers DatasetHeaders(const LoadedDataset& dataset);

// What tells a client's copy from ours.
struct Validators {
  std::string etag;
  std::optional<base::Time> modified;
};
// True where the client's copy is still good: If-None-Match, else If-Modified-Since.
bool IsFresh(const http::Request& request, const Validators& validators);

http::Response Json(int status, std::string body, std::string_view cache_control);
http::Response NoContent();  // to OPTIONS
http::Response Redirect(int status, std::string location, std::string_view cache_control = kNoStore);
// Finishes an answer that is made at once: its ETag, and 304 where the client has it.
http::Response WithETag(const http::Request& request, http::Response response, std::string etag);

}  // namespace tidemill::data_api
