// SPDX-License-Identifier: Apache-2.0
// Input: a pattern, a line break, a text. What matched must match again with every capture bound to what it caught.
#include <cstdint>
#include <cstdlib>

#include "tidemill/recipe/pattern.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tidemill::recipe::Pattern;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = input.find('\n');
  const auto pattern = Pattern::Compile(input.substr(0, cut));
  if (!pattern || cut == std::string_view::npos || size > 3000) return 0;
  const std::string_view text = input.substr(cut + 1);
  const double score = pattern->Score(text);
  if (score < 0 || score > 1.000001) std::abort();
  if (const auto link = pattern->MatchLink(text); link && pattern->MatchLink(text, *link) != link) std::abort();
  const auto match = pattern->Match(text);
  if (match && !pattern->fuzzy() && pattern->Match(text, *match) != match) std::abort();
  return 0;
}
