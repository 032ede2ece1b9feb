// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <map>
#include <random>

#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/dataset/dataset.h"
#include "tidemill/dataset/testing/tables.h"

namespace tidemill::dataset {
namespace {

using testing::DeathsRow;
using testing::DeathsTable;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<std::string> kKey = {"geo_code", "period"};

Diff MustCompare(const std::vector<DeathsRow>& before, const std::vector<DeathsRow>& after) {
  auto diff = Compare(*DeathsTable(before), *DeathsTable(after), kKey);
  EXPECT_TRUE(diff) << diff.error().ToText();
  return diff ? *std::move(diff) : Diff{};
}

TEST(Compare, FindsWhatWasAddedRevisedRemovedAndRelabelled) {
  const std::vector<DeathsRow> before = {
      {"A", "Ay", "2018-01", 1}, {"A", "Ay", "2018-02", 2}, {"B", "Be", "2018-01", 3}};
  const std::vector<DeathsRow> after = {
      {"B", "Bee", "2018-01", 3}, {"A", "Ay", "2018-01", 5}, {"C", "Ce", "2018-01", 7}};
  const Diff diff = MustCompare(before, after);
  EXPECT_EQ(diff.added, 1);
  EXPECT_EQ(diff.revised, 1);
  EXPECT_EQ(diff.removed, 1);
  EXPECT_EQ(diff.relabelled, 1);
  EXPECT_THAT(diff.removed_keys, ElementsAre("A 2018-02"));
  ASSERT_EQ(diff.changes.size(), 4U);
  EXPECT_EQ(diff.changes[0].key, "A 2018-01");
  EXPECT_EQ(diff.changes[0].column, "deaths");
  EXPECT_EQ(diff.changes[0].before, "1");
  EXPECT_EQ(diff.changes[0].after, "5");
  EXPECT_EQ(diff.changes[0].size, 4);
  EXPECT_EQ(diff.changes[1].before, "2");
  EXPECT_EQ(diff.changes[1].after, "");
  EXPECT_EQ(diff.changes[2].column, "geo_name");
  EXPECT_EQ(diff.changes[2].after, "Bee");
  EXPECT_EQ(diff.changes[3].key, "C 2018-01");
  EXPECT_EQ(diff.changes[3].after, "7");
}

TEST(Compare, ANullIsNeitherZeroNorAnEmptyText) {
  EXPECT_EQ(MustCompare({{"A", "", "1", 0}}, {{"A", "", "1", std::nullopt}}).revised, 1);
  EXPECT_EQ(MustCompare({{"A", "", "1", 0, ""}}, {{"A", "", "1", 0, std::nullopt}}).revised, 1);
  EXPECT_TRUE(MustCompare({{"A", "", "1", std::nullopt}}, {{"A", "", "1", std::nullopt}}).empty());
}

TEST(Compare, ListsNoMoreThanAskedForButCountsAll) {
  const auto diff =
      Compare(*DeathsTable(testing::ManyRows(10, 10)), *DeathsTable(testing::ManyRows(10, 10, 1)), kKey, 7);
  ASSERT_TRUE(diff);
  EXPECT_EQ(diff->revised, 100);
  EXPECT_EQ(diff->changes.size(), 7U);
}

TEST(Compare, AKeyTwiceIsAnErrorThatNamesIt) {
  const auto diff = Compare(*DeathsTable({}), *DeathsTable({{"A", "", "1", 1}, {"A", "", "1", 2}}), kKey);
  ASSERT_FALSE(diff);
  EXPECT_EQ(diff.error().code, base::ErrorCode::kInvalid);
  EXPECT_THAT(diff.error().message, HasSubstr("key 'A 1' occurs twice"));
}

TEST(Compare, AMissingKeyColumnIsAnError) {
  const auto before = *DeathsTable({})->RemoveColumn(0);
  const auto diff = Compare(*before, *DeathsTable({}), kKey);
  ASSERT_FALSE(diff);
  EXPECT_THAT(diff.error().message, HasSubstr("'geo_code' is missing before the change"));
}

std::shared_ptr<arrow::Table> Column(const std::shared_ptr<arrow::Array>& values) {
  arrow::Int32Builder keys;
  for (std::int32_t i = 0; i < values->length(); ++i) EXPECT_TRUE(keys.Append(i).ok());
  return arrow::Table::Make(arrow::schema({arrow::field("k", arrow::int32()), arrow::field("v", values->type())}),
                            {*keys.Finish(), values});
}

template <class Builder, class... Values>
std::shared_ptr<arrow::Table> Of(Values... values) {
  Builder builder;
  (void)(builder.Append(values).ok() && ...);
  return Column(*builder.Finish());
}

TEST(Compare, NumbersOfOtherTypesCompareAsNumbers) {
  EXPECT_TRUE(Compare(*Of<arrow::Int32Builder>(1, 2), *Of<arrow::Int64Builder>(1, 2), {"k"})->empty());
  EXPECT_TRUE(Compare(*Of<arrow::Int32Builder>(1, 2), *Of<arrow::DoubleBuilder>(1.0, 2.0), {"k"})->empty());
  EXPECT_EQ(Compare(*Of<arrow::Int32Builder>(1, 2), *Of<arrow::DoubleBuilder>(1.0, 2.5), {"k"})->revised, 1);
  EXPECT_TRUE(Compare(*Of<arrow::DoubleBuilder>(NAN, 0.0), *Of<arrow::DoubleBuilder>(NAN, -0.0), {"k"})->empty());
  EXPECT_EQ(Compare(*Of<arrow::StringBuilder>("1"), *Of<arrow::Int32Builder>(2), {"k"})->revised, 1);
}

// The slow way: rows by key in a map.
Diff Oracle(const std::vector<DeathsRow>& before, const std::vector<DeathsRow>& after) {
  std::map<std::pair<std::string, std::string>, DeathsRow> old_rows;
  for (const auto& row : before) old_rows.emplace(std::pair(row.geo_code, row.period), row);
  Diff diff;
  for (const auto& row : after) {
    const auto found = old_rows.find({row.geo_code, row.period});
    if (found == old_rows.end()) {
      diff.added += 1;
      continue;
    }
    const DeathsRow& old = found->second;
    const bool value = old.deaths != row.deaths || old.status != row.status;
    diff.revised += value ? 1 : 0;
    diff.relabelled += !value && old.geo_name != row.geo_name ? 1 : 0;
    old_rows.erase(found);
  }
  diff.removed = static_cast<std::int64_t>(old_rows.size());
  return diff;
}

TEST(Compare, CountsAsTheSlowWayDoesOnRandomTables) {
  std::mt19937 random(7);
  const auto table = [&] {
    std::map<std::pair<std::string, std::string>, DeathsRow> rows;
    for (int i = 0; i < 200; ++i) {
      DeathsRow row{std::string(1, static_cast<char>('A' + random() % 12)), std::to_string(random() % 2),
                    std::to_string(random() % 20), static_cast<std::int32_t>(random() % 3)};
      if (random() % 4 == 0) row.deaths.reset();
      if (random() % 4 == 0) row.status = "p";
      rows.emplace(std::pair(row.geo_code, row.period), row);
    }
    std::vector<DeathsRow> list;
    for (auto& entry : rows) list.push_back(entry.second);
    std::shuffle(list.begin(), list.end(), random);
    return list;
  };
  for (int round = 0; round < 50; ++round) {
    const auto before = table();
    const auto after = table();
    const Diff diff = MustCompare(before, after);
    const Diff expected = Oracle(before, after);
    EXPECT_EQ(diff.added, expected.added);
    EXPECT_EQ(diff.revised, expected.revised);
    EXPECT_EQ(diff.removed, expected.removed);
    EXPECT_EQ(diff.relabelled, expected.relabelled);
  }
}

// Chunks with dictionaries of their own, as several files or groups of rows give them.
TEST(Compare, DictionariesMayDifferFromChunkToChunk) {
  const auto rows = testing::ManyRows(5, 5);
  const auto first = DeathsTable({rows.begin(), rows.begin() + 12});
  const auto second = DeathsTable({rows.begin() + 12, rows.end()});
  const auto chunked = *arrow::ConcatenateTables({first, second});
  EXPECT_TRUE(Compare(*chunked, *DeathsTable(rows), kKey)->empty());
  EXPECT_TRUE(Compare(*DeathsTable(rows), *chunked, kKey)->empty());
}

}  // namespace
}  // namespace tidemill::dataset
