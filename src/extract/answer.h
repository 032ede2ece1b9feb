// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"
#include "tidemill/base/result.h"
#include "tidemill/http/client.h"

namespace tidemill::extract {

// The validators of what is held, as request headers. Empty ones are left out.
http::Headers ConditionalHeaders(std::string_view etag, std::string_view last_modified);

// Seconds or an HTTP date (RFC 9110, 10.2.3), from 0 to one day; nothing for anything else.
std::optional<std::chrono::seconds> ParseRetryAfter(std::string_view value, base::Time now);

// The error that an answer is which is neither 200 nor an expected 304.
base::Error ToError(const http::ClientResponse& response, std::string_view url);

// "xls", from the path of the address, then from the paths in its query values (`/file?uri=/a/b.xls`), then from the
// file name in Content-Disposition, in lower case. Only extensions that data comes in; nothing where there is none.
std::optional<std::string> ExtensionOf(std::string_view url, std::string_view content_disposition);

}  // namespace tidemill::extract
