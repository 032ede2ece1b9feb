// SPDX-License-Identifier: Apache-2.0
#include "tidemill/dataset/changes.h"

#include <arrow/table.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/text.h"
#include "tidemill/dataset/testing/tables.h"

namespace tidemill::dataset {
namespace {

using testing::DeathsRow;
using testing::DeathsTable;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<std::string> kKey = {"geo_code", "period"};

std::string Shown(const std::vector<std::optional<std::string>>& cells) {
  std::vector<std::string> texts;
  for (const auto& cell : cells) texts.push_back(cell.value_or("null"));
  return base::Join(texts, " ");
}

// "revised A 2018-01: Ay 1 null -> Ay 5 null", in the order of the list.
std::vector<std::string> Listed(const std::vector<DeathsRow>& before, const std::vector<DeathsRow>& after) {
  const auto changes = ListChanges(*DeathsTable(before), *DeathsTable(after), kKey);
  EXPECT_TRUE(changes) << changes.error().ToText();
  std::vector<std::string> lines;
  if (!changes) return lines;
  for (const RowChange& row : changes->rows) {
    lines.push_back(
        fmt::format("{} {}: {} -> {}", ToText(row.kind), Shown(row.key), Shown(row.before), Shown(row.after)));
  }
  return lines;
}

TEST(ListChanges, TellsRowsThatWentFirstThenThoseOfTheNewTableInItsOrder) {
  EXPECT_THAT(Listed({{"A", "Ay", "2018-01", 1}, {"A", "Ay", "2018-02", 2}, {"B", "Be", "2018-01", 3}},
                     {{"B", "Bee", "2018-01", 3}, {"A", "Ay", "2018-01", 5}, {"C", "Ce", "2018-01", 7}}),
              ElementsAre("removed A 2018-02: Ay 2 null -> ", "relabelled B 2018-01: Be 3 null -> Bee 3 null",
                          "revised A 2018-01: Ay 1 null -> Ay 5 null", "added C 2018-01:  -> Ce 7 null"));
}

TEST(ListChanges, ANewLabelBesideANewValueIsARevision) {
  EXPECT_THAT(Listed({{"A", "Ay", "1", 1}}, {{"A", "Aye", "1", 2}}),
              ElementsAre("revised A 1: Ay 1 null -> Aye 2 null"));
}

TEST(ListChanges, ANullIsNeitherZeroNorAnEmptyText) {
  EXPECT_THAT(Listed({{"A", "Ay", "1", 0}}, {{"A", "Ay", "1", std::nullopt}}),
              ElementsAre("revised A 1: Ay 0 null -> Ay null null"));
  EXPECT_THAT(Listed({{"A", "Ay", "1", 0, ""}}, {{"A", "Ay", "1", 0, std::nullopt}}),
              ElementsAre("revised A 1: Ay 0  -> Ay 0 null"));
  EXPECT_THAT(Listed({{"A", "Ay", "1", std::nullopt}}, {{"A", "Ay", "1", std::nullopt}}), IsEmpty());
}

// Compare counts without listing: both must say the same of any two tables.
TEST(ListChanges, CountsAsCompareDoes) {
  auto before = testing::ManyRows(20, 12);
  auto after = testing::ManyRows(20, 12, 3);
  before.erase(before.begin() + 7, before.begin() + 19);
  after.erase(after.begin() + 100, after.begin() + 131);
  after[40].deaths = before[40].deaths;
  const auto old_table = DeathsTable(before);
  const auto new_table = DeathsTable(after);
  const auto listed = ListChanges(*old_table, *new_table, kKey);
  const auto counted = Compare(*old_table, *new_table, kKey);
  ASSERT_TRUE(listed && counted);
  EXPECT_EQ(listed->added, counted->added);
  EXPECT_EQ(listed->revised, counted->revised);
  EXPECT_EQ(listed->removed, counted->removed);
  EXPECT_EQ(listed->relabelled, counted->relabelled);
  EXPECT_GT(listed->added * listed->revised * listed->removed, 0);
  EXPECT_EQ(static_cast<std::int64_t>(listed->rows.size()),
            listed->added + listed->revised + listed->removed + listed->relabelled);
}

TEST(ListChanges, AKeyTwiceIsAnErrorThatNamesIt) {
  const auto changes = ListChanges(*DeathsTable({}), *DeathsTable({{"A", "", "1", 1}, {"A", "", "1", 2}}), kKey);
  ASSERT_FALSE(changes);
  EXPECT_EQ(changes.error().code, base::ErrorCode::kInvalid);
  EXPECT_THAT(changes.error().message, HasSubstr("key 'A 1' occurs twice"));
}

// A version of before the recipe's key lost a column: its rows are no longer told apart, and one of two that have a
// successor was told as removed.
TEST(ListChanges, AnOlderTableWhoseKeyHadOneColumnMoreIsRefusedNotListedWithRowsThatNeverWent) {
  const auto older = DeathsTable({{"A", "Ay", "1", 1}, {"A", "Be", "1", 2}, {"B", "Be", "1", 2}});
  const auto changes = ListChanges(*older, *DeathsTable({{"A", "Ay", "1", 3}, {"B", "Be", "1", 2}}), kKey);
  ASSERT_FALSE(changes);
  EXPECT_EQ(changes.error().code, base::ErrorCode::kInvalid);
  EXPECT_THAT(changes.error().message, HasSubstr("key 'A 1' occurs twice in the older table"));
  EXPECT_TRUE(ListChanges(*older, *older, {"geo_code", "geo_name", "period"}));
}

}  // namespace
}  // namespace tidemill::dataset
