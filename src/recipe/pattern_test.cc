// SPDX-License-Identifier: Apache-2.0
#include "tidemill/recipe/pattern.h"

#include <gmock/gmock.h>

namespace tidemill::recipe {
namespace {

Pattern Compiled(std::string_view text) {
  auto pattern = Pattern::Compile(text);
  EXPECT_TRUE(pattern.has_value()) << text;
  return *pattern;
}

std::vector<Pattern> All(std::initializer_list<std::string_view> texts) {
  std::vector<Pattern> out;
  for (const auto text : texts) out.push_back(Compiled(text));
  return out;
}

TEST(Pattern, ScoresAsTheDesignSays) {
  const Pattern pattern = Compiled("~Figures");
  EXPECT_NEAR(pattern.Score("Figures for 2018"), 0.83, 0.005);
  EXPECT_NEAR(pattern.Score("Figures for 2006 revised"), 0.79, 0.005);
  EXPECT_NEAR(pattern.Score("Notes"), 0.09, 0.005);
}

TEST(Pattern, AMissingNumberMakesTheScoreZero) {
  const Pattern pattern = Compiled("~Figures for {year}");
  EXPECT_EQ(pattern.Score("Figures for 2017", {{"year", "2018"}}), 0);
  EXPECT_GT(pattern.Score("Figure for 2018 (revised)", {{"year", "2018"}}), 0.6);
}

TEST(Choose, TakesTheFirstPatternThatHits) {
  const auto patterns = All({"Figures for {year}", "1", "~Figures for {year}"});
  const std::vector<std::string> sheets = {"Contents", "1", "Figures for 2018 "};
  const Choice choice = Choose(patterns, sheets, {{"year", "2018"}});
  EXPECT_EQ(choice.kind, Choice::Kind::kOne);
  EXPECT_EQ(choice.candidate, 2U);
  EXPECT_EQ(choice.pattern, 0U);
  const Choice other = Choose(patterns, {"Cover", "1"}, {{"year", "2021"}});
  EXPECT_EQ(other.candidate, 1U);
  EXPECT_EQ(other.pattern, 1U);
  EXPECT_EQ(Choose(patterns, {"Contents", "Notes"}, {{"year", "2021"}}).kind, Choice::Kind::kNone);
}

TEST(Choose, SaysWhatIsAmbiguous) {
  const Choice two = Choose(All({"Table *"}), {"Table 1", "Notes", "Table 2"});
  EXPECT_EQ(two.kind, Choice::Kind::kAmbiguous);
  EXPECT_EQ(two.candidate, 0U);
  EXPECT_EQ(two.runner_up, 2U);
  const Choice fuzzy = Choose(All({"~Figures for deaths"}), {"Figures for deaths a", "x", "Figures for deaths bc"});
  EXPECT_EQ(fuzzy.kind, Choice::Kind::kAmbiguous);
  EXPECT_EQ(fuzzy.candidate, 0U);
  EXPECT_EQ(fuzzy.runner_up, 2U);
  EXPECT_GT(fuzzy.score, fuzzy.runner_up_score);
}

TEST(Choose, TakesAFuzzyHitWithAMargin) {
  const Choice choice = Choose(All({"~Figures"}), {"Notes", "Figures for 2006 revised", "Contents"});
  EXPECT_EQ(choice.kind, Choice::Kind::kOne);
  EXPECT_EQ(choice.candidate, 1U);
  EXPECT_NEAR(choice.runner_up_score, 0.09, 0.03);
}

}  // namespace
}  // namespace tidemill::recipe
