// SPDX-License-Identifier: Apache-2.0
// Streams of changes: what a client reads of them, in the order in which it reads.
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/http/awaited_pieces.h"

#include "change_feed.h"
#include "service_fixture.h"

namespace tidemill::data_api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::ServiceFixture;

// A client of /v1/events: asks for pieces and keeps what came.
class Client {
 public:
  Client(const ServiceFixture& fixture, std::string_view query = {}, std::string_view last_id = {}) {
    const std::string target = "/v1/events" + (query.empty() ? "" : "?" + std::string(query));
    http::Request request{.method = "GET", .target = target, .path = "/v1/events", .query = query, .fields = {}};
    if (!last_id.empty()) request.fields.push_back({"Last-Event-ID", last_id});
    request.fields.push_back({"Accept-Encoding", "gzip"});
    response_ = fixture.service().Handle(request);
    EXPECT_EQ(response_.status, 200);
    Ask();
  }
  // What came since it was asked last; nothing while it waits.
  std::optional<std::string> Take() {
    auto piece = std::exchange(piece_, {});
    if (piece && !piece->empty()) Ask();
    return piece;
  }

 private:
  void Ask() {
    response_.next_piece.target<http::AwaitedPieces>()->await(
        [this](base::Result<std::string> piece) { piece_ = piece.value_or("error"); });
  }

  http::Response response_;
  std::optional<std::string> piece_;
};

TEST(Changes, AVersionIsToldOnceItIsServed) {
  ServiceFixture fixture;
  Client client(fixture);
  EXPECT_EQ(client.Take(), "retry: 5000\n\n");
  EXPECT_EQ(client.Take(), std::nullopt);
  fixture.clock().Advance(std::chrono::hours(1));
  fixture.Publish("deaths_monthly", {{"E08000007", "2018-01", 300.0F}}, "2018-05-18");
  EXPECT_EQ(client.Take(), std::nullopt);
  fixture.service().Poll();
  EXPECT_EQ(client.Take(),
            "id: deaths_monthly@1\nevent: vintage\ndata: {\"dataset\":\"deaths_monthly\",\"vintage\":1,"
            "\"released\":\"2018-05-18\",\"recorded\":\"2018-04-20T01:00:00Z\",\"added\":0,\"revised\":1,\"removed\":3,"
            "\"url\":\"/v1/datasets/deaths_monthly/vintages/1\"}\n\n");
  EXPECT_EQ(client.Take(), std::nullopt);
}

TEST(Changes, OfOneDatasetOnly) {
  ServiceFixture fixture;
  Client client(fixture, "dataset=deaths_monthly");
  client.Take();
  fixture.Publish("births_monthly", {{"E08000007", "2018-01", 1.0F}});
  fixture.service().Poll();
  EXPECT_EQ(client.Take(), std::nullopt);
}

TEST(Changes, WhatWasMissedComesFirst) {
  ServiceFixture fixture;
  for (const float deaths : {1.0F, 2.0F}) {
    fixture.clock().Advance(std::chrono::hours(24));
    fixture.Publish("deaths_monthly", {{"E08000007", "2018-01", deaths}});
  }
  fixture.Publish("births_monthly", {{"E08000007", "2018-01", 1.0F}});
  fixture.service().Poll();
  Client client(fixture, {}, "deaths_monthly@1");
  const std::string missed = client.Take().value_or("");
  EXPECT_THAT(missed, HasSubstr("id: deaths_monthly@2\n"));
  EXPECT_THAT(missed, HasSubstr("id: births_monthly@0\n"));
  EXPECT_THAT(missed, Not(HasSubstr("id: deaths_monthly@1\n")));
  Client stranger(fixture, {}, "nobody@7");
  EXPECT_EQ(stranger.Take(), "retry: 5000\n\n");
}

TEST(Changes, SilenceIsFilledWithComments) {
  ServiceFixture fixture;
  Client client(fixture);
  client.Take();
  fixture.clock().Advance(std::chrono::seconds(14));
  fixture.service().Poll();
  EXPECT_EQ(client.Take(), std::nullopt);
  fixture.clock().Advance(std::chrono::seconds(1));
  fixture.service().Poll();
  EXPECT_EQ(client.Take(), ":\n\n");
  EXPECT_EQ(client.Take(), std::nullopt);
}

TEST(Changes, StreamsEndBeforeTheServerDoes) {
  ServiceFixture fixture;
  Client client(fixture);
  client.Take();
  fixture.service().EndStreams();
  EXPECT_EQ(client.Take(), "");
  Client late(fixture);
  late.Take();
  EXPECT_EQ(late.Take(), "");
}

TEST(ChangeFeed, ABusyReaderMissesNothingUntilItFallsBehindAll) {
  const base::testing::FakeClock clock{base::Time()};
  ChangeFeed feed(clock, std::chrono::seconds(15));
  const auto busy = std::make_shared<ChangeFeed::Reader>();
  std::string piece = "none";
  const auto ready = [&](base::Result<std::string> given) { piece = given.value_or("error"); };
  for (const char* text : {"a", "b"}) feed.Say("d", text);
  feed.Wait(busy, ready);
  EXPECT_EQ(piece, "ab");
  for (int i = 0; i < 1'001; ++i) feed.Say("d", "c");
  feed.Wait(busy, ready);
  EXPECT_EQ(piece, "");  // the end: it comes back by its last id
}

TEST(ChangeFeed, TakesOnlySoMany) {
  const base::testing::FakeClock clock{base::Time()};
  ChangeFeed feed(clock, std::chrono::seconds(15));
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_TRUE(feed.HasRoom());
    feed.Wait(std::make_shared<ChangeFeed::Reader>(), [](const base::Result<std::string>&) {});
  }
  EXPECT_FALSE(feed.HasRoom());
}

}  // namespace
}  // namespace tidemill::data_api
