// SPDX-License-Identifier: Apache-2.0
// Versions of a small table, published one after the other, traced to their cells and proved from the store.
#include "tidemill/etl/proof.h"

#include <gmock/gmock.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/base/testing/memory_store.h"
#include "tidemill/etl/flows.h"
#include "tidemill/flow/testing/recording_observer.h"
#include "tidemill/http/testing/scripted_client.h"

namespace tidemill::etl {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::string_view kPage = "https://office.example/deaths";
constexpr std::string_view kFile = "https://office.example/deaths/2020/deaths.csv";
constexpr std::string_view kRecipe = R"(recipe = 1
name = "test/deaths"
title = "Deaths"
source.page = "https://office.example/deaths"
source.link = "*/{year:year}/{file}.{ext:csv}"
columns.area   = { role = "dimension", header = "Area" }
columns.period = { role = "dimension", header = "Year", axis = "year" }
columns.deaths = { role = "value", header = "Deaths", type = "int32" }
markers."-"    = { value = 0 }
output = [{ table = "deaths", key = ["area", "period"] }]
)";

http::ClientResponse Ok(std::string body) {
  return {.status = 200, .headers = {}, .body = std::move(body)};
}

class Proof : public testing::Test {
 protected:
  // Publishes what the office now says, whatever goes away with it.
  void Publish(const std::string& rows) {
    client_.Script(std::string(kPage), {Ok(fmt::format("<a href='{}'>csv</a>", kFile))});
    client_.Script(std::string(kFile), {Ok("Area,Year,Deaths\n" + rows)});
    const Job job{.recipe = recipe_,
                  .geography = geography_,
                  .store = store_,
                  .client = client_,
                  .clock = clock_,
                  .options = {.page = std::string(kPage), .force = true, .accept = {"removed@2020"}},
                  .recipe_text = std::string(kRecipe),
                  .program_version = "test",
                  .rows = [] { return &dataset::GetRowFunctions(); }};
    Report report;
    ASSERT_TRUE(
        RunStage(Stage::kMain, job, {.observer = observer_, .clock = clock_, .random = [] { return 0.5; }}, {}, report))
        << report.error;
  }

  base::Result<std::vector<Lineage>> Trace(const std::vector<Condition>& conditions) {
    return TraceRows(tools_, "deaths", {}, conditions, {});
  }

  VerifyReport Verify(const recipe::Recipe* by = nullptr) {
    auto report = VerifyVersion(tools_, {.table = "deaths", .version = {}, .recipe = by}, {});
    EXPECT_TRUE(report) << report.error().ToText();
    return report ? *std::move(report) : VerifyReport{};
  }

  recipe::Recipe recipe_ = recipe::Recipe::Parse(std::string(kRecipe), "test.toml").value();
  transform::Register geography_ =
      transform::Register::Parse("code,name,name_cy,also,entity,parent,from,to,successors,snac\n").value();
  base::testing::MemoryStore store_;
  http::testing::ScriptedClient client_;
  base::testing::FakeClock clock_{base::Time{std::chrono::sys_days{std::chrono::year{2024} / 5 / 1}}};
  flow::testing::RecordingObserver observer_;
  ProofTools tools_{.store = store_, .geography = geography_, .rows = dataset::GetRowFunctions()};
};

// "version: deaths", or "version: gone"; the newest first.
std::vector<std::string> Told(const Lineage& lineage) {
  std::vector<std::string> told;
  for (const PastValue& past : lineage.history) {
    std::string value = "gone";
    for (const auto& [name, text] : past.values) {
      if (name == "deaths") value = text;
    }
    told.push_back(fmt::format("{}: {}", past.version, value));
  }
  return told;
}

TEST_F(Proof, ARowIsTracedToItsCell) {
  Publish("North,2020,1\nSouth,2020,22\n");
  const auto traced = Trace({{"area", "South"}});
  ASSERT_TRUE(traced) << traced.error().ToText();
  ASSERT_THAT(*traced, SizeIs(1));
  EXPECT_EQ(traced->front().key, "South 2020");
  EXPECT_EQ(traced->front().cell, "C3");
  EXPECT_EQ(traced->front().raw, "22");
  EXPECT_EQ(traced->front().edition, "2020");
  EXPECT_EQ(traced->front().url, kFile);
  EXPECT_THAT(traced->front().row, Contains(Pair("deaths", "22")));
}

TEST_F(Proof, TheCommitTellsEachCheck) {
  Publish("North,2020,1\nSouth,2020,2\n");
  Publish("North,2020,1\n");
  const auto version = dataset::LoadVersion(store_, "deaths");
  ASSERT_TRUE(version) << version.error().ToText();
  std::vector<std::string> told;
  for (const dataset::VersionCheck& one : version->commit.checks) {
    told.push_back(fmt::format("{}: {} {}", one.check, one.result, one.count));
  }
  EXPECT_THAT(told, ElementsAre(StartsWith("every cell is accounted for: passed "), "periods are contiguous: passed 1",
                                "removed: waived 1"));
}

TEST_F(Proof, OnlyVersionsThatChangedTheRowAreItsHistory) {
  Publish("North,2020,1\nSouth,2020,2\n");
  Publish("North,2020,5\nSouth,2020,2\n");
  Publish("North,2020,5\nSouth,2020,3\n");
  const auto traced = Trace({{"period", "2020"}});
  ASSERT_TRUE(traced) << traced.error().ToText();
  ASSERT_THAT(*traced, SizeIs(2));
  EXPECT_THAT(Told((*traced)[0]), ElementsAre("1: 5", "0: 1"));
  EXPECT_THAT(Told((*traced)[1]), ElementsAre("2: 3", "0: 2"));
}

TEST_F(Proof, ARowThatWentAndCameBackSaysSo) {
  Publish("North,2020,1\nSouth,2020,2\n");
  Publish("North,2020,1\n");
  Publish("North,2020,1\nSouth,2020,2\n");
  const auto traced = Trace({{"area", "South"}});
  ASSERT_TRUE(traced) << traced.error().ToText();
  EXPECT_THAT(Told(traced->front()), ElementsAre("2: 2", "1: gone", "0: 2"));
}

TEST_F(Proof, ConditionsThatNothingMeetsAreNamed) {
  Publish("North,2020,1\nSouth,2020,2\n");
  const auto nowhere = Trace({{"period", "2020"}, {"area", "Nowhere"}});
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, base::ErrorCode::kNotFound);
  EXPECT_THAT(nowhere.error().ToText(), HasSubstr("no row has area 'Nowhere'"));
  const auto column = Trace({{"aera", "North"}});
  ASSERT_FALSE(column);
  EXPECT_THAT(column.error().ToText(), HasSubstr("area"));
}

TEST_F(Proof, MoreRowsThanAreTracedAreRefused) {
  std::string rows;
  for (std::size_t i = 0; i <= kMostTraced; ++i) rows += fmt::format("A{},2020,1\n", i);
  Publish(rows);
  const auto traced = Trace({{"period", "2020"}});
  ASSERT_FALSE(traced);
  EXPECT_EQ(traced.error().code, base::ErrorCode::kTooLarge);
}

TEST_F(Proof, AVersionIsProvenFromItsWorkbooks) {
  Publish("North,2020,1\nSouth,2020,2\n");
  const VerifyReport report = Verify();
  EXPECT_TRUE(report.proven());
  EXPECT_EQ(report.rows, 2);
  EXPECT_THAT(report.sources, SizeIs(1));
  EXPECT_EQ(report.accounting.unaccounted, 0);
  EXPECT_THAT(report.remarks, IsEmpty());
}

TEST_F(Proof, AWorkbookThatWasChangedProvesNothing) {
  Publish("North,2020,1\nSouth,2020,2\n");
  const std::string path = "_sources/" + Verify().sources.at(0).sha256 + ".csv";
  ASSERT_TRUE(store_.Put(path, "Area,Year,Deaths\nNorth,2020,1\nSouth,2020,3\n"));
  const VerifyReport report = Verify();
  EXPECT_FALSE(report.proven());
  ASSERT_THAT(report.sources, SizeIs(1));
  EXPECT_THAT(report.sources.front().problem, HasSubstr("no longer what was fetched"));
}

TEST_F(Proof, AFigureThatTheWorkbookDoesNotSayIsFoundWithItsCell) {
  Publish("North,2020,-\nSouth,2020,2\n");
  std::string text(kRecipe);
  text.replace(text.find("value = 0"), 9, "value = 7");
  const recipe::Recipe other = recipe::Recipe::Parse(text, "other.toml").value();
  const VerifyReport report = Verify(&other);
  EXPECT_FALSE(report.proven());
  ASSERT_EQ(report.discrepancies, 1);
  EXPECT_EQ(report.first.front().key, "North 2020");
  EXPECT_EQ(report.first.front().column, "deaths");
  EXPECT_EQ(report.first.front().published, "0");
  EXPECT_EQ(report.first.front().read, "7");
  EXPECT_EQ(report.first.front().cell, "C2");
  EXPECT_THAT(report.remarks, Contains(HasSubstr("another")));
}

}  // namespace
}  // namespace tidemill::etl
