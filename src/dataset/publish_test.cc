// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <latch>
#include <set>
#include <thread>

#include <arrow/chunked_array.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <arrow/type.h>
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
using base::testing::FakeClock;
using base::testing::MemoryStore;
using base::testing::TemporaryFolder;
using testing::DeathsDraft;
using testing::DeathsFrame;
using testing::DeathsRow;
using testing::DeathsTable;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const std::vector<DeathsRow> kFirst = {
    {"E08000007", "Stockport", "2018-01", 298},
    {"E08000007", "Stockport", "2018-02", 252},
    {"W06000001", "Isle of Anglesey", "2018-01", 81},
    {"W06000001", "Isle of Anglesey", "2018-02", std::nullopt, "c"},
};

std::vector<DeathsRow> Revised() {
  auto rows = kFirst;
  rows[1].deaths = 253;
  rows.push_back({"E08000007", "Stockport", "2018-03", 270});
  return rows;
}

std::shared_ptr<const frame::Frame> WithBirths(const frame::Frame& rows) {
  auto more = std::make_shared<frame::Frame>(rows);
  frame::Column births = *rows.Find("deaths");
  births.name = "births";
  births.metadata.clear();
  more->columns.push_back(std::move(births));
  return more;
}

class Publishing : public ::testing::Test {
 protected:
  base::Result<Published> PublishRows(base::FileStore& store, const std::vector<DeathsRow>& rows,
                                      const std::string& run) {
    return Publish(store, DeathsDraft(rows, run), clock_);
  }
  MemoryStore store_;
  FakeClock clock_{base::Time(std::chrono::seconds(1'750'000'000))};
};

TEST_F(Publishing, TheFirstVersionHoldsRowsFactsAndLineage) {
  const auto published = PublishRows(store_, kFirst, "run-1");
  ASSERT_TRUE(published) << published.error().ToText();
  EXPECT_EQ(published->version, 0);
  EXPECT_FALSE(published->unchanged);
  EXPECT_EQ(published->diff.added, 4);

  const auto version = LoadVersion(store_, "deaths_monthly");
  ASSERT_TRUE(version) << version.error().ToText();
  EXPECT_EQ(version->number, 0);
  EXPECT_EQ(version->recorded, clock_.Now());
  EXPECT_EQ(version->table_id.size(), 36U);
  EXPECT_EQ(version->facts, DeathsDraft(kFirst, "run-1").facts);
  EXPECT_EQ(version->commit.run_id, "run-1");
  EXPECT_EQ(version->commit.inputs_key, "inputs of run-1");
  EXPECT_EQ(version->commit.added, 4);
  EXPECT_EQ(version->commit.checks_passed, 12);
  EXPECT_EQ(version->commit.checks_waived, 1);
  ASSERT_EQ(version->commit.checks.size(), 2U);
  EXPECT_EQ(version->commit.checks[0].check, "E12000001 = sum(E06*)");
  EXPECT_EQ(version->commit.checks[1].result, "waived");
  EXPECT_EQ(version->commit.checks[0].count, 12);
  EXPECT_THAT(version->commit.findings, ElementsAre("sum@Figures!C6"));
  EXPECT_EQ(version->commit.lock, "[[edition]]\nname = \"2018\"\n");
  ASSERT_EQ(version->commit.sources.size(), 1U);
  EXPECT_EQ(version->commit.sources[0].url, "https://example.org/2018.xls");
  EXPECT_EQ(version->commit.sources[0].bytes, 12'345U);
  EXPECT_EQ(version->commit.sources[0].fetched_at, base::Time(std::chrono::seconds(1'700'000'000)));
  ASSERT_EQ(version->files.size(), 1U);
  EXPECT_EQ(version->files[0].rows, 4);

  const auto rows = ReadRows(store_, "deaths_monthly", *version);
  ASSERT_TRUE(rows) << rows.error().ToText();
  const auto expected = DeathsTable(kFirst);
  EXPECT_TRUE((*rows)->Equals(*expected)) << (*rows)->ToString();
  EXPECT_TRUE((*rows)->schema()->field(3)->Equals(expected->schema()->field(3), /*check_metadata=*/true))
      << (*rows)->schema()->ToString(true);
}

TEST_F(Publishing, AChangeIsANewVersionAndTheOldOneStays) {
  ASSERT_TRUE(PublishRows(store_, kFirst, "run-1"));
  clock_.Advance(std::chrono::hours(24));
  const auto published = PublishRows(store_, Revised(), "run-2");
  ASSERT_TRUE(published) << published.error().ToText();
  EXPECT_EQ(published->version, 1);
  EXPECT_EQ(published->diff.added, 1);
  EXPECT_EQ(published->diff.revised, 1);
  EXPECT_EQ(published->diff.removed, 0);

  const auto history = LoadHistory(store_, "deaths_monthly");
  ASSERT_TRUE(history) << history.error().ToText();
  ASSERT_EQ(history->size(), 2U);
  EXPECT_EQ((*history)[0].table_id, (*history)[1].table_id);
  EXPECT_EQ((*history)[0].commit.run_id, "run-1");
  EXPECT_EQ((*history)[1].commit.revised, 1);
  EXPECT_LT((*history)[0].recorded, (*history)[1].recorded);
  const auto old_rows = ReadRows(store_, "deaths_monthly", (*history)[0]);
  const auto new_rows = ReadRows(store_, "deaths_monthly", (*history)[1]);
  ASSERT_TRUE(old_rows && new_rows);
  EXPECT_TRUE((*old_rows)->Equals(*DeathsTable(kFirst)));
  EXPECT_TRUE((*new_rows)->Equals(*DeathsTable(Revised())));
  // The schema did not change, so the second commit does not tell it again.
  EXPECT_THAT(store_.files().at("deaths_monthly/_delta_log/00000000000000000000.json"), HasSubstr("\"metaData\""));
  EXPECT_THAT(store_.files().at("deaths_monthly/_delta_log/00000000000000000001.json"),
              ::testing::Not(HasSubstr("\"metaData\"")));
}

TEST_F(Publishing, OtherLineageEditionOrOrderIsNothingToPublish) {
  ASSERT_TRUE(PublishRows(store_, kFirst, "run-1"));
  auto rows = kFirst;
  rows[0].src = "bb22 Figures for 2018";
  rows[1].src_row = 99;
  rows[2].edition = "2019";
  std::swap(rows[0], rows[3]);
  const auto before = store_.files();
  const auto published = PublishRows(store_, rows, "run-2");
  ASSERT_TRUE(published) << published.error().ToText();
  EXPECT_TRUE(published->unchanged);
  EXPECT_EQ(published->version, 0);
  EXPECT_EQ(store_.files(), before);
}

TEST_F(Publishing, AStatusOrALabelAloneIsAVersion) {
  ASSERT_TRUE(PublishRows(store_, kFirst, "run-1"));
  auto rows = kFirst;
  rows[0].status = "p";
  auto published = PublishRows(store_, rows, "run-2");
  ASSERT_TRUE(published);
  EXPECT_EQ(published->version, 1);
  EXPECT_EQ(published->diff.revised, 1);
  rows[2].geo_name = "Ynys Môn";
  published = PublishRows(store_, rows, "run-3");
  ASSERT_TRUE(published);
  EXPECT_EQ(published->version, 2);
  EXPECT_EQ(published->diff.relabelled, 1);
  EXPECT_EQ(published->diff.revised, 0);
}

TEST_F(Publishing, FactsAloneWaitForTheNextVersion) {
  ASSERT_TRUE(PublishRows(store_, kFirst, "run-1"));
  Draft draft = DeathsDraft(kFirst, "run-2");
  draft.facts.title = "Deaths";
  auto published = Publish(store_, draft, clock_);
  ASSERT_TRUE(published);
  EXPECT_TRUE(published->unchanged);
  draft.rows = DeathsFrame(Revised());
  published = Publish(store_, draft, clock_);
  ASSERT_TRUE(published);
  EXPECT_EQ(published->version, 1);
  EXPECT_EQ(LoadVersion(store_, "deaths_monthly")->facts.title, "Deaths");
  EXPECT_EQ(LoadVersion(store_, "deaths_monthly", 0)->facts.title, "Monthly deaths by area");
}

TEST_F(Publishing, AColumnMoreIsAVersionWithItsOwnSchema) {
  ASSERT_TRUE(PublishRows(store_, kFirst, "run-1"));
  Draft draft = DeathsDraft(kFirst, "run-2");
  draft.rows = WithBirths(*draft.rows);
  const auto published = Publish(store_, draft, clock_);
  ASSERT_TRUE(published) << published.error().ToText();
  EXPECT_EQ(published->version, 1);
  EXPECT_FALSE(published->unchanged);
  const auto old_rows = ReadRows(store_, "deaths_monthly", *LoadVersion(store_, "deaths_monthly", 0));
  const auto new_rows = ReadRows(store_, "deaths_monthly", *LoadVersion(store_, "deaths_monthly", 1));
  EXPECT_EQ((*old_rows)->num_columns(), 9);
  EXPECT_EQ((*new_rows)->num_columns(), 10);
}

TEST_F(Publishing, DecimalsStayExact) {
  Draft draft = DeathsDraft(kFirst, "run-1");
  auto rows = std::make_shared<frame::Frame>(*draft.rows);
  rows->columns.push_back({.name = "rate",
                           .kind = frame::ColumnKind::kDecimal,
                           .ints = std::vector<std::int64_t>(rows->rows, -1205),
                           .precision = 9,
                           .scale = 2});
  draft.rows = rows;
  ASSERT_TRUE(Publish(store_, draft, clock_));
  const auto read = ReadRows(store_, "deaths_monthly", *LoadVersion(store_, "deaths_monthly"));
  ASSERT_TRUE(read) << read.error().ToText();
  const auto rate = (*read)->GetColumnByName("rate");
  ASSERT_NE(rate, nullptr);
  EXPECT_EQ(rate->type()->ToString(), "decimal128(9, 2)");
  EXPECT_EQ(rate->GetScalar(0).ValueOrDie()->ToString(), "-12.05");
}

TEST_F(Publishing, LineageComesLastInTheTable) {
  Draft draft = DeathsDraft(kFirst, "run-1");
  auto mixed = std::make_shared<frame::Frame>(*draft.rows);
  for (const std::size_t from : {6U, 7U, 8U}) std::swap(mixed->columns[from], mixed->columns[from - 6]);
  draft.rows = mixed;
  ASSERT_TRUE(Publish(store_, draft, clock_));
  const auto rows = ReadRows(store_, "deaths_monthly", *LoadVersion(store_, "deaths_monthly"));
  ASSERT_TRUE(rows);
  EXPECT_THAT((*rows)->ColumnNames(), ElementsAre("deaths", "deaths_status", "edition", "geo_code", "geo_name",
                                                  "period", "src", "src_row", "src_col"));
}

TEST_F(Publishing, TheSameRunAgainIsTheSameVersion) {
  ASSERT_TRUE(PublishRows(store_, kFirst, "run-1"));
  ASSERT_TRUE(PublishRows(store_, Revised(), "run-2"));
  const auto before = store_.files();
  const auto again = PublishRows(store_, Revised(), "run-2");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->version, 1);
  EXPECT_FALSE(again->unchanged);
  EXPECT_EQ(again->diff.added, 1);
  EXPECT_EQ(again->diff.revised, 1);
  EXPECT_EQ(store_.files(), before);
}

TEST_F(Publishing, NotesLieBesideAndAreNamed) {
  Draft draft = DeathsDraft(kFirst, "run-1");
  draft.notes = DeathsFrame({kFirst[0]});
  ASSERT_TRUE(Publish(store_, draft, clock_));
  const auto version = LoadVersion(store_, "deaths_monthly");
  ASSERT_THAT(version->commit.notes_file, ::testing::StartsWith("_notes/"));
  const auto notes = FromParquet(store_.files().at("deaths_monthly/" + version->commit.notes_file));
  ASSERT_TRUE(notes);
  EXPECT_EQ((*notes)->num_rows(), 1);
}

TEST_F(Publishing, RefusesWhatNoTableMayBe) {
  const auto message = [&](auto&& change) {
    Draft draft = DeathsDraft(kFirst, "run-1");
    change(draft);
    const auto published = Publish(store_, draft, clock_);
    return published ? std::string("published") : published.error().ToText();
  };
  EXPECT_THAT(message([](Draft& d) { d.table = "../outside"; }), HasSubstr("table name '../outside'"));
  EXPECT_THAT(message([](Draft& d) { d.table = "_notes"; }), HasSubstr("table name '_notes'"));
  EXPECT_THAT(message([](Draft& d) { d.key = {"area"}; }), HasSubstr("no column 'area'"));
  EXPECT_THAT(message([](Draft& d) { d.key = {"geo_code"}; }), HasSubstr("key 'E08000007' occurs twice"));
  EXPECT_THAT(message([](Draft& d) {
                auto rows = std::make_shared<frame::Frame>(*WithBirths(*d.rows));
                rows->columns.back().name = "period";
                d.rows = rows;
              }),
              HasSubstr("two columns 'period'"));
  EXPECT_THAT(message([](Draft& d) {
                auto rows = std::make_shared<frame::Frame>(*d.rows);
                rows->columns.push_back(*testing::CompatFrame(kFirst)->Find("datetime"));
                d.rows = rows;
              }),
              HasSubstr("column 'datetime' has times without a zone"));
  EXPECT_TRUE(store_.files().empty());
}

// At whichever write the process dies, readers see a whole version, and the next run completes the work.
TEST_F(Publishing, SurvivesDeathAtEveryWrite) {
  for (const Failure failure : {Failure::kRefused, Failure::kAnswerLost, Failure::kDead}) {
    for (int at = 1;; ++at) {
      MemoryStore store;
      ASSERT_TRUE(PublishRows(store, kFirst, "run-1"));
      FailingStore failing(store, at, failure);
      Draft draft = DeathsDraft(Revised(), "run-2");
      draft.notes = DeathsFrame({kFirst[0]});
      const auto published = Publish(failing, draft, clock_);
      const auto seen = LoadVersion(store, "deaths_monthly");
      ASSERT_TRUE(seen) << seen.error().ToText();
      ASSERT_TRUE(ReadRows(store, "deaths_monthly", *seen)) << "write " << at;
      EXPECT_EQ(seen->number, published ? 1 : 0) << "write " << at;
      const auto again = Publish(store, draft, clock_);
      ASSERT_TRUE(again) << again.error().ToText();
      EXPECT_EQ(again->version, 1) << "write " << at;
      const auto rows = ReadRows(store, "deaths_monthly", *LoadVersion(store, "deaths_monthly"));
      ASSERT_TRUE(rows);
      EXPECT_TRUE((*rows)->Equals(*DeathsTable(Revised())));
      if (!failing.failed()) break;
    }
  }
}

TEST_F(Publishing, ALostAnswerOfTheCommitIsNoFailure) {
  ASSERT_TRUE(PublishRows(store_, kFirst, "run-1"));
  FailingStore failing(store_, 2, Failure::kAnswerLost);
  const auto published = PublishRows(failing, Revised(), "run-2");
  ASSERT_TRUE(published) << published.error().ToText();
  EXPECT_TRUE(failing.failed());
  EXPECT_EQ(published->version, 1);
}

// Two writers that start at once on the local store: each gets a version of its own, and nobody's is lost.
TEST_F(Publishing, TwoWritersAtOnceGetAVersionEach) {
  for (int round = 0; round < 100; ++round) {
    const TemporaryFolder folder;
    std::latch start(2);
    std::array<std::optional<base::Result<Published>>, 2> results;
    {
      std::vector<std::jthread> writers;
      for (std::size_t writer = 0; writer < 2; ++writer) {
        writers.emplace_back([&, writer] {
          auto rows = kFirst;
          rows[0].deaths = 1'000 + static_cast<std::int32_t>(writer);
          const auto store = base::OpenLocalStore(folder.path());
          start.arrive_and_wait();
          results[writer] = PublishRows(**store, rows, "run of writer " + std::to_string(writer));
        });
      }
    }
    std::set<std::int64_t> numbers;
    const auto store = base::OpenLocalStore(folder.path());
    for (std::size_t writer = 0; writer < 2; ++writer) {
      ASSERT_TRUE(*results[writer]) << results[writer]->error().ToText();
      numbers.insert((*results[writer])->version);
      const auto version = LoadVersion(**store, "deaths_monthly", (*results[writer])->version);
      ASSERT_TRUE(version) << version.error().ToText();
      EXPECT_EQ(version->commit.run_id, "run of writer " + std::to_string(writer));
    }
    EXPECT_THAT(numbers, ElementsAre(0, 1));
    const auto rows = ReadRows(**store, "deaths_monthly", *LoadVersion(**store, "deaths_monthly"));
    ASSERT_TRUE(rows);
    EXPECT_EQ((*rows)->num_rows(), 4);
  }
}

TEST_F(Publishing, TheStoreListsTablesOnly) {
  ASSERT_TRUE(PublishRows(store_, kFirst, "run-1"));
  ASSERT_TRUE(store_.Put("_prepared/x/_delta_log/00000000000000000000.json", "{}"));
  ASSERT_TRUE(store_.Put("folder/file.txt", "x"));
  ASSERT_TRUE(store_.Put("deaths_data.parquet", "x"));
  EXPECT_THAT(*ListTables(store_), ElementsAre(Pair("deaths_monthly", 0)));
  EXPECT_EQ(*LatestNumber(store_, "deaths_monthly"), 0);
  EXPECT_EQ(*LatestNumber(store_, "folder"), std::nullopt);
  EXPECT_EQ(LoadVersion(store_, "folder").error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(LoadVersion(store_, "deaths_monthly", 1).error().code, base::ErrorCode::kNotFound);
}

// Writes a store for other readers to look at where TIDEMILL_KEEP_STORE names a folder.
TEST_F(Publishing, WritesALocalStoreThatIsReadAgain) {
  const char* keep = std::getenv("TIDEMILL_KEEP_STORE");
  const TemporaryFolder folder;
  const auto store = base::OpenLocalStore(keep != nullptr ? keep : folder.path());
  ASSERT_TRUE(store);
  const auto rows = testing::ManyRows(392, 48);
  ASSERT_TRUE(PublishRows(**store, rows, "run-1"));
  clock_.Advance(std::chrono::hours(24));
  auto changed = rows;
  changed[5].deaths = std::nullopt;
  changed[5].status = "c";
  changed.pop_back();
  ASSERT_TRUE(PublishRows(**store, changed, "run-2"));
  clock_.Advance(std::chrono::hours(24));
  Draft draft = DeathsDraft(changed, "run-3");
  draft.rows = WithBirths(*draft.rows);
  draft.notes = DeathsFrame({rows[0]});
  ASSERT_TRUE(Publish(**store, draft, clock_));
  ASSERT_TRUE(
      WritePlainFile(**store, {.path = "deaths_data.parquet", .rows = testing::CompatFrame(rows), .parquet = nullptr}));
  const auto version = LoadVersion(**store, "deaths_monthly", 1);
  ASSERT_TRUE(version);
  EXPECT_TRUE((*ReadRows(**store, "deaths_monthly", *version))->Equals(*DeathsTable(changed)));
}

}  // namespace
}  // namespace tidemill::dataset
