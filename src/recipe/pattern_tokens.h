// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/recipe/pattern.h"

namespace tidemill::recipe {

// A literal in both forms: as written (links) and normalised (texts).
struct Literal {
  std::string raw;
  std::string folded;
};

enum class CaptureKind { kText, kInt, kYear, kWord, kDate, kMonth, kOneOf };

struct Token {
  enum class Kind { kLiteral, kAny, kOne, kDigits, kCapture } kind = Kind::kLiteral;
  Literal literal;
  // kCapture
  std::string name;
  CaptureKind capture = CaptureKind::kText;
  std::vector<Literal> one_of;
};

struct TokenList {
  bool fuzzy = false;
  std::vector<Token> tokens;
};
// Errors are kInvalid and name the byte offset.
base::Result<TokenList> ParsePattern(std::string_view text);

enum class MatchMode { kText, kLink };
// The whole text against the tokens, shortest first, in time linear in tokens times text. `text` is normalised already
// in kText. A bound name matches only its value.
std::optional<Captures> MatchTokens(const std::vector<Token>& tokens, std::string_view text, MatchMode mode,
                                    const Captures& bound);

// 0.7 c + 0.3 e of recipes.md 3.2. Both texts are normalised; wildcards are left out of `pattern`.
double FuzzyScore(std::string_view pattern, std::string_view candidate);

}  // namespace tidemill::recipe
