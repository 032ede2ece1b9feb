// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/router.h"

#include <algorithm>
#include <cstddef>

#include "tidemill/base/text.h"

namespace tidemill::http {
namespace {

// The text up to the next '/', which is taken away with it.
std::string_view TakePart(std::string_view& text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string_view part = text.substr(0, slash);
  text.remove_prefix(std::min(slash + 1, text.size()));
  return part;
}

std::optional<std::string> DecodePart(std::string_view part) {
  auto value = base::PercentDecode(part);
  if (!value || !base::IsValidUtf8(*value) || value->find('\0') != std::string::npos) return std::nullopt;
  return value;
}

bool IsVariable(std::string_view part) {
  return part.starts_with('{');
}

// Whether there are as many parts, and all but the variables as the pattern has them: most patterns are refused here,
// before anything is copied.
bool LettersFit(std::string_view pattern, std::string_view path) {
  while (true) {
    const bool is_last = pattern.find('/') == std::string_view::npos;
    if (is_last != (path.find('/') == std::string_view::npos)) return false;
    const std::string_view expected = TakePart(pattern);
    const std::string_view part = TakePart(path);
    if (!IsVariable(expected) && part != expected) return false;
    if (is_last) return true;
  }
}

}  // namespace

std::optional<std::vector<std::string>> MatchPath(std::string_view pattern, std::string_view path) {
  if (!LettersFit(pattern, path)) return std::nullopt;
  std::vector<std::string> values;
  while (!pattern.empty()) {
    const std::string_view expected = TakePart(pattern);
    const std::string_view part = TakePart(path);
    if (!IsVariable(expected)) continue;
    auto value = DecodePart(part);
    if (!value || value->empty()) return std::nullopt;
    values.push_back(*std::move(value));
  }
  return values;
}

bool PathIsSound(std::string_view path) {
  return DecodePart(path).has_value();
}

}  // namespace tidemill::http
