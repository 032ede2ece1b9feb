// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/text.h"

#include "normalise.h"
#include "pattern_tokens.h"

namespace tidemill::recipe {
namespace {

// Longer candidates are prose: the distance, which costs length times length, is taken as complete.
constexpr std::size_t kLongestCompared = 500;

// How far a word of the pattern is found among the candidate's: 1 equal, 0.9 nearly, 0 not.
double Found(std::string_view word, const std::vector<std::string_view>& candidate) {
  if (std::find(candidate.begin(), candidate.end(), word) != candidate.end()) return 1;
  const std::size_t allowed = IsDigit(word.front()) || word.size() < 4 ? 0 : word.size() < 8 ? 1 : 2;
  if (allowed == 0) return 0;
  const bool near = std::any_of(candidate.begin(), candidate.end(), [&](std::string_view other) {
    return !IsDigit(other.front()) && other.size() <= word.size() + allowed && other.size() + allowed >= word.size() &&
           base::EditDistance(word, other) <= allowed;
  });
  return near ? 0.9 : 0;
}

double Likeness(std::string_view a, std::string_view b) {
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer == 0 || longer > kLongestCompared) return 0;
  return 1 - static_cast<double>(base::EditDistance(a, b)) / static_cast<double>(longer);
}

}  // namespace

double FuzzyScore(std::string_view pattern, std::string_view candidate) {
  const auto words = WordsAndNumbers(candidate);
  double found = 0;
  std::size_t characters = 0;
  for (const std::string_view word : WordsAndNumbers(pattern)) {
    const double share = Found(word, words);
    if (share == 0 && IsDigit(word.front())) return 0;  // another year's or table's number is another thing
    found += share * static_cast<double>(word.size());
    characters += word.size();
  }
  if (characters == 0) return 0;
  return 0.7 * found / static_cast<double>(characters) + 0.3 * Likeness(pattern, candidate);
}

}  // namespace tidemill::recipe
