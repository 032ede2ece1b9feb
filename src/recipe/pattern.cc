// SPDX-License-Identifier: Apache-2.0
#include "tidemill/recipe/pattern.h"

#include <algorithm>

#include "normalise.h"
#include "pattern_tokens.h"

namespace tidemill::recipe {
namespace {

constexpr double kHit = 0.60;
constexpr double kMargin = 0.15;

// What is left of a fuzzy pattern once bound names are put in and wildcards are left out.
std::string FuzzyText(const std::vector<Token>& tokens, const Captures& bound) {
  std::string out;
  for (const Token& token : tokens) {
    const auto known = bound.find(token.name);
    if (token.kind == Token::Kind::kLiteral) {
      out += token.literal.folded;
    } else if (token.kind == Token::Kind::kCapture && known != bound.end()) {
      out += Normalise(known->second);
    }
  }
  return Normalise(out);
}

}  // namespace

struct Pattern::Compiled {
  std::string text;
  TokenList list;
  std::vector<std::string> captures;
};

base::Result<Pattern> Pattern::Compile(std::string_view text) {
  TIDEMILL_ASSIGN(auto list, ParsePattern(text));
  auto compiled = std::make_shared<Compiled>();
  compiled->text = text;
  for (const Token& token : list.tokens) {
    if (token.kind == Token::Kind::kCapture) compiled->captures.push_back(token.name);
  }
  compiled->list = std::move(list);
  return Pattern(std::move(compiled));
}

const std::string& Pattern::text() const {
  return compiled_->text;
}
bool Pattern::fuzzy() const {
  return compiled_->list.fuzzy;
}
const std::vector<std::string>& Pattern::captures() const {
  return compiled_->captures;
}

std::optional<Captures> Pattern::Match(std::string_view text, const Captures& bound) const {
  if (!fuzzy()) return MatchTokens(compiled_->list.tokens, Normalise(text), MatchMode::kText, bound);
  if (Score(text, bound) < kHit) return std::nullopt;
  return Captures{};
}

std::optional<Captures> Pattern::MatchLink(std::string_view text, const Captures& bound) const {
  return MatchTokens(compiled_->list.tokens, text, MatchMode::kLink, bound);
}

double Pattern::Score(std::string_view text, const Captures& bound) const {
  if (!fuzzy()) return Match(text, bound) ? 1.0 : 0.0;
  return FuzzyScore(FuzzyText(compiled_->list.tokens, bound), Normalise(text));
}

namespace {

Choice ChoosePlain(const Pattern& pattern, const std::vector<std::string>& candidates, const Captures& bound) {
  Choice choice;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    auto captures = pattern.Match(candidates[i], bound);
    if (!captures) continue;
    if (choice.kind == Choice::Kind::kOne) {
      choice.kind = Choice::Kind::kAmbiguous;
      choice.runner_up = i;
      choice.runner_up_score = 1.0;
      return choice;
    }
    choice.kind = Choice::Kind::kOne;
    choice.candidate = i;
    choice.captures = *std::move(captures);
  }
  return choice;
}

Choice ChooseFuzzy(const Pattern& pattern, const std::vector<std::string>& candidates, const Captures& bound) {
  Choice choice;
  choice.score = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const double score = pattern.Score(candidates[i], bound);
    if (score > choice.score) {
      choice.runner_up = choice.candidate;
      choice.runner_up_score = choice.score;
      choice.candidate = i;
      choice.score = score;
    } else if (score > choice.runner_up_score) {
      choice.runner_up = i;
      choice.runner_up_score = score;
    }
  }
  if (choice.score < kHit) return choice;
  const bool clear = choice.score - choice.runner_up_score >= kMargin;
  choice.kind = clear ? Choice::Kind::kOne : Choice::Kind::kAmbiguous;
  return choice;
}

}  // namespace

Choice Choose(const std::vector<Pattern>& patterns, const std::vector<std::string>& candidates, const Captures& bound) {
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const Pattern& pattern = patterns[i];
    Choice choice = pattern.fuzzy() ? ChooseFuzzy(pattern, candidates, bound) : ChoosePlain(pattern, candidates, bound);
    choice.pattern = i;
    if (choice.kind != Choice::Kind::kNone) return choice;
  }
  return {};
}

}  // namespace tidemill::recipe
