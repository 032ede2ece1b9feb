// SPDX-License-Identifier: Apache-2.0
#include "tidemill/flow/run.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/flow/testing/recording_observer.h"

namespace tidemill::flow {
namespace {

using base::Error;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Verdict;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr base::Time kStart{std::chrono::seconds(1'700'000'000)};

class RunTest : public ::testing::Test {
 protected:
  template <class F>
  auto RunMain(F&& function) {
    return RunFlow(engine_, {.flow_name = "main-flow"}, stop_.get_token(), std::forward<F>(function));
  }
  std::vector<State> States() const { return observer_.states_of("main-flow"); }

  base::testing::FakeClock clock_{kStart};
  testing::RecordingObserver observer_;
  Engine engine_{.observer = observer_, .clock = clock_, .random = [] { return 0.25; }};
  std::stop_source stop_;
};

TEST_F(RunTest, ReturnsTheValueAndEndsCompleted) {
  const Result<int> result = RunMain([](flow::Run&) -> Result<int> { return 7; });
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, 7);
  EXPECT_THAT(observer_.lines(), ElementsAre("main-flow: Pending", "main-flow: Running", "main-flow: Completed"));
  EXPECT_EQ(States().back().timestamp, kStart);
}

TEST_F(RunTest, MovesValuesThatCannotBeCopied) {
  auto result = RunMain([](flow::Run& run) -> Result<std::unique_ptr<int>> {
    return run.Task({.name = "make"},
                    [](TaskRun&) -> Result<std::unique_ptr<int>> { return std::make_unique<int>(3); });
  });
  ASSERT_TRUE(result);
  EXPECT_EQ(**result, 3);
}

TEST_F(RunTest, EndsFailedWithThePlaceAndMessageOfTheError) {
  const auto result = RunMain([](flow::Run&) -> base::Status {
    return base::FailAt(ErrorCode::kInvalid, "a.xls, B4", "value 'x' is no number");
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(States().back().type, StateType::kFailed);
  EXPECT_EQ(States().back().name, "Failed");
  EXPECT_EQ(States().back().message, "a.xls, B4: value 'x' is no number");
}

TEST_F(RunTest, NamesAHeldAndAFailedCheck) {
  for (const auto& [verdict, name] : {std::pair{Verdict::kHeld, "Held"}, {Verdict::kCheckFailed, "CheckFailed"}}) {
    const auto result = RunMain([held = verdict](flow::Run&) -> base::Status {
      return tl::unexpected(Error{.code = ErrorCode::kInvalid, .message = "sum", .verdict = held});
    });
    EXPECT_FALSE(result);
    EXPECT_EQ(States().back().type, StateType::kFailed);
    EXPECT_EQ(States().back().name, name);
  }
}

TEST_F(RunTest, EndsCrashedWhenAnExceptionEscapes) {
  const auto result = RunMain([](flow::Run&) -> base::Status { throw std::runtime_error("boom"); });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInternal);
  EXPECT_EQ(result.error().message, "exception: boom");
  EXPECT_EQ(States().back().type, StateType::kCrashed);
}

TEST_F(RunTest, CountsAFailureAfterAStopAsTheCancellation) {
  const auto result = RunMain([&](flow::Run&) -> base::Status {
    stop_.request_stop();
    return Fail(ErrorCode::kUnavailable, "connection closed");
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(States().back().type, StateType::kCancelled);
}

TEST_F(RunTest, KeepsWhatWasDoneThoughAStopCameLate) {
  const auto result = RunMain([&](flow::Run&) -> base::Status {
    stop_.request_stop();
    return {};
  });
  EXPECT_TRUE(result);
  EXPECT_EQ(States().back().name, "Completed");
}

TEST_F(RunTest, DoesNotCallAFlowThatIsStoppedBefore) {
  stop_.request_stop();
  bool called = false;
  const auto result = RunMain([&](flow::Run&) -> base::Status {
    called = true;
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
  EXPECT_FALSE(called);
  EXPECT_EQ(States().back().name, "Cancelled");
}

TEST_F(RunTest, GivesASubflowItsOwnRunUnderTheParent) {
  const auto result = RunMain([&](flow::Run& run) -> Result<std::string> {
    run.Info("before");
    return run.Subflow("load", [](flow::Run& child) -> Result<std::string> {
      child.MakeArtifact("run-report", "markdown", "# Report");
      return child.Task({.name = "publish"}, [](TaskRun& task) -> Result<std::string> {
        task.Warn("slow");
        task.Progress(1, 2);
        return "v1";
      });
    });
  });
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, "v1");
  EXPECT_THAT(observer_.lines(),
              ElementsAre("main-flow: Pending", "main-flow: Running", "main-flow log INFO: before", "load: Pending",
                          "load: Running", "load artifact run-report", "load/publish: Pending", "load/publish: Running",
                          "load/publish log WARNING: slow", "load/publish progress 1/2", "load/publish: Completed",
                          "load: Completed", "main-flow: Completed"));
  ASSERT_EQ(observer_.flow_runs().size(), 2U);
  EXPECT_EQ(observer_.flow_runs()[1].parent_id, "00000000-0000-4000-8000-000000000001");
  EXPECT_EQ(observer_.task_events()[0].flow_run_id, "00000000-0000-4000-8000-000000000002");
}

TEST_F(RunTest, LetsTheParentDecideAboutASubflowsError) {
  const auto result = RunMain([&](flow::Run& run) -> base::Status {
    const auto child =
        run.Subflow("load", [](flow::Run&) -> base::Status { return Fail(ErrorCode::kNotFound, "gone"); });
    EXPECT_FALSE(child);
    return {};
  });
  EXPECT_TRUE(result);
  EXPECT_EQ(observer_.states_of("load").back().name, "Failed");
  EXPECT_EQ(States().back().name, "Completed");
}

TEST_F(RunTest, StopsASubflowWithItsParent) {
  const auto result = RunMain([&](flow::Run& run) -> base::Status {
    return run.Subflow("load", [&](flow::Run& child) -> base::Status {
      EXPECT_FALSE(child.stop().stop_requested());
      stop_.request_stop();
      EXPECT_TRUE(child.stop().stop_requested());
      return Fail(ErrorCode::kCancelled, "cancelled");
    });
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(observer_.states_of("load").back().type, StateType::kCancelled);
  EXPECT_EQ(States().back().type, StateType::kCancelled);
}

Answer AnswerWith(Answer::Kind kind, State state = {}, std::chrono::milliseconds delay = {}, std::string reason = {}) {
  return {.kind = kind, .state = std::move(state), .delay = delay, .reason = std::move(reason)};
}

// What a server answers to the first proposals; all later ones are accepted.
class AnsweredRunTest : public RunTest {
 protected:
  base::Status RunWith(std::vector<Result<Answer>> answers) {
    std::size_t next = 0;
    testing::RecordingObserver observer([&](const std::string&, const State& state) -> Result<Answer> {
      if (next < answers.size()) return answers[next++];
      return AnswerWith(Answer::Kind::kAccept, state);
    });
    const Engine engine{.observer = observer, .clock = clock_, .random = [] { return 0.0; }};
    base::Status status =
        RunFlow(engine, {.flow_name = "main-flow"}, stop_.get_token(), [&](flow::Run&) -> base::Status {
          ++calls_;
          return returned_;
        });
    lines_ = observer.lines();
    return status;
  }
  static Answer Accepted() { return AnswerWith(Answer::Kind::kAccept, {.type = StateType::kRunning}); }

  base::Status returned_;
  int calls_ = 0;
  std::vector<std::string> lines_;
};

TEST_F(AnsweredRunTest, WaitsAsToldThenProposesAgain) {
  EXPECT_TRUE(RunWith({AnswerWith(Answer::Kind::kWait, {}, 30s)}));
  EXPECT_THAT(lines_,
              ElementsAre("main-flow: Pending", "main-flow: Running", "main-flow: Running", "main-flow: Completed"));
  EXPECT_EQ(clock_.slept(), 30s);
}

TEST_F(AnsweredRunTest, EndsCancelledWhenTheServerSaysSo) {
  const auto status = RunWith({AnswerWith(Answer::Kind::kReject, {.type = StateType::kCancelling})});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(calls_, 0);
  EXPECT_THAT(lines_, ElementsAre("main-flow: Pending", "main-flow: Running"));
}

TEST_F(AnsweredRunTest, EndsUnavailableWhenPutOff) {
  const auto status =
      RunWith({AnswerWith(Answer::Kind::kReject, {.type = StateType::kScheduled, .name = "AwaitingConcurrencySlot"})});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(status.error().message, HasSubstr("AwaitingConcurrencySlot"));
  EXPECT_EQ(calls_, 0);
}

TEST_F(AnsweredRunTest, EndsWithoutTouchingAnAbortedRun) {
  const auto status = RunWith({AnswerWith(Answer::Kind::kAbort, {}, 0s, "already running elsewhere")});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kConflict);
  EXPECT_THAT(status.error().message, HasSubstr("already running elsewhere"));
  EXPECT_EQ(calls_, 0);
}

TEST_F(AnsweredRunTest, RunsAgainWhenAFailureIsAnsweredByARetry) {
  returned_ = Fail(ErrorCode::kUnavailable, "down");
  const auto status = RunWith(
      {Accepted(), AnswerWith(Answer::Kind::kReject, {.type = StateType::kScheduled, .name = "AwaitingRetry"}, 90s)});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "down");
  EXPECT_EQ(calls_, 2);
  EXPECT_EQ(clock_.slept(), 90s);
  EXPECT_THAT(lines_, ElementsAre("main-flow: Pending", "main-flow: Running", "main-flow: Failed",
                                  "main-flow: Retrying", "main-flow: Failed"));
}

TEST_F(AnsweredRunTest, FailsWhenItCannotAskToRun) {
  const auto status = RunWith({Fail(ErrorCode::kUnavailable, "no server at http://127.0.0.1:4200/api")});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(calls_, 0);
}

TEST_F(AnsweredRunTest, SaysThatASuccessCouldNotBeReported) {
  const auto status = RunWith({Accepted(), Fail(ErrorCode::kUnavailable, "no server")});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "while reporting that the run completed: no server");
}

TEST_F(AnsweredRunTest, KeepsTheRunsOwnErrorWhenItCannotBeReported) {
  returned_ = Fail(ErrorCode::kNotFound, "no such page");
  const auto status = RunWith({Accepted(), Fail(ErrorCode::kUnavailable, "no server")});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "no such page");
}

TEST(StateType, HasPrefectsNamesAndFinals) {
  EXPECT_EQ(ToText(StateType::kScheduled), "SCHEDULED");
  EXPECT_EQ(ToText(StateType::kCancelling), "CANCELLING");
  EXPECT_TRUE(IsFinal(StateType::kCrashed));
  EXPECT_FALSE(IsFinal(StateType::kPaused));
}

}  // namespace
}  // namespace tidemill::flow
