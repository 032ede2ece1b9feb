// SPDX-License-Identifier: Apache-2.0
// The whole flow over two sample editions, with a scripted publisher, a store in memory and a clock that is advanced.
#include "tidemill/etl/flows.h"

#include <gmock/gmock.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/base/testing/memory_store.h"
#include "tidemill/dataset/dataset.h"
#include "tidemill/etl/stages.h"
#include "tidemill/flow/testing/recording_observer.h"
#include "tidemill/http/testing/scripted_client.h"

namespace tidemill::etl {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::string_view kPage = "https://office.example/deaths";
constexpr std::string_view kFolder = "https://office.example/monthlyfiguresondeathsregisteredbyareaofusualresidence/";

std::string ReadProjectFile(const std::string& name) {
  return base::OpenLocalStore(TIDEMILL_SOURCE_DIR).value()->Read(name).value();
}

std::string AddressOf(int year, std::string_view file) {
  return fmt::format("{}{}/{}", kFolder, year, file);
}

std::string PageWith(const std::vector<std::pair<int, std::string>>& editions) {
  std::string html = "<html><body>";
  for (const auto& [year, file] : editions) {
    html += fmt::format("<h3>{} edition of this dataset (final)</h3><a href='{}'>xls</a>", year, AddressOf(year, file));
  }
  return html;
}

http::ClientResponse Ok(std::string body) {
  return {.status = 200, .headers = {}, .body = std::move(body)};
}

class Flows : public testing::Test {
 protected:
  Flows() {
    client_.Script(std::string(kPage), {Ok(PageWith({{2017, "a.xls"}, {2018, "b.xls"}}))});
    client_.Script(AddressOf(2017, "a.xls"),
                   {Ok(ReadProjectFile("samples/site/files/2017/sampleannual2017final.xls"))});
    client_.Script(AddressOf(2018, "b.xls"), {Ok(ReadProjectFile("samples/site/files/2018/samplepublished2018.xls"))});
    options_.page = kPage;
    options_.retries = 1;
  }

  base::Status Run(Stage stage) {
    report_ = {};
    const Job job{.recipe = recipe_,
                  .geography = geography_,
                  .store = store_,
                  .client = client_,
                  .clock = clock_,
                  .options = options_,
                  .program_version = "test",
                  .rows = [] { return &dataset::GetRowFunctions(); }};
    return RunStage(stage, job, {.observer = observer_, .clock = clock_, .random = [] { return 0.5; }}, {}, report_);
  }

  recipe::Recipe recipe_ =
      recipe::Recipe::Parse(ReadProjectFile("recipes/ons/deaths-monthly.toml"), "deaths-monthly.toml").value();
  transform::Register geography_ = transform::Register::Parse(ReadProjectFile("recipes/registers/gss.csv")).value();
  base::testing::MemoryStore store_;
  http::testing::ScriptedClient client_;
  base::testing::FakeClock clock_{base::Time{std::chrono::sys_days{std::chrono::year{2024} / 5 / 1}}};
  flow::testing::RecordingObserver observer_;
  Options options_;
  Report report_;
};

TEST_F(Flows, PublishesAndThenFindsNothingNew) {
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  EXPECT_EQ(report_.outcome, Outcome::kPublished);
  EXPECT_EQ(report_.cells.unaccounted, 0);
  EXPECT_EQ(dataset::LatestNumber(store_, "deaths_monthly").value(), 0);
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  EXPECT_EQ(report_.outcome, Outcome::kUnchanged);
  EXPECT_EQ(dataset::LatestNumber(store_, "deaths_monthly").value(), 0);
}

TEST_F(Flows, WaitsThePauseOfTheRecipeBetweenRequests) {
  ASSERT_TRUE(Run(Stage::kExtract)) << report_.error;
  EXPECT_EQ(clock_.slept(), std::chrono::seconds{2}) << "a page and two files: two pauses of a second";
}

TEST_F(Flows, HandOverThroughTheStore) {
  ASSERT_TRUE(Run(Stage::kExtract)) << report_.error;
  ASSERT_TRUE(Run(Stage::kTransform)) << report_.error;
  EXPECT_EQ(report_.outcome, Outcome::kPrepared);
  EXPECT_FALSE(dataset::LatestNumber(store_, "deaths_monthly").value()) << "prepared is not published";
  ASSERT_TRUE(Run(Stage::kLoad)) << report_.error;
  EXPECT_EQ(dataset::LatestNumber(store_, "deaths_monthly").value(), 0);
  EXPECT_FALSE(dataset::LoadPrepared(store_, recipe_.base().name).value());
}

TEST_F(Flows, KeepTheOldSystemsNames) {
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  EXPECT_THAT(observer_.flow_runs(),
              ElementsAre(Field(&flow::FlowRunSpec::flow_name, "main-flow"),
                          Field(&flow::FlowRunSpec::flow_name, "get-ons-deaths-data"),
                          Field(&flow::FlowRunSpec::flow_name, "transform-from-excel-to-tidy-parquet"),
                          Field(&flow::FlowRunSpec::flow_name, "main-load-deaths-gcs")));
}

TEST_F(Flows, PublishTheOthersWhenOneEditionCannotBeHad) {
  client_.Script(AddressOf(2018, "b.xls"), {http::ClientResponse{.status = 404}});
  const base::Status status = Run(Stage::kMain);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::ErrorCode::kNotFound);
  EXPECT_THAT(status.error().ToText(), HasSubstr("2018"));
  EXPECT_EQ(report_.outcome, Outcome::kPublished);
  EXPECT_EQ(dataset::LatestNumber(store_, "deaths_monthly").value(), 0);
}

TEST_F(Flows, UseTheHeldCopyOfAnEditionThatVanishesFromTheServer) {
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  client_.Script(AddressOf(2018, "b.xls"), {http::ClientResponse{.status = 404}});
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  EXPECT_THAT(report_.findings, Contains(Field(&transform::Finding::slug, "edition-not-had")));
  EXPECT_EQ(report_.outcome, Outcome::kUnchanged);
}

TEST_F(Flows, HoldWhenThePageNoLongerLinksToAPublishedEdition) {
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  client_.Script(std::string(kPage), {Ok(PageWith({{2018, "b.xls"}}))});
  const base::Status status = Run(Stage::kMain);
  ASSERT_FALSE(status);
  EXPECT_EQ(base::ExitCodeOf(status.error()), 4);
  EXPECT_THAT(report_.findings, Contains(Field(&transform::Finding::slug, "edition-vanished")));
}

TEST_F(Flows, RefuseAPageWhoseHeadingNamesAnotherYearThanItsLink) {
  client_.Script(
      std::string(kPage),
      {Ok(fmt::format("<h3>2016 edition of this dataset</h3><a href='{}'>xls</a>", AddressOf(2018, "b.xls")))});
  const base::Status status = Run(Stage::kMain);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().ToText(), HasSubstr("capture-conflict"));
}

TEST_F(Flows, UseTheHeldCopyWhenTheEditionsFileHasANewNameThatIsDead) {
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  client_.Script(std::string(kPage), {Ok(PageWith({{2017, "a.xls"}, {2018, "renamed.xls"}}))});
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  EXPECT_THAT(report_.findings, Contains(Field(&transform::Finding::slug, "edition-not-had")));
  EXPECT_EQ(report_.outcome, Outcome::kUnchanged);
}

TEST_F(Flows, WriteAPlainFileAgainThatAKilledRunLeftBehindItsVersion) {
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  const std::string whole = store_.files().at("deaths_data.parquet");
  ASSERT_TRUE(store_.Put("deaths_data.parquet", "of the version before"));
  ASSERT_TRUE(store_.Delete(DonePath(recipe_.base().name))) << "what a kill behind the commit leaves";
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  EXPECT_EQ(report_.outcome, Outcome::kUnchanged);
  EXPECT_EQ(store_.files().at("deaths_data.parquet"), whole);
}

TEST_F(Flows, SeeFiguresThatReturnToAnEarlierStateAsAChange) {
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  options_.min_year = 2018;
  options_.accept = {"removed@2017"};
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  options_.min_year.reset();
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  EXPECT_EQ(report_.outcome, Outcome::kPublished) << "what was published first is no proof of what lies there now";
  EXPECT_EQ(dataset::LatestNumber(store_, "deaths_monthly").value(), 2);
}

TEST_F(Flows, ForgetAHeldVersionOnceTheInputsAreThoseOfTheTable) {
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  options_.min_year = 2018;
  ASSERT_FALSE(Run(Stage::kMain)) << "held";
  options_.min_year.reset();
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  EXPECT_FALSE(dataset::LoadPrepared(store_, recipe_.base().name).value());
}

TEST_F(Flows, RefuseTwoFilesOfOneEdition) {
  client_.Script(std::string(kPage), {Ok(PageWith({{2018, "b.xls"}, {2018, "b.xls"}, {2018, "c.xls"}}))});
  const base::Status status = Run(Stage::kMain);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().ToText(), AllOf(HasSubstr("edition-ambiguous"), HasSubstr("b.xls"), HasSubstr("c.xls")));
}

TEST_F(Flows, HoldTheVersionWhenObservationsVanishUntilThatIsAccepted) {
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  options_.min_year = 2018;
  base::Status status = Run(Stage::kMain);
  ASSERT_FALSE(status);
  EXPECT_EQ(base::ExitCodeOf(status.error()), 4);
  EXPECT_THAT(status.error().message, HasSubstr("--accept 'removed@2017'"));
  EXPECT_EQ(dataset::LatestNumber(store_, "deaths_monthly").value(), 0);
  options_.accept = {"removed@2017"};
  ASSERT_TRUE(Run(Stage::kMain)) << report_.error;
  EXPECT_EQ(dataset::LatestNumber(store_, "deaths_monthly").value(), 1);
}

}  // namespace
}  // namespace tidemill::etl
