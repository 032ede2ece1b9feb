// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"

// The patterns of recipes: shared/design/recipes.md, 3.2.
namespace tidemill::recipe {

using Captures = std::map<std::string, std::string, std::less<>>;

// Normalised text, for matching only: NFKC, dashes and quotes made plain, white space collapsed, trimmed, case folded.
// Note references and script runs are taken off before, by who knows them (transform).
std::string Normalise(std::string_view text);

// A compiled pattern: `Figures for {year}`, `*/{year:year}/{file}.{ext:xls|xlsx|ods}`, `~Figures for {year}`.
// Immutable, thread-safe, cheap to copy.
class Pattern {
 public:
  // Errors are kInvalid, with the byte offset of the fault in the message ("bad-pattern").
  static base::Result<Pattern> Compile(std::string_view text);

  const std::string& text() const;
  bool fuzzy() const;
  // Names of the captures, in order.
  const std::vector<std::string>& captures() const;

  // Matches the whole text (normalised here). A name that `bound` has matches only its value. On a match the result
  // holds the pattern's own captures, as they stand in the normalised text.
  std::optional<Captures> Match(std::string_view text, const Captures& bound = {}) const;
  // The same for links: only percent-decoding has been done, case is kept, captures stop at '/'.
  std::optional<Captures> MatchLink(std::string_view text, const Captures& bound = {}) const;
  // The score of a fuzzy pattern, 0..1 (0.7 c + 0.3 e); 1 or 0 for a plain one.
  double Score(std::string_view text, const Captures& bound = {}) const;

 private:
  struct Compiled;
  explicit Pattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

// A list of patterns tried in order over candidates; a fuzzy one hits at score ≥ 0.60 with a margin ≥ 0.15 over the
// next.
struct Choice {
  enum class Kind { kNone, kOne, kAmbiguous } kind = Kind::kNone;
  std::size_t candidate = 0;
  std::size_t runner_up = 0;  // with kAmbiguous
  std::size_t pattern = 0;    // which of the list hit
  double score = 1.0;
  double runner_up_score = 0.0;
  Captures captures;
};
Choice Choose(const std::vector<Pattern>& patterns, const std::vector<std::string>& candidates,
              const Captures& bound = {});

}  // namespace tidemill::recipe
