// SPDX-License-Identifier: Apache-2.0
#include "note_references.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemill::transform {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using workbook::Script;
using workbook::TextRun;

const recipe::NoteSpec kAll = [] {
  recipe::NoteSpec notes;
  notes.trailing = true;
  return notes;
}();

CleanText Scripted(std::string_view text, std::vector<TextRun> runs) {
  return TakeOffReferences(text, runs, kAll);
}
CleanText Plain(std::string_view text) {
  return TakeOffReferences(text, {}, kAll);
}

TEST(NoteReferences, TakesASuperscriptRunOffAMonthSoThatJan193IsNotTheYear193) {
  const CleanText clean = Scripted("Jan-193", {{.start = 0}, {.start = 6, .script = Script::kSuperscript}});
  EXPECT_EQ(clean.text, "Jan-19");
  EXPECT_THAT(clean.refs, ElementsAre("3"));
  EXPECT_TRUE(clean.script);
}

TEST(NoteReferences, PassesOverThePlainBlankBehindTheSuperscript) {
  const CleanText clean =
      Scripted("Mar-193 ", {{.start = 0}, {.start = 6, .script = Script::kSuperscript}, {.start = 7}});
  EXPECT_EQ(clean.text, "Mar-19");
  EXPECT_THAT(clean.refs, ElementsAre("3"));
}

TEST(NoteReferences, SplitsSeveralNumbersOfOneRun) {
  const CleanText clean =
      Scripted("ENGLAND, WALES AND ELSEWHERE 1,2", {{.start = 0}, {.start = 29, .script = Script::kSuperscript}});
  EXPECT_EQ(clean.text, "ENGLAND, WALES AND ELSEWHERE");
  EXPECT_THAT(clean.refs, ElementsAre("1", "2"));
}

TEST(NoteReferences, JoinsNeighbouringSuperscriptRuns) {
  const CleanText clean = Scripted("Total12", {{.start = 0},
                                               {.start = 5, .script = Script::kSuperscript},
                                               {.start = 6, .script = Script::kSuperscript, .bold = true}});
  EXPECT_THAT(clean.refs, ElementsAre("12"));
}

TEST(NoteReferences, ASuperscriptBlankIsNothing) {
  const CleanText clean = Scripted("Derwentside ", {{.start = 0}, {.start = 11, .script = Script::kSuperscript}});
  EXPECT_EQ(clean.text, "Derwentside");
  EXPECT_THAT(clean.refs, IsEmpty());
}

TEST(NoteReferences, PowersOfUnitsAndOrdinalsAreText) {
  EXPECT_EQ(Scripted("Area, km2", {{.start = 0}, {.start = 8, .script = Script::kSuperscript}}).text, "Area, km2");
  EXPECT_EQ(
      Scripted("the 21st century", {{.start = 0}, {.start = 6, .script = Script::kSuperscript}, {.start = 8}}).text,
      "the 21st century");
  EXPECT_EQ(Plain("Area, km\u00B2").text, "Area, km\u00B2");
}

TEST(NoteReferences, SubscriptsAreText) {
  EXPECT_EQ(Scripted("CO2", {{.start = 0}, {.start = 2, .script = Script::kSubscript}}).text, "CO2");
}

TEST(NoteReferences, ReadsSuperscriptDigitsOfUnicode) {
  const CleanText clean = Plain("Jan-19\u00B3");
  EXPECT_EQ(clean.text, "Jan-19");
  EXPECT_THAT(clean.refs, ElementsAre("3"));
}

TEST(NoteReferences, ReadsBracketsInAnyOfTheirForms) {
  EXPECT_EQ(Plain("2020 [note 6]").text, "2020");
  EXPECT_THAT(Plain("Deaths [Notes 1 and 2]").refs, ElementsAre("1", "2"));
  EXPECT_THAT(Plain("Deaths [note 1, 2][note 3]").refs, ElementsAre("1", "2", "3"));
  EXPECT_EQ(Plain("Deaths [x]").text, "Deaths [x]");
  EXPECT_EQ(Plain("Deaths [noted]").text, "Deaths [noted]");
}

TEST(NoteReferences, TrailingNumbersGoOnlyWhereSuchNotesExist) {
  CleanText clean = Plain("ENGLAND, WALES AND ELSEWHERE 1,2");
  TakeOffTrailing(clean, {"1", "2"});
  EXPECT_EQ(clean.text, "ENGLAND, WALES AND ELSEWHERE");
  EXPECT_THAT(clean.refs, ElementsAre("1", "2"));
  clean = Plain("Route 66");
  TakeOffTrailing(clean, {"1", "2"});
  EXPECT_EQ(clean.text, "Route 66");
  clean = Plain("2018 2");
  TakeOffTrailing(clean, {"2"});
  EXPECT_EQ(clean.text, "2018 2") << "nothing but digits is no label";
}

TEST(NoteReferences, ReadsOnlyTheKindsThatTheRecipeNames) {
  recipe::NoteSpec none;
  none.script = none.bracket = false;
  EXPECT_EQ(TakeOffReferences("2020 [note 6]", {}, none).text, "2020 [note 6]");
  const std::vector<TextRun> runs = {{.start = 0}, {.start = 6, .script = Script::kSuperscript}};
  EXPECT_EQ(TakeOffReferences("Jan-193", runs, none).text, "Jan-193");
}

TEST(NoteReferences, SurvivesRunsThatPointBehindTheText) {
  EXPECT_EQ(Scripted("ab", {{.start = 9, .script = Script::kSuperscript}, {.start = 3}}).text, "ab");
}

}  // namespace
}  // namespace tidemill::transform
