// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/byte_range.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "field_text.h"

namespace tidemill::http {
namespace {

struct Range {
  std::uint64_t first = 0, size = 0;  // no size: not satisfiable
};

// Digits; those of a number that is too large for any file count as the largest.
std::optional<std::uint64_t> Number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    if (number > UINT64_MAX / 20) return UINT64_MAX;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

// "bytes=a-b", "bytes=a-", "bytes=-n" of `size` bytes. Nothing where it is none of these.
std::optional<Range> ReadRange(std::string_view field, std::uint64_t size) {
  if (!StartsWithNoCase(field, "bytes=") || field.find(',') != std::string_view::npos) return std::nullopt;
  const std::string_view spec = TrimBlanks(field.substr(6));
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = Number(spec.substr(0, dash));
  const auto last = Number(spec.substr(dash + 1));
  if (dash == 0) {
    if (!last) return std::nullopt;
    const std::uint64_t count = std::min(*last, size);
    return Range{size - count, count};
  }
  if (!first || (!last && dash + 1 != spec.size()) || (last && *last < *first)) return std::nullopt;
  if (*first >= size) return Range{};
  return Range{*first, std::min(last.value_or(UINT64_MAX), size - 1) - *first + 1};
}

std::string_view HeaderOf(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (EqualNoCase(key, name)) return value;
  }
  return {};
}

// If-Range compares strongly, a date by equality: anything else asks for the whole.
bool NamesThisVersion(const Request& request, const Response& whole) {
  const std::string_view condition = FieldValue(request, "If-Range");
  return condition.empty() || condition == HeaderOf(whole, "ETag") || condition == HeaderOf(whole, "Last-Modified");
}

}  // namespace

Response ApplyRange(const Request& request, Response whole) {
  whole.headers.emplace_back("Accept-Ranges", "bytes");
  const std::string_view field = FieldValue(request, "Range");
  if (request.method != "GET" || field.empty() || !NamesThisVersion(request, whole)) return whole;
  const std::uint64_t size = whole.shared.bytes.size();
  const auto range = ReadRange(field, size);
  if (!range) return whole;
  if (range->size == 0) {
    whole.status = 416;
    whole.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
    whole.shared = {};
    return whole;
  }
  whole.status = 206;
  whole.headers.emplace_back("Content-Range",
                             fmt::format("bytes {}-{}/{}", range->first, range->first + range->size - 1, size));
  whole.shared.bytes = whole.shared.bytes.substr(range->first, range->size);
  return whole;
}

}  // namespace tidemill::http
