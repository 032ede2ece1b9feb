// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/text.h"
#include "tidemill/query/query.h"

namespace tidemill::query {
namespace {

constexpr std::size_t kMostParameters = 256;

QueryError Malformed(std::string message, std::size_t offset, std::string_view part) {
  return {.type = "malformed-query",
          .error = {.code = base::ErrorCode::kMalformed, .message = std::move(message)},
          .value = std::string(part.substr(0, 60)),
          .offset = offset};
}

std::optional<std::string> Decode(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  auto decoded = base::PercentDecode(spaced);
  if (!decoded || !base::IsValidUtf8(*decoded) || decoded->find('\0') != std::string::npos) return std::nullopt;
  return decoded;
}

}  // namespace

Checked<std::vector<Parameter>> SplitQuery(std::string_view raw) {
  std::vector<Parameter> parameters;
  std::size_t at = 0;
  for (const std::string_view part : base::Split(raw, '&')) {
    const std::size_t offset = at;
    at += part.size() + 1;
    if (part.empty()) {
      if (raw.empty()) break;
      return tl::unexpected(Malformed("the query has an empty parameter; expected name=value", offset, part));
    }
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      return tl::unexpected(
          Malformed("the parameter " + base::Quoted(part) + " has no '='; expected name=value", offset, part));
    }
    const auto name = Decode(part.substr(0, equals));
    const auto value = Decode(part.substr(equals + 1));
    if (!name || !value) {
      const std::size_t place = name ? offset + equals + 1 : offset;
      return tl::unexpected(Malformed(
          base::Quoted(part) + " cannot be decoded; expected percent-escapes of UTF-8 without NUL", place, part));
    }
    parameters.push_back({*name, *value, offset, offset + equals + 1});
    if (parameters.size() > kMostParameters) {
      return tl::unexpected(Malformed("the query has more than 256 parameters; lists take commas", offset, part));
    }
  }
  return parameters;
}

std::vector<std::string> SplitValues(std::string_view value) {
  std::vector<std::string> values(1);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool escapes = value[i] == '\\' && i + 1 < value.size() && (value[i + 1] == ',' || value[i + 1] == '\\');
    if (escapes) {
      values.back() += value[++i];
    } else if (value[i] == ',') {
      values.emplace_back();
    } else {
      values.back() += value[i];
    }
  }
  return values;
}

std::vector<std::string> NearestWords(std::string_view word, const std::vector<std::string>& words) {
  constexpr std::size_t kMostEdits = 2;
  constexpr std::size_t kMostWords = 5;
  const std::string wanted = base::Lower(word);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : words) {
    const std::size_t longer = std::max(candidate.size(), wanted.size());
    if (longer - std::min(candidate.size(), wanted.size()) > kMostEdits) continue;
    const std::size_t distance = base::EditDistance(wanted, base::Lower(candidate));
    if (distance <= kMostEdits && distance < longer) near.emplace_back(distance, candidate);
  }
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  std::vector<std::string> nearest;
  for (std::size_t i = 0; i < std::min(near.size(), kMostWords); ++i) nearest.push_back(near[i].second);
  return nearest;
}

}  // namespace tidemill::query
