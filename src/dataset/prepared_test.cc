// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/base/testing/memory_store.h"
#include "tidemill/dataset/dataset.h"
#include "tidemill/dataset/testing/tables.h"

namespace tidemill::dataset {
namespace {

using base::testing::FailingStore;
using base::testing::Failure;
using base::testing::MemoryStore;
using testing::DeathsFrame;
using ::testing::ElementsAre;

constexpr const char* kRecipe = "ons/deaths-monthly";

Prepared Example(std::int32_t deaths) {
  Prepared prepared;
  prepared.recipe = kRecipe;
  prepared.drafts = {testing::DeathsDraft({{"A", "Ay", "2018-01", deaths}}, "run-1")};
  prepared.drafts[0].notes = DeathsFrame({{"A", "a note", "2018-01", 1}});
  prepared.files = {{.path = "deaths_data.parquet",
                     .rows = testing::CompatFrame({{"A", "Ay", "2018-01", deaths}}),
                     .parquet = nullptr}};
  prepared.report_json = R"({"rows":1})";
  prepared.held = {"revised@2018"};
  return prepared;
}

TEST(Prepared, IsReadBackWhole) {
  MemoryStore store;
  EXPECT_EQ(*LoadPrepared(store, kRecipe), std::nullopt);
  const Prepared saved = Example(1);
  ASSERT_TRUE(SavePrepared(store, saved));
  EXPECT_TRUE(store.files().contains("_prepared/ons-deaths-monthly/prepared.json"));
  const auto loaded = LoadPrepared(store, kRecipe);
  ASSERT_TRUE(loaded) << loaded.error().ToText();
  ASSERT_TRUE(*loaded);
  const Prepared& prepared = **loaded;
  EXPECT_EQ(prepared.recipe, kRecipe);
  EXPECT_EQ(prepared.report_json, R"({"rows":1})");
  EXPECT_THAT(prepared.held, ElementsAre("revised@2018"));
  ASSERT_EQ(prepared.drafts.size(), 1U);
  const Draft& draft = prepared.drafts[0];
  EXPECT_EQ(draft.table, "deaths_monthly");
  EXPECT_THAT(draft.key, ElementsAre("geo_code", "period"));
  EXPECT_EQ(draft.facts, saved.drafts[0].facts);
  EXPECT_EQ(draft.commit.run_id, "run-1");
  EXPECT_EQ(draft.commit.sources.size(), 1U);
  EXPECT_TRUE(*draft.rows == *saved.drafts[0].rows);
  EXPECT_TRUE(*draft.notes == *saved.drafts[0].notes);
  EXPECT_EQ(*draft.parquet, *ToVersionParquet(saved.drafts[0].rows));
  ASSERT_EQ(prepared.files.size(), 1U);
  EXPECT_EQ(prepared.files[0].path, "deaths_data.parquet");
  EXPECT_TRUE(*prepared.files[0].rows == *saved.files[0].rows);
}

TEST(Prepared, PublishesTheBytesThatItHolds) {
  MemoryStore store;
  ASSERT_TRUE(SavePrepared(store, Example(1)));
  const auto prepared = LoadPrepared(store, kRecipe);
  const base::testing::FakeClock clock(base::Time(std::chrono::seconds(1'750'000'000)));
  ASSERT_TRUE(Publish(store, (*prepared)->drafts[0], clock));
  ASSERT_TRUE(WritePlainFile(store, (*prepared)->files[0]));
  const auto version = LoadVersion(store, "deaths_monthly");
  EXPECT_EQ(store.files().at("deaths_monthly/" + version->files[0].path), *(*prepared)->drafts[0].parquet);
  EXPECT_EQ(store.files().at("deaths_data.parquet"), *(*prepared)->files[0].parquet);
}

TEST(Prepared, ReplacesWhatWasThereAndLeavesNothingBehind) {
  MemoryStore once;
  ASSERT_TRUE(SavePrepared(once, Example(2)));
  MemoryStore twice;
  ASSERT_TRUE(SavePrepared(twice, Example(1)));
  ASSERT_TRUE(SavePrepared(twice, Example(2)));
  EXPECT_EQ(twice.files(), once.files());
  ASSERT_TRUE(DropPrepared(twice, kRecipe));
  EXPECT_TRUE(twice.files().empty());
  EXPECT_TRUE(DropPrepared(twice, kRecipe));
}

TEST(Prepared, IsTheOldOrTheNewAtWhicheverWriteItsWriterDies) {
  bool died = true;
  for (int at = 1; died; ++at) {
    MemoryStore store;
    ASSERT_TRUE(SavePrepared(store, Example(1)));
    FailingStore failing(store, at, Failure::kDead);
    const auto saved = SavePrepared(failing, Example(2));
    died = failing.failed();
    const auto loaded = LoadPrepared(store, kRecipe);
    ASSERT_TRUE(loaded) << loaded.error().ToText();
    ASSERT_TRUE(*loaded);
    const bool is_new = *(*loaded)->drafts[0].rows == *Example(2).drafts[0].rows;
    EXPECT_TRUE(is_new || *(*loaded)->drafts[0].rows == *Example(1).drafts[0].rows) << "write " << at;
    EXPECT_TRUE(is_new || !saved);
  }
}

TEST(Prepared, ABrokenIndexOrFileIsNamed) {
  MemoryStore store;
  ASSERT_TRUE(SavePrepared(store, Example(1)));
  for (const auto& [path, bytes] : store.files()) {
    MemoryStore broken;
    for (const auto& [other, content] : store.files()) {
      ASSERT_TRUE(broken.Put(other, other == path ? content.substr(0, content.size() / 2) : content));
    }
    const auto loaded = LoadPrepared(broken, kRecipe);
    ASSERT_FALSE(loaded) << path;
    EXPECT_EQ(loaded.error().code, base::ErrorCode::kMalformed);
    EXPECT_EQ(loaded.error().place, path);
  }
}

}  // namespace
}  // namespace tidemill::dataset
