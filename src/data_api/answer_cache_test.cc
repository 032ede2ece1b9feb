// SPDX-License-Identifier: Apache-2.0
#include "answer_cache.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tidemill/http/yielding_pieces.h"

namespace tidemill::data_api {
namespace {

http::Request Ask(std::string_view target) {
  return {.method = "GET", .target = target, .path = target, .query = {}, .fields = {}};
}

http::Response Whole(std::string body) {
  return {.status = 200,
          .headers = {{"Accept-Ranges", "none"}, {"ETag", "\"e\""}, {"Content-Type", "text/plain"}},
          .body = std::move(body),
          .shared = {}};
}

// The body comes in so many pieces; with `fails` an error follows them.
http::Response InPieces(int pieces, bool fails = false, const std::string& text = "piece ") {
  http::Response response = Whole({});
  response.next_piece = [pieces, fails, text, made = 0]() mutable -> base::Result<std::string> {
    if (made++ < pieces) return text;
    if (fails) return base::Fail(base::ErrorCode::kInternal, "no more");
    return std::string();
  };
  return response;
}

// Asks for it; `make` answers unless it is being made already.
http::Response Get(AnswerCache& cache, std::string_view target, const std::function<http::Response()>& make) {
  return cache.Get(Ask(target), [make](const http::Request&) { return make(); });
}

void AskFor(AnswerCache& cache, std::string_view target, const std::string& body) {
  Get(cache, target, [&] { return Whole(body); });
}

// What a client gets who reads to the end: "cut" behind it where the body breaks off.
std::string ReadAll(http::Response& response) {
  const auto& pieces = *response.next_piece.target<http::YieldingPieces>();
  std::string body;
  while (true) {
    const auto piece = pieces.next([] {});
    if (!piece) return body + "cut";
    if ((*piece)->empty()) return body;
    body += **piece;
  }
}

std::string BodyKept(AnswerCache& cache, std::string_view target) {
  const auto kept = cache.Find(Ask(target));
  return kept ? std::string(kept->bytes()) : "none";
}

TEST(AnswerCacheTest, KeepsWhatIsAskedASecondTime) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  const auto answer = [] { return Whole("body"); };
  EXPECT_EQ(Get(cache, "/v1/a", answer).body, "body");
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "none");
  EXPECT_EQ(Get(cache, "/v1/a", answer).body, "body");
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "body");
  EXPECT_EQ(cache.Find(Ask("/v1/a"))->body_fields, "Content-Type: text/plain\r\n");
}

TEST(AnswerCacheTest, AnswersFromWhatWasKeptWhileTheRequestWaited) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  for (int again = 0; again < 2; ++again) AskFor(cache, "/v1/a", "body");
  const http::Response response = Get(cache, "/v1/a", [] { return Whole("made again"); });
  EXPECT_EQ(response.shared.bytes, "body");
  EXPECT_EQ(response.headers, Whole({}).headers);
}

TEST(AnswerCacheTest, KeepsALargeBodyInAFile) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  const std::string body(200'000, 'x');
  for (int again = 0; again < 2; ++again) AskFor(cache, "/v1/a", body);
  const auto kept = cache.Find(Ask("/v1/a"));
  ASSERT_TRUE(kept && kept->file);
  EXPECT_TRUE(kept->body.empty());
  EXPECT_EQ(kept->bytes(), body);
}

// As programs do that go through all areas, again and again.
TEST(AnswerCacheTest, KeepsAThousandThatAreAskedInTurn) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 1000; ++i) AskFor(cache, fmt::format("/v1/{}", i), "body");
  }
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(BodyKept(cache, fmt::format("/v1/{}", i)), "body") << i;
}

TEST(AnswerCacheTest, KeepsNoMoreThanItsBudget) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  const std::string body(AnswerCache::kMostBytesEach / 2, 'x');
  const int fit = static_cast<int>(AnswerCache::kMostBytes / body.size());
  for (int i = 0; i < 2 * fit; ++i) {
    for (int again = 0; again < 2; ++again) AskFor(cache, fmt::format("/v1/{}", i), body);
  }
  int kept = 0;
  for (int i = 0; i < 2 * fit; ++i) kept += BodyKept(cache, fmt::format("/v1/{}", i)) == body ? 1 : 0;
  EXPECT_EQ(kept, fit - 1);  // keys and heads count as well
  EXPECT_EQ(BodyKept(cache, fmt::format("/v1/{}", 2 * fit - 1)), body);
}

TEST(AnswerCacheTest, KeepsNothingThatIsTooLarge) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  for (int again = 0; again < 3; ++again) {
    AskFor(cache, "/v1/a", std::string(AnswerCache::kMostBytesEach + 1, 'x'));
  }
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "none");
}

TEST(AnswerCacheTest, MakesALongAnswerOnceForAllWhoAskMeanwhile) {
  const auto all = std::make_shared<LongAnswers>();
  AnswerCache cache(all);
  const auto answer = [] { return InPieces(2); };
  http::Response first = Get(cache, "/v1/a", answer);
  http::Response second = Get(cache, "/v1/a", [] { return Whole("made again"); });
  EXPECT_EQ(ReadAll(second), "piece piece ");
  EXPECT_EQ(second.headers, first.headers);
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "piece piece ");
  EXPECT_EQ(ReadAll(first), "piece piece ");
  EXPECT_EQ(all->made(), 1U);
  EXPECT_EQ(all->joined(), 1U);
}

// Two workers had begun with it before either could be joined.
TEST(AnswerCacheTest, JoinsWhatBeganWhileAnotherWasBegun) {
  const auto all = std::make_shared<LongAnswers>();
  AnswerCache cache(all);
  http::Response inner;
  http::Response outer = Get(cache, "/v1/a", [&] {
    inner = Get(cache, "/v1/a", [] { return InPieces(3); });
    return InPieces(3);
  });
  EXPECT_EQ(ReadAll(outer), "piece piece piece ");
  EXPECT_EQ(ReadAll(inner), "piece piece piece ");
  EXPECT_EQ(all->made(), 1U);
}

TEST(AnswerCacheTest, KeepsALongAnswerThatWasAskedForBefore) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  for (const std::string_view kept : {"none", "piece "}) {
    http::Response response = Get(cache, "/v1/a", [] { return InPieces(1); });
    EXPECT_EQ(ReadAll(response), "piece ");
    EXPECT_EQ(BodyKept(cache, "/v1/a"), kept);
  }
}

// Who joins it when its last piece is made already is the second who asks.
TEST(AnswerCacheTest, KeepsALongAnswerThatIsJoinedAtItsEnd) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  http::Response first = Get(cache, "/v1/a", [] { return InPieces(1); });
  EXPECT_EQ(ReadAll(first), "piece ");
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "none");
  Get(cache, "/v1/a", [] { return Whole("made again"); });
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "piece ");
}

TEST(AnswerCacheTest, GoesOnWhereAClientGoes) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  auto first = std::make_unique<http::Response>(Get(cache, "/v1/a", [] { return InPieces(2); }));
  http::Response second = Get(cache, "/v1/a", [] { return Whole("made again"); });
  EXPECT_TRUE(first->next_piece.target<http::YieldingPieces>()->next([] {}));
  first.reset();
  EXPECT_EQ(ReadAll(second), "piece piece ");
}

TEST(AnswerCacheTest, BreaksOffForAllWhereALongAnswerFailsAndBeginsAnew) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  http::Response first = Get(cache, "/v1/a", [] { return InPieces(1, true); });
  http::Response second = Get(cache, "/v1/a", [] { return Whole("made again"); });
  EXPECT_EQ(ReadAll(second), "piece cut");
  EXPECT_EQ(ReadAll(first), "piece cut");
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "none");
  http::Response third = Get(cache, "/v1/a", [] { return InPieces(2); });
  EXPECT_EQ(ReadAll(third), "piece piece ");
}

TEST(AnswerCacheTest, BeginsAnewWhereAllWhoAskedForALongAnswerWent) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  Get(cache, "/v1/a", [] { return InPieces(1); });
  http::Response response = Get(cache, "/v1/a", [] { return InPieces(2); });
  EXPECT_EQ(ReadAll(response), "piece piece ");
}

// Three pieces are too much: the second reader goes on with pieces of its own, and it is not shared again.
TEST(AnswerCacheTest, SharesAnAnswerNoFurtherThanItCanBeHeld) {
  const auto all = std::make_shared<LongAnswers>();
  AnswerCache cache(all);
  const auto answer = [] { return InPieces(3, false, std::string(LongAnswers::kMostBytesEach / 2, 'x')); };
  http::Response first = Get(cache, "/v1/a", answer);
  http::Response second = Get(cache, "/v1/a", answer);
  EXPECT_EQ(ReadAll(first).size(), LongAnswers::kMostBytesEach / 2 * 3);
  EXPECT_EQ(ReadAll(second).size(), LongAnswers::kMostBytesEach / 2 * 3);
  EXPECT_EQ(all->joined(), 1U);
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "none");
  http::Response third = Get(cache, "/v1/a", answer);
  Get(cache, "/v1/a", answer);
  EXPECT_EQ(all->joined(), 1U);
  EXPECT_EQ(third.next_piece.target<http::YieldingPieces>(), nullptr);
}

// So what slow clients hold is bounded, and keeps no others from sharing.
TEST(AnswerCacheTest, SharesTheNewestOfManyLongAnswers) {
  const auto all = std::make_shared<LongAnswers>();
  AnswerCache cache(all);
  const auto answer = [] { return InPieces(3); };
  std::vector<http::Response> slow;
  for (std::size_t i = 0; i <= LongAnswers::kMostShared; ++i) {
    slow.push_back(Get(cache, fmt::format("/v1/{}", i), answer));
    ASSERT_TRUE(slow.back().next_piece.target<http::YieldingPieces>()->next([] {}));
  }
  http::Response oldest = Get(cache, "/v1/0", answer);
  EXPECT_EQ(all->joined(), 0U);
  http::Response newest = Get(cache, fmt::format("/v1/{}", LongAnswers::kMostShared), answer);
  EXPECT_EQ(all->joined(), 1U);
  for (http::Response& response : slow) EXPECT_EQ(ReadAll(response), "piece piece ");
  EXPECT_EQ(ReadAll(oldest), "piece piece piece ");
}

TEST(AnswerCacheTest, KeepsNothingOfALongAnswerThatIsHeldNoMore) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  const auto answer = [] { return InPieces(1); };
  http::Response first = Get(cache, "/v1/a", answer);
  http::Response second = Get(cache, "/v1/a", answer);
  ASSERT_TRUE(first.next_piece.target<http::YieldingPieces>()->next([] {}));
  std::vector<http::Response> others;
  for (std::size_t i = 0; i < LongAnswers::kMostShared; ++i) {
    others.push_back(Get(cache, fmt::format("/v1/{}", i), answer));
  }
  EXPECT_EQ(ReadAll(first), "");
  EXPECT_EQ(ReadAll(second), "piece ");
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "none");
}

TEST(AnswerCacheTest, SharesNothingWithTheNextCatalog) {
  const auto all = std::make_shared<LongAnswers>();
  AnswerCache before(all);
  AnswerCache after(all);
  http::Response old = Get(before, "/v1/a", [] { return InPieces(1); });
  http::Response now = Get(after, "/v1/a", [] { return InPieces(2); });
  EXPECT_EQ(ReadAll(now), "piece piece ");
  EXPECT_EQ(ReadAll(old), "piece ");
}

// Who may have a copy asks the one that knows.
TEST(AnswerCacheTest, LetsACopyBeJudgedWhereItMayBeGood) {
  AnswerCache cache(std::make_shared<LongAnswers>());
  http::Response first = Get(cache, "/v1/a", [] { return InPieces(1); });
  for (const auto& [tag, status] : {std::pair{"\"e\"", 304}, std::pair{"\"old\"", 200}}) {
    http::Request request = Ask("/v1/a");
    request.fields = {{"If-None-Match", tag}};
    const auto answer = cache.Get(request, [](const http::Request&) {
      return http::Response{.status = 304, .headers = {}, .body = {}, .shared = {}};
    });
    EXPECT_EQ(answer.status, status) << tag;
  }
}

}  // namespace
}  // namespace tidemill::data_api
