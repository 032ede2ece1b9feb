// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/http/negotiate.h"

namespace tidemill::data_api {

// A strong ETag with its quotes, from what determines the bytes of an answer: known before the answer is made.
std::string MakeETag(std::string_view snapshot_id, std::string_view target);
// The ETag of the same answer under a coding: "…-gzip". Another representation needs another tag, and the tag has to be
// known before it is known whether the answer is large enough to be encoded.
std::string WithCoding(std::string_view etag, http::Coding coding);
// The tag in the list that names the ETag, bare or under a coding; "*" for any. Empty where none does.
std::string MatchingTag(std::string_view if_none_match, std::string_view etag);
// Whether If-None-Match's list (or `*`) names the ETag, bare or under a coding. Compared weakly, as RFC 9110 13.1.2
// asks.
bool Matches(std::string_view if_none_match, std::string_view etag);

}  // namespace tidemill::data_api
