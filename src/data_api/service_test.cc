// SPDX-License-Identifier: Apache-2.0
#include "tidemill/data_api/service.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service_fixture.h"

namespace tidemill::data_api {
namespace {

using ::testing::HasSubstr;
using testing::HeaderOf;
using ::testing::Pair;
using testing::ServiceFixture;
using ::testing::UnorderedElementsAre;

constexpr std::string_view kPath = "/year/2018/geo_code/E08000007";

TEST(Service, TakesUpANewVersion) {
  ServiceFixture fixture;
  const auto before = fixture.Get(kPath);
  fixture.service().Poll();
  EXPECT_EQ(HeaderOf(fixture.Get(kPath), "ETag"), HeaderOf(before, "ETag"));
  fixture.Publish("deaths_monthly", {{"E08000007", "2018-01", 300.0F}});
  fixture.service().Poll();
  const auto after = fixture.Get(kPath);
  EXPECT_EQ(after.body, "{\"year\":2018,\"geo_code\":\"E08000007\",\"data\":{\"2018-01-31\":300.0}}");
  EXPECT_EQ(HeaderOf(after, "Tidemill-Vintage"), "deaths_monthly@1");
  EXPECT_NE(HeaderOf(after, "ETag"), HeaderOf(before, "ETag"));
}

TEST(Service, FindsANewTableAndLetsAGoneOneGo) {
  ServiceFixture fixture;
  fixture.Publish("births_monthly", {{"E08000007", "2018-01", 1.0F}});
  fixture.service().Poll();
  EXPECT_THAT(fixture.service().Datasets(), UnorderedElementsAre(Pair("deaths_monthly", 0), Pair("births_monthly", 0)));
  // Two datasets have geo_code, deaths and months: neither is taken silently.
  EXPECT_EQ(fixture.Get(kPath).status, 404);
  std::filesystem::remove_all(fixture.folder() + "/births_monthly");
  fixture.service().Poll();
  EXPECT_THAT(fixture.service().Datasets(), UnorderedElementsAre(Pair("deaths_monthly", 0)));
  EXPECT_EQ(fixture.Get(kPath).status, 200);
}

TEST(Service, ServesTheOldVersionWhereTheNewOneIsBroken) {
  ServiceFixture fixture;
  ASSERT_TRUE(fixture.store().Put("deaths_monthly/_delta_log/00000000000000000001.json", "{broken"));
  fixture.service().Poll();
  EXPECT_EQ(fixture.Get(kPath).status, 200);
  EXPECT_THAT(fixture.Get("/readyz").body, HasSubstr("\"stale\":{\"deaths_monthly\":"));
  ASSERT_TRUE(fixture.store().Delete("deaths_monthly/_delta_log/00000000000000000001.json"));
  fixture.service().Poll();
  EXPECT_EQ(fixture.Get("/readyz").body, "{\"status\":\"ready\",\"datasets\":{\"deaths_monthly\":0}}");
}

TEST(Service, KeepsAnswersToRequestsThatComeAgainUntilTheDataChange) {
  ServiceFixture fixture;
  const std::string_view path = "/v1/datasets/deaths_monthly/series/M.E08000007";
  const http::Request request{.method = "GET", .target = path, .path = path, .query = {}, .fields = {}};
  http::Prepared first;
  fixture.Get(path);
  EXPECT_FALSE(fixture.service().HandleFast(request, first));
  const auto answer = fixture.Get(path);
  ASSERT_TRUE(fixture.service().HandleFast(request, first));
  EXPECT_EQ(first.body, answer.body);
  fixture.Publish("deaths_monthly", {{"E08000007", "2018-01", 300.0F}});
  fixture.service().Poll();
  http::Prepared second;
  EXPECT_FALSE(fixture.service().HandleFast(request, second));
  EXPECT_THAT(first.body, HasSubstr("267"));  // what is being sent stays
}

TEST(Service, SaysWhatIsMissing) {
  ServiceFixture fixture;
  ASSERT_TRUE(fixture.store().Put("broken/_delta_log/00000000000000000000.json", "{broken"));
  const auto service = fixture.Open({fixture.folder()});
  ASSERT_TRUE(service.has_value());
  const auto ready = ServiceFixture::GetFrom(**service, "/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_THAT(ready.body, HasSubstr("\"missing\":{\"broken\":"));
  EXPECT_EQ(ServiceFixture::GetFrom(**service, kPath).status, 200);
}

TEST(Service, ServesATableFolder) {
  ServiceFixture fixture;
  const auto service = fixture.Open({fixture.folder() + "/deaths_monthly/"});
  ASSERT_TRUE(service.has_value()) << service.error().ToText();
  EXPECT_EQ(ServiceFixture::GetFrom(**service, kPath).body, fixture.Get(kPath).body);
}

TEST(Service, ServesAParquetFileAndReadsItAgainWhenItChanges) {
  ServiceFixture fixture;
  ASSERT_TRUE(dataset::WritePlainFile(
      fixture.store(),
      {.path = "Deaths Data.parquet", .rows = testing::DeathsTable({{"E08000007", "2018-01", 1.0F}}), .parquet = {}}));
  const auto service = fixture.Open({fixture.folder() + "/Deaths Data.parquet"});
  ASSERT_TRUE(service.has_value()) << service.error().ToText();
  EXPECT_THAT((*service)->Datasets(), UnorderedElementsAre(Pair("deaths_data", 0)));
  EXPECT_THAT(ServiceFixture::GetFrom(**service, kPath).body, HasSubstr(":1.0}"));
  ASSERT_TRUE(dataset::WritePlainFile(
      fixture.store(),
      {.path = "Deaths Data.parquet", .rows = testing::DeathsTable({{"E08000007", "2018-01", 2.0F}}), .parquet = {}}));
  (*service)->Poll();
  EXPECT_THAT(ServiceFixture::GetFrom(**service, kPath).body, HasSubstr(":2.0}"));
}

TEST(Service, RefusesWhatIsNoDataset) {
  ServiceFixture fixture;
  const auto nothing = fixture.Open({fixture.folder() + "/nowhere"});
  ASSERT_FALSE(nothing.has_value());
  EXPECT_EQ(nothing.error().code, base::ErrorCode::kNotFound);
  EXPECT_THAT(nothing.error().message, HasSubstr("nothing to serve in '"));
  const auto twice = fixture.Open({fixture.folder(), fixture.folder()});
  ASSERT_FALSE(twice.has_value());
  EXPECT_THAT(twice.error().message, HasSubstr("would both be dataset 'deaths_monthly'"));
}

TEST(Service, AnswersEveryRequestWhileVersionsChange) {
  ServiceFixture fixture;
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::thread reader([&] {
    while (!done) {
      if (fixture.Get(kPath).status != 200) ++wrong;
      http::Prepared prepared;
      const http::Request request{.method = "GET", .target = kPath, .path = kPath, .query = {}, .fields = {}};
      if (!fixture.service().HandleFast(request, prepared) || !prepared.body.starts_with("{\"year\":2018")) ++wrong;
    }
  });
  for (int i = 0; i < 20; ++i) {
    fixture.Publish("deaths_monthly", {{"E08000007", "2018-01", static_cast<float>(i)}});
    fixture.service().Poll();
  }
  done = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(fixture.service().Datasets().at("deaths_monthly"), 20);
}

TEST(Service, WatchesOnItsOwn) {
  ServiceFixture fixture;
  fixture.service().StartPolling();
  fixture.Publish("deaths_monthly", {{"E08000007", "2018-01", 5.0F}});
  while (fixture.service().Datasets().at("deaths_monthly") != 1) std::this_thread::yield();
  fixture.service().StopPolling();
}

}  // namespace
}  // namespace tidemill::data_api
