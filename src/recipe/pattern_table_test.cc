// SPDX-License-Identifier: Apache-2.0
// Patterns by the table in tests/recipes, and against a matcher that tries everything.
#include <cmath>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tidemill/base/text.h"
#include "tidemill/recipe/pattern.h"
#include "tidemill/recipe/testing/test_files.h"

namespace tidemill::recipe {
namespace {

using recipe::testing::Row;
using recipe::testing::TableRows;
using recipe::testing::Unescaped;

Captures BoundOf(std::string_view text) {
  Captures bound;
  for (const std::string_view pair : base::Split(text, ';')) {
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos) bound[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
  }
  return bound;
}

std::string Written(const std::optional<Captures>& captures) {
  if (!captures) return "no";
  if (captures->empty()) return "match";
  std::vector<std::string> parts;
  for (const auto& [name, value] : *captures) parts.push_back(name + "=" + value);
  return base::Join(parts, ";");
}

void CheckRow(const Row& row) {
  const std::string text = Unescaped(row[2]);
  const Captures bound = BoundOf(row[3]);
  const auto pattern = Pattern::Compile(row[0] == "bad" && row[1] == "\\xff" ? "\xff" : row[1]);
  if (row[0] == "bad") {
    ASSERT_FALSE(pattern.has_value());
    EXPECT_EQ(pattern.error().code, base::ErrorCode::kInvalid);
    EXPECT_THAT(pattern.error().message, ::testing::HasSubstr(row[4]));
    return;
  }
  ASSERT_TRUE(pattern.has_value()) << pattern.error().message;
  EXPECT_EQ(pattern->text(), row[1]);
  if (row[0] == "score") {
    EXPECT_EQ(fmt::format("{:.2f}", pattern->Score(text, bound)), row[4]);
  } else if (row[0] == "link") {
    EXPECT_EQ(Written(pattern->MatchLink(text, bound)), Unescaped(row[4]));
  } else {
    ASSERT_EQ(row[0], "text");
    EXPECT_EQ(Written(pattern->Match(text, bound)), row[4]);
  }
}

TEST(PatternTable, EveryRowHolds) {
  const auto rows = TableRows(TIDEMILL_SOURCE_DIR "/tests/recipes/patterns.tsv");
  EXPECT_GT(rows.size(), 100U);
  for (const Row& row : rows) {
    SCOPED_TRACE(fmt::format("patterns.tsv:{}: {}", row.line, fmt::join(row.fields, " | ")));
    CheckRow(row);
  }
}

// One element of a pattern as text: "ab", "*", "?", "#", "{x}", "{n:int}", "{w:word}", "{e:a|ab}".
using Elements = std::vector<std::string>;

bool IsDigitChar(char c) {
  return c >= '0' && c <= '9';
}

bool RunAllows(const std::string& element, char c, bool link) {
  if (element == "*") return true;
  if (element == "#" || element == "{n:int}") return IsDigitChar(c);
  if (element == "{w:word}") return IsDigitChar(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  return !link || c != '/';
}

// Tries every way, the shortest first; exponential, and plainly right.
bool TryAll(const Elements& elements, std::size_t e, std::string_view text, std::size_t at, bool link, Captures& out) {
  if (e == elements.size()) return at == text.size();
  const std::string& element = elements[e];
  std::vector<std::size_t> ends;
  if (element == "?") {
    if (at < text.size()) ends = {at + 1};
  } else if (element == "{e:a|ab}") {
    for (const std::string_view choice : {"a", "ab"}) {
      if (text.substr(at).starts_with(choice)) ends.push_back(at + choice.size());
    }
  } else if (element == "*" || element == "#" || element.starts_with('{')) {
    if (element == "*") ends.push_back(at);
    for (std::size_t end = at; end < text.size() && RunAllows(element, text[end], link); ++end) ends.push_back(end + 1);
  } else if (text.substr(at).starts_with(element)) {
    ends = {at + element.size()};
  }
  for (const std::size_t end : ends) {
    if (!TryAll(elements, e + 1, text, end, link, out)) continue;
    if (element.starts_with('{')) out[element.substr(1, 1)] = text.substr(at, end - at);
    return true;
  }
  return false;
}

bool Touches(const Elements& elements, const std::string& next) {
  return !elements.empty() && elements.back().starts_with('{') && next.starts_with('{');
}

TEST(PatternOracle, AgreesWithTryingEverything) {
  const std::vector<std::string> kElements = {"a", "b",  "1", "ab",  "-",       "/",        "*",       "?",
                                              "#", "a1", "*", "{x}", "{n:int}", "{w:word}", "{e:a|ab}"};
  constexpr std::string_view kAlphabet = "aab11-/b";
  std::mt19937 random(20181);
  const auto below = [&](std::size_t n) { return random() % n; };
  int matched = 0;
  for (int i = 0; i < 60000; ++i) {
    Elements elements;
    std::string pattern;
    for (std::size_t n = 1 + below(6); n > 0; --n) {
      const std::string& next = kElements[below(kElements.size())];
      const bool twice = next.starts_with('{') && std::find(elements.begin(), elements.end(), next) != elements.end();
      if (twice || Touches(elements, next)) continue;
      elements.push_back(next);
      pattern += next;
    }
    if (elements.empty()) continue;
    std::string text;
    for (std::size_t n = below(10); n > 0; --n) text += kAlphabet[below(kAlphabet.size())];
    const auto compiled = Pattern::Compile(pattern);
    ASSERT_TRUE(compiled.has_value()) << pattern;
    for (const bool link : {false, true}) {
      Captures captures;
      const bool hit = TryAll(elements, 0, text, 0, link, captures);
      const auto found = link ? compiled->MatchLink(text) : compiled->Match(text);
      ASSERT_EQ(Written(found), hit ? Written(captures) : "no") << pattern << " on " << text << " link " << link;
      matched += hit ? 1 : 0;
    }
  }
  EXPECT_GT(matched, 5000);
}

}  // namespace
}  // namespace tidemill::recipe
