// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemill::http {

// Matches a path as sent against a pattern such as "/v1/datasets/{dataset}". A part in braces takes one whole part that
// is not empty; the values come back percent-decoded, in order. Nothing where it does not match, or where a value is
// badly encoded or no UTF-8 (PathIsSound tells which).
std::optional<std::vector<std::string>> MatchPath(std::string_view pattern, std::string_view path);

// True where every escape of the path is whole and what it decodes to is UTF-8 without NUL.
bool PathIsSound(std::string_view path);

}  // namespace tidemill::http
