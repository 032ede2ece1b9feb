// SPDX-License-Identifier: Apache-2.0
#include "tidemill/frame/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemill::frame {
namespace {

using ::testing::ElementsAre;

TEST(Frame, AppendJoinsDictionaries) {
  Column column{.name = "code", .codes = {0, 1, -1}, .words = {"W06000001", "E06000001"}};
  Append(column, {.name = "code", .codes = {1, 0, -1}, .words = {"E06000001", "N09000001"}});
  EXPECT_THAT(column.codes, ElementsAre(0, 1, -1, 2, 1, -1));
  EXPECT_THAT(column.words, ElementsAre("W06000001", "E06000001", "N09000001"));
}

TEST(Frame, AppendKeepsWhatIsNull) {
  Column column{.name = "deaths", .kind = ColumnKind::kInt32, .ints = {1, 2}};
  Append(column, {.name = "deaths", .kind = ColumnKind::kInt32, .ints = {3, 0}, .valid = {1, 0}});
  Append(column, {.name = "deaths", .kind = ColumnKind::kInt32, .ints = {5}});
  EXPECT_THAT(column.ints, ElementsAre(1, 2, 3, 0, 5));
  EXPECT_THAT(column.valid, ElementsAre(1, 1, 1, 0, 1));
}

TEST(Frame, GatherTakesRowsInOrder) {
  const Column column{.name = "deaths", .kind = ColumnKind::kInt32, .ints = {1, 2, 3}, .valid = {1, 0, 1}};
  const Column gathered = Gather(column, {2, 1, 1});
  EXPECT_THAT(gathered.ints, ElementsAre(3, 2, 2));
  EXPECT_THAT(gathered.valid, ElementsAre(1, 0, 0));
}

TEST(WordList, GivesEachWordOneCode) {
  WordList words;
  EXPECT_EQ(words.Add("b"), 0);
  EXPECT_EQ(words.Add("a"), 1);
  EXPECT_EQ(words.Add("b"), 0);
  EXPECT_THAT(std::move(words).Take(), ElementsAre("b", "a"));
}

}  // namespace
}  // namespace tidemill::frame
