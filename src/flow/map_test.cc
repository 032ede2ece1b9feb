// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <barrier>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/flow/run.h"
#include "tidemill/flow/testing/recording_observer.h"

namespace tidemill::flow {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using namespace std::chrono_literals;

std::string NameOf(const int& item) {
  return "item-" + std::to_string(item);
}

class MapTest : public ::testing::Test {
 protected:
  template <class F>
  std::vector<Result<int>> MapAll(const std::vector<int>& items, const MapOptions& options, F&& function) {
    std::vector<Result<int>> results;
    const auto status =
        RunFlow(engine_, {.flow_name = "main-flow"}, stop_.get_token(), [&](flow::Run& run) -> base::Status {
          results = run.Map(items, options, NameOf, function);
          return {};
        });
    EXPECT_TRUE(status);
    return results;
  }

  base::testing::FakeClock clock_{base::Time{std::chrono::seconds(1'700'000'000)}};
  testing::RecordingObserver observer_;
  Engine engine_{.observer = observer_, .clock = clock_, .random = [] { return 0.5; }};
  std::stop_source stop_;
};

TEST_F(MapTest, RunsOnTheCallersThreadWhenNotParallel) {
  const auto here = std::this_thread::get_id();
  const auto results = MapAll({1, 2}, {.task = {.name = "square"}}, [&](TaskRun&, const int& item) -> Result<int> {
    EXPECT_EQ(std::this_thread::get_id(), here);
    return item * item;
  });
  ASSERT_THAT(results, SizeIs(2));
  EXPECT_EQ(*results[0], 1);
  EXPECT_EQ(*results[1], 4);
  EXPECT_THAT(observer_.lines(),
              ElementsAre("main-flow: Pending", "main-flow: Running", "main-flow/square item-1: Pending",
                          "main-flow/square item-1: Running", "main-flow/square item-1: Completed",
                          "main-flow/square item-2: Pending", "main-flow/square item-2: Running",
                          "main-flow/square item-2: Completed", "main-flow: Completed"));
}

TEST_F(MapTest, TakesNoItemsAtAll) {
  EXPECT_THAT(MapAll({}, {.parallel = 4}, [](TaskRun&, const int&) -> Result<int> { return 0; }), SizeIs(0));
}

TEST_F(MapTest, KeepsTheItemsOrderWithManyThreads) {
  std::vector<int> items(200);
  std::iota(items.begin(), items.end(), 0);
  const auto results =
      MapAll(items, {.task = {.name = "double"}, .parallel = 4}, [](TaskRun& task, const int& item) -> Result<int> {
        task.Progress(1, 1);
        return item * 2;
      });
  ASSERT_THAT(results, SizeIs(200));
  for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(*results[i], static_cast<int>(i) * 2);
  std::set<std::string> ids;
  for (const auto& event : observer_.task_events()) ids.insert(event.item);
  EXPECT_THAT(ids, SizeIs(200));
}

TEST_F(MapTest, RunsAsManyAtOnceAsAllowedAndNoMore) {
  std::barrier together(3);
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  const auto results = MapAll({1, 2, 3, 4, 5, 6}, {.parallel = 3}, [&](TaskRun&, const int& item) -> Result<int> {
    const int now = ++running;
    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
    }
    together.arrive_and_wait();  // passes only if three run at once
    --running;
    return item;
  });
  EXPECT_THAT(results, SizeIs(6));
  EXPECT_LE(most.load(), 3);
}

TEST_F(MapTest, HandsOutNothingMoreAfterAnError) {
  std::vector<int> seen;
  const auto results = MapAll({1, 2, 3, 4}, {}, [&](TaskRun&, const int& item) -> Result<int> {
    seen.push_back(item);
    if (item == 2) return Fail(ErrorCode::kNotFound, "no 2");
    return item;
  });
  EXPECT_THAT(seen, ElementsAre(1, 2));
  EXPECT_TRUE(results[0]);
  EXPECT_EQ(results[1].error().code, ErrorCode::kNotFound);
  EXPECT_EQ(results[2].error().message, "not begun, as an item before it failed");
  EXPECT_EQ(results[3].error().code, ErrorCode::kCancelled);
}

TEST_F(MapTest, RunsAllAndReturnsAllErrorsWhenToldToKeepGoing) {
  const auto results = MapAll({1, 2, 3, 4}, {.keep_going = true}, [&](TaskRun&, const int& item) -> Result<int> {
    if (item % 2 == 0) return Fail(ErrorCode::kNotFound, "no {}", item);
    return item;
  });
  EXPECT_TRUE(results[0]);
  EXPECT_EQ(results[1].error().message, "no 2");
  EXPECT_TRUE(results[2]);
  EXPECT_EQ(results[3].error().message, "no 4");
}

TEST_F(MapTest, HandsOutNothingMoreAfterAStop) {
  const auto results = MapAll({1, 2, 3}, {.keep_going = true}, [&](TaskRun&, const int& item) -> Result<int> {
    stop_.request_stop();
    return item;
  });
  EXPECT_EQ(*results[0], 1);
  EXPECT_EQ(results[1].error().code, ErrorCode::kCancelled);
  EXPECT_EQ(results[2].error().message, "cancelled before it began");
}

TEST_F(MapTest, StopsRunningItemsWithTheRun) {
  const auto results = MapAll({1, 2}, {.parallel = 2}, [&](TaskRun& task, const int& item) -> Result<int> {
    if (item == 1) stop_.request_stop();
    while (!task.stop().stop_requested()) std::this_thread::yield();
    return Fail(ErrorCode::kUnavailable, "closed");
  });
  EXPECT_EQ(results[0].error().code, ErrorCode::kCancelled);
  EXPECT_EQ(results[1].error().code, ErrorCode::kCancelled);
}

TEST_F(MapTest, RetriesItemsWithJitterDrawnOneAtATime) {
  std::atomic<int> calls = 0;
  const auto results = MapAll(
      {1, 2, 3, 4}, {.task = {.name = "fetch", .retry = {.times = 1, .delay = 1s, .jitter = 1.0}}, .parallel = 4},
      [&](TaskRun& task, const int& item) -> Result<int> {
        ++calls;
        if (task.attempt() == 1) return Fail(ErrorCode::kUnavailable, "busy");
        return item;
      });
  for (const auto& result : results) EXPECT_TRUE(result);
  EXPECT_EQ(calls.load(), 8);
  EXPECT_EQ(clock_.slept(), 6s);  // 4 × 1 s × 1.5
}

TEST_F(MapTest, MakesAnErrorOfAnExceptionOnAnotherThread) {
  const auto results = MapAll({1, 2}, {.parallel = 2, .keep_going = true},
                              [](TaskRun&, const int&) -> Result<int> { throw std::runtime_error("odd"); });
  EXPECT_EQ(results[0].error().message, "exception: odd");
  EXPECT_EQ(results[1].error().message, "exception: odd");
}

}  // namespace
}  // namespace tidemill::flow
