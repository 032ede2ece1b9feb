// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tidemill::data_api {

// A strong ETag with its quotes, from what determines the bytes of an answer: known before the answer is made.
std::string MakeETag(std::string_view snapshot_id, std::string_view target);
// Whether If-None-Match's list (or `*`) names the ETag. Compared weakly, as RFC 9110 13.1.2 asks.
bool Matches(std::string_view if_none_match, std::string_view etag);

}  // namespace tidemill::data_api
