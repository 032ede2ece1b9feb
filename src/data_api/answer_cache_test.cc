// SPDX-License-Identifier: Apache-2.0
#include "answer_cache.h"

#include <string>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tidemill::data_api {
namespace {

http::Request Ask(std::string_view target) {
  return {.method = "GET", .target = target, .path = target, .query = {}, .fields = {}};
}

http::Response Answer(std::string body) {
  return {.status = 200,
          .headers = {{"Accept-Ranges", "none"}, {"ETag", "\"e\""}, {"Content-Type", "text/plain"}},
          .body = std::move(body),
          .shared = {}};
}

// The body comes in so many pieces; with `fails` an error follows them.
http::Response InPieces(int pieces, bool fails = false) {
  http::Response response = Answer({});
  response.next_piece = [pieces, fails, made = 0]() mutable -> base::Result<std::string> {
    if (made++ < pieces) return std::string("piece ");
    if (fails) return base::Fail(base::ErrorCode::kInternal, "no more");
    return std::string();
  };
  return response;
}

void MakeAll(http::Response& response) {
  for (auto piece = response.next_piece(); piece && !piece->empty(); piece = response.next_piece()) {
  }
}

std::string BodyKept(AnswerCache& cache, std::string_view target) {
  const auto kept = cache.Find(Ask(target));
  return kept ? std::string(kept->bytes()) : "none";
}

TEST(AnswerCacheTest, KeepsWhatIsAskedASecondTime) {
  AnswerCache cache;
  EXPECT_EQ(cache.Keep(Ask("/v1/a"), Answer("body")).body, "body");
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "none");
  EXPECT_EQ(cache.Keep(Ask("/v1/a"), Answer("body")).body, "body");
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "body");
  EXPECT_EQ(cache.Find(Ask("/v1/a"))->body_fields, "Content-Type: text/plain\r\n");
}

TEST(AnswerCacheTest, KeepsALargeBodyInAFile) {
  AnswerCache cache;
  const std::string body(200'000, 'x');
  for (int again = 0; again < 2; ++again) cache.Keep(Ask("/v1/a"), Answer(body));
  const auto kept = cache.Find(Ask("/v1/a"));
  ASSERT_TRUE(kept && kept->file);
  EXPECT_TRUE(kept->body.empty());
  EXPECT_EQ(kept->bytes(), body);
}

// As programs do that go through all areas, again and again.
TEST(AnswerCacheTest, KeepsAThousandThatAreAskedInTurn) {
  AnswerCache cache;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 1000; ++i) cache.Keep(Ask(fmt::format("/v1/{}", i)), Answer("body"));
  }
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(BodyKept(cache, fmt::format("/v1/{}", i)), "body") << i;
}

TEST(AnswerCacheTest, KeepsNoMoreThanItsBudget) {
  AnswerCache cache;
  const std::string body(AnswerCache::kMostBytesEach / 2, 'x');
  const int fit = static_cast<int>(AnswerCache::kMostBytes / body.size());
  for (int i = 0; i < 2 * fit; ++i) {
    for (int again = 0; again < 2; ++again) cache.Keep(Ask(fmt::format("/v1/{}", i)), Answer(body));
  }
  int kept = 0;
  for (int i = 0; i < 2 * fit; ++i) kept += BodyKept(cache, fmt::format("/v1/{}", i)) == body ? 1 : 0;
  EXPECT_EQ(kept, fit - 1);  // keys and heads count as well
  EXPECT_EQ(BodyKept(cache, fmt::format("/v1/{}", 2 * fit - 1)), body);
}

TEST(AnswerCacheTest, KeepsNothingThatIsTooLarge) {
  AnswerCache cache;
  for (int again = 0; again < 3; ++again) {
    cache.Keep(Ask("/v1/a"), Answer(std::string(AnswerCache::kMostBytesEach + 1, 'x')));
  }
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "none");
}

// However many clients wait for the same long answer, its body is collected once.
TEST(AnswerCacheTest, CollectsOneOfManyEqualAnswers) {
  AnswerCache cache;
  cache.Keep(Ask("/v1/a"), InPieces(2));
  http::Response second = cache.Keep(Ask("/v1/a"), InPieces(2));
  http::Response third = cache.Keep(Ask("/v1/a"), InPieces(2));
  MakeAll(third);
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "none");
  MakeAll(second);
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "piece piece ");
}

TEST(AnswerCacheTest, KeepsNoAnswerThatWasGivenUp) {
  AnswerCache cache;
  cache.Keep(Ask("/v1/a"), InPieces(2, true));
  for (int again = 0; again < 3; ++again) {
    http::Response response = cache.Keep(Ask("/v1/a"), InPieces(2, true));
    MakeAll(response);
    EXPECT_EQ(BodyKept(cache, "/v1/a"), "none");
  }
  {
    const http::Response left = cache.Keep(Ask("/v1/a"), InPieces(1));  // its client went away
  }
  for (int again = 0; again < 2; ++again) {
    http::Response response = cache.Keep(Ask("/v1/a"), InPieces(1));
    MakeAll(response);
  }
  EXPECT_EQ(BodyKept(cache, "/v1/a"), "piece ");
}

}  // namespace
}  // namespace tidemill::data_api
