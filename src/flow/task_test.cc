// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <mutex>
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
using namespace std::chrono_literals;

class TaskTest : public ::testing::Test {
 protected:
  template <class F>
  base::Status InFlow(F&& function) {
    return RunFlow(engine_, {.flow_name = "main-flow"}, stop_.get_token(),
                   [&](flow::Run& run) -> base::Status { return function(run); });
  }
  State LastTaskState() const { return observer_.task_events().back().state; }

  base::testing::FakeClock clock_{base::Time{std::chrono::seconds(1'700'000'000)}};
  testing::RecordingObserver observer_;
  Engine engine_{.observer = observer_, .clock = clock_, .random = [] { return 0.5; }};
  std::stop_source stop_;
};

// Waits as well-behaved work does: until asked to stop.
void WaitForStop(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait(lock, stop, [] { return false; });
}

TEST_F(TaskTest, RetriesWhatMayWorkLaterAndTellsEachState) {
  const auto result = InFlow([&](flow::Run& run) -> base::Status {
    return run.Task({.name = "fetch", .item = "a.xls", .retry = {.times = 2, .delay = 2s}},
                    [](TaskRun& task) -> base::Status {
                      if (task.attempt() < 3) return Fail(ErrorCode::kUnavailable, "busy");
                      return {};
                    });
  });
  EXPECT_TRUE(result);
  EXPECT_EQ(clock_.slept(), 6s);
  EXPECT_THAT(
      observer_.lines(),
      ElementsAre("main-flow: Pending", "main-flow: Running", "main-flow/fetch a.xls: Pending",
                  "main-flow/fetch a.xls: Running", "main-flow/fetch a.xls: AwaitingRetry",
                  "main-flow/fetch a.xls #2: Retrying", "main-flow/fetch a.xls #2: AwaitingRetry",
                  "main-flow/fetch a.xls #3: Retrying", "main-flow/fetch a.xls #3: Completed", "main-flow: Completed"));
  EXPECT_EQ(observer_.task_events()[2].state.message, "again in 2 s: busy");
}

TEST_F(TaskTest, ReturnsTheLastErrorWhenRetriesAreUsedUp) {
  int calls = 0;
  const auto result = InFlow([&](flow::Run& run) -> base::Status {
    return run.Task({.name = "fetch", .retry = {.times = 2, .delay = 1s}},
                    [&](TaskRun&) -> base::Status { return Fail(ErrorCode::kUnavailable, "busy {}", ++calls); });
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "busy 3");
  EXPECT_EQ(LastTaskState().name, "Failed");
}

TEST_F(TaskTest, DoesNotRetryWhatCannotGetBetter) {
  for (const auto& error :
       {base::Error{.code = ErrorCode::kNotFound, .message = "gone"},
        base::Error{.code = ErrorCode::kUnavailable, .message = "h", .verdict = base::Verdict::kHeld}}) {
    int calls = 0;
    const auto result = InFlow([&](flow::Run& run) -> base::Status {
      return run.Task({.name = "fetch", .retry = {.times = 5}}, [&](TaskRun&) -> base::Status {
        ++calls;
        return tl::unexpected(error);
      });
    });
    EXPECT_FALSE(result);
    EXPECT_EQ(calls, 1);
  }
  EXPECT_EQ(clock_.slept(), 0s);
  EXPECT_EQ(LastTaskState().name, "Held");
}

TEST_F(TaskTest, RetriesAnythingWhenAskedTo) {
  int calls = 0;
  const auto result = InFlow([&](flow::Run& run) -> base::Status {
    return run.Task({.name = "odd", .retry = {.times = 1, .when = RetryWhen::kAlways}}, [&](TaskRun&) -> base::Status {
      if (++calls == 1) throw std::runtime_error("odd");
      return {};
    });
  });
  EXPECT_TRUE(result);
  EXPECT_EQ(calls, 2);
}

TEST_F(TaskTest, WaitsAtLeastAsLongAsTheServerAsks) {
  const auto result = InFlow([&](flow::Run& run) -> base::Status {
    return run.Task({.name = "fetch", .retry = {.times = 2, .delay = 1s}}, [](TaskRun& task) -> base::Status {
      if (task.attempt() == 1) task.RetryAfter(120s);
      if (task.attempt() == 3) return {};
      return Fail(ErrorCode::kUnavailable, "slow down");
    });
  });
  EXPECT_TRUE(result);
  EXPECT_EQ(clock_.slept(), 122s);  // 120 s asked for, then 2 s of the plan: the wish counts once
}

TEST_F(TaskTest, CrashesAloneByAnException) {
  const auto result = InFlow([&](flow::Run& run) -> base::Status {
    const Result<int> number =
        run.Task({.name = "odd"}, [](TaskRun&) -> Result<int> { throw std::runtime_error("odd"); });
    EXPECT_FALSE(number);
    EXPECT_EQ(number.error().code, ErrorCode::kInternal);
    return {};
  });
  EXPECT_TRUE(result);
  EXPECT_EQ(LastTaskState().type, StateType::kCrashed);
}

TEST_F(TaskTest, AsksForAStopWhenTheTimeIsOver) {
  const auto result = InFlow([&](flow::Run& run) -> base::Status {
    return run.Task({.name = "fetch", .timeout = 1min}, [&](TaskRun& task) -> base::Status {
      EXPECT_FALSE(task.stop().stop_requested());
      clock_.Advance(1min);
      WaitForStop(task.stop());
      EXPECT_FALSE(run.stop().stop_requested());
      return Fail(ErrorCode::kCancelled, "stopped at byte 5");
    });
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kTimeOut);
  EXPECT_EQ(result.error().message, "took longer than 60 s: stopped at byte 5");
  EXPECT_EQ(LastTaskState().type, StateType::kFailed);
  EXPECT_EQ(LastTaskState().name, "TimedOut");
}

TEST_F(TaskTest, GivesEachAttemptItsOwnTime) {
  const auto result = InFlow([&](flow::Run& run) -> base::Status {
    return run.Task({.name = "fetch", .retry = {.times = 1}, .timeout = 1min}, [&](TaskRun& task) -> base::Status {
      if (task.attempt() == 2) return {};
      clock_.Advance(61s);
      WaitForStop(task.stop());
      return Fail(ErrorCode::kCancelled, "stopped");
    });
  });
  EXPECT_TRUE(result);
}

TEST_F(TaskTest, LeavesWorkInTimeAlone) {
  const auto result = InFlow([&](flow::Run& run) -> base::Status {
    return run.Task({.name = "fetch", .timeout = 1min}, [&](TaskRun& task) -> base::Status {
      clock_.Advance(59s);
      EXPECT_FALSE(task.stop().stop_requested());
      return {};
    });
  });
  EXPECT_TRUE(result);
}

TEST_F(TaskTest, NamesWorkThatDoesNotStop) {
  const auto result = InFlow([&](flow::Run& run) -> base::Status {
    return run.Task({.name = "deaf", .timeout = 1s}, [&](TaskRun&) -> base::Status {
      clock_.Advance(1s);
      clock_.Advance(31s);
      while (observer_.logs().empty()) std::this_thread::yield();
      return {};
    });
  });
  EXPECT_TRUE(result);
  EXPECT_EQ(observer_.logs()[0].level, LogLevel::kWarning);
  EXPECT_EQ(observer_.logs()[0].text, "does not stop, though its 1 s are over");
}

TEST_F(TaskTest, MakesNoNewAttemptAfterAStop) {
  int calls = 0;
  const auto result = InFlow([&](flow::Run& run) -> base::Status {
    return run.Task({.name = "fetch", .retry = {.times = 5}}, [&](TaskRun& task) -> base::Status {
      ++calls;
      stop_.request_stop();
      EXPECT_TRUE(task.stop().stop_requested());
      return Fail(ErrorCode::kUnavailable, "connection closed");
    });
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(LastTaskState().name, "Cancelled");
}

TEST_F(TaskTest, EndsAWaitForARetryAtAStop) {
  const base::SystemClock real;
  const Engine engine{.observer = observer_, .clock = real, .random = [] { return 0.0; }};
  std::jthread stopper([&] {
    while (observer_.task_events().size() < 3) std::this_thread::yield();
    stop_.request_stop();
  });
  const auto result =
      RunFlow(engine, {.flow_name = "main-flow"}, stop_.get_token(), [](flow::Run& run) -> base::Status {
        return run.Task({.name = "fetch", .retry = {.times = 1, .delay = 1h, .cap = 1h}},
                        [](TaskRun&) -> base::Status { return Fail(ErrorCode::kTimeOut, "slow"); });
      });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
}

TEST_F(TaskTest, TimesOutOnTheRealClock) {
  const base::SystemClock real;
  const Engine engine{.observer = observer_, .clock = real, .random = [] { return 0.0; }};
  const auto result = RunFlow(engine, {.flow_name = "main-flow"}, {}, [](flow::Run& run) -> base::Status {
    return run.Task({.name = "fetch", .timeout = 5ms}, [](TaskRun& task) -> base::Status {
      WaitForStop(task.stop());
      return Fail(ErrorCode::kCancelled, "stopped");
    });
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kTimeOut);
}

}  // namespace
}  // namespace tidemill::flow
