// SPDX-License-Identifier: Apache-2.0
#include "shared_body.h"

#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tidemill::data_api {
namespace {

using Pieces = SharedBody::Pieces;

// "a", "b", … and the end. `between` is called while a piece is being made.
Pieces Letters(int count, std::function<void()> between = {}) {
  return [=, made = 0]() mutable -> base::Result<std::string> {
    if (between) between();
    return made == count ? std::string() : std::string(1, static_cast<char>('a' + made++));
  };
}

base::Result<Pieces> Never() {
  return base::Fail(base::ErrorCode::kInternal, "it is not made anew");
}

std::shared_ptr<SharedBody> Body(Pieces make, std::size_t most_bytes = 100) {
  return std::make_shared<SharedBody>(std::move(make), most_bytes, [](SharedBody::End) {});
}

// What a reader gets: "wait" for none, and why a piece fails.
std::string NextOf(SharedReader& reader, SharedBody::Again again = [] {}) {
  const auto piece = reader.Next(std::move(again));
  if (!piece) return piece.error().message;
  return *piece ? **piece : "wait";
}

TEST(SharedBodyTest, LetsEachReadAtItsOwnPace) {
  const auto body = Body(Letters(2));
  SharedReader fast(body, Never);
  SharedReader slow(body, Never);
  EXPECT_EQ(NextOf(slow), "a");
  for (const std::string_view piece : {"a", "b", "", ""}) EXPECT_EQ(NextOf(fast), piece);
  for (const std::string_view piece : {"b", ""}) EXPECT_EQ(NextOf(slow), piece);
}

TEST(SharedBodyTest, WakesThoseWhoNeedThePieceThatIsBeingMade) {
  std::vector<std::string> others;
  int woken = 0;
  std::function<void()> ask = [] {};
  const auto body = Body(Letters(1, [&] { ask(); }));
  SharedReader first(body, Never);
  SharedReader second(body, Never);
  ask = [&] { others.push_back(NextOf(second, [&] { ++woken; })); };
  EXPECT_EQ(NextOf(first), "a");
  EXPECT_EQ(others, std::vector<std::string>{"wait"});
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(NextOf(second), "a");
  EXPECT_EQ(woken, 1);
}

TEST(SharedBodyTest, HangsNobodyWhereMakingThrows) {
  int woken = 0;
  std::function<void()> ask = [] {};
  const auto body = Body([&]() -> base::Result<std::string> {
    ask();
    throw std::runtime_error("boom");
  });
  SharedReader first(body, Never);
  SharedReader second(body, Never);
  ask = [&] { EXPECT_EQ(NextOf(second, [&] { ++woken; }), "wait"); };
  EXPECT_EQ(NextOf(first), "boom");
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(NextOf(second), "boom");
}

// "abc" are held, the fourth piece is too much: who made it goes on, the others begin anew behind what they have had.
TEST(SharedBodyTest, PartsWhereItOutgrowsWhatMayBeHeld) {
  const auto body = Body(Letters(5), 3);
  int made_anew = 0;
  const auto anew = [&]() -> base::Result<Pieces> {
    ++made_anew;
    return Letters(5);
  };
  SharedReader fast(body, Never);
  SharedReader slow(body, anew);
  EXPECT_EQ(NextOf(slow), "a");
  for (const std::string_view piece : {"a", "b", "c", "d", "e", ""}) EXPECT_EQ(NextOf(fast), piece);
  for (const std::string_view piece : {"b", "c"}) EXPECT_EQ(NextOf(slow), piece);
  EXPECT_EQ(made_anew, 0);
  for (const std::string_view piece : {"d", "e", ""}) EXPECT_EQ(NextOf(slow), piece);
  EXPECT_EQ(made_anew, 1);
}

TEST(SharedBodyTest, PartsWhenItIsTold) {
  const auto body = Body(Letters(3));
  SharedReader fast(body, Never);
  SharedReader slow(body, [] { return base::Result<Pieces>(Letters(3)); });
  EXPECT_EQ(NextOf(fast), "a");
  body->Part();
  for (const std::string_view piece : {"b", "c", ""}) EXPECT_EQ(NextOf(fast), piece);  // with the pieces it was in
  for (const std::string_view piece : {"a", "b", "c", ""}) EXPECT_EQ(NextOf(slow), piece);
}

// Pieces that are made anew may be cut elsewhere.
TEST(SharedBodyTest, GoesOnWithinAPieceThatIsMadeAnew) {
  for (const auto& [text, wanted] : {std::pair{"abcd", "cd"}, std::pair{"ab", ""},
                                     std::pair{"a", "a body that was made anew has 1 bytes; expected at least 2"}}) {
    const auto body = Body(Letters(5));
    SharedReader fast(body, Never);
    SharedReader slow(body, [own = std::string(text)]() -> base::Result<Pieces> {
      return [own, ended = false]() mutable -> base::Result<std::string> {
        return std::exchange(ended, true) ? std::string() : own;
      };
    });
    for (int i = 0; i < 3; ++i) NextOf(fast);
    for (int i = 0; i < 2; ++i) NextOf(slow);
    body->Part();
    EXPECT_EQ(NextOf(slow), wanted);
  }
}

TEST(SharedBodyTest, GivesManyThreadsTheSame) {
  constexpr int kPieces = 26;
  int made = 0;
  const auto body = Body(Letters(kPieces, [&] { ++made; }));
  const auto read = [&](std::string& text) {
    SharedReader reader(body, Never);
    while (true) {
      const auto woken = std::make_shared<std::promise<void>>();  // who wakes may be at it when this goes on
      const auto piece = reader.Next([woken] { woken->set_value(); });
      ASSERT_TRUE(piece);
      if (!*piece) {
        woken->get_future().wait();
      } else if ((*piece)->empty()) {
        return;
      } else {
        text += **piece;
      }
    }
  };
  std::vector<std::string> texts(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& text : texts) threads.emplace_back([&] { read(text); });
  }
  for (const std::string& text : texts) EXPECT_EQ(text, "abcdefghijklmnopqrstuvwxyz");
  EXPECT_EQ(made, kPieces + 1);
}

}  // namespace
}  // namespace tidemill::data_api
