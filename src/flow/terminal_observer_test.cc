// SPDX-License-Identifier: Apache-2.0
#include "tidemill/flow/terminal_observer.h"

#include <mutex>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/flow/null_observer.h"
#include "tidemill/flow/run.h"

namespace tidemill::flow {
namespace {

using base::ErrorCode;
using base::Fail;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

// What a terminal would have got; written by the observer's thread too.
class Screen {
 public:
  std::function<void(std::string_view)> writer() {
    return [this](std::string_view text) {
      const std::lock_guard lock(mutex_);
      text_ += text;
    };
  }
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  // Turns the clock in steps of the drawing interval until the text is seen.
  void Await(base::testing::FakeClock& clock, std::string_view wanted) const {
    while (text().find(wanted) == std::string::npos) {
      clock.Advance(100ms);
      std::this_thread::sleep_for(1ms);
    }
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

class TerminalObserverTest : public ::testing::Test {
 protected:
  template <class F>
  std::string Show(TerminalOptions options, F&& flow) {
    options.write = screen_.writer();
    TerminalObserver observer(std::move(options), clock_, [next = 0.0]() mutable { return next += 0.0001; });
    const Engine engine{.observer = observer, .clock = clock_, .random = [] { return 0.0; }};
    const base::Status status =
        RunFlow(engine, {.flow_name = "main-flow"}, {}, [&](flow::Run& run) -> base::Status { return flow(run); });
    succeeded_ = status.has_value();
    return screen_.text();
  }

  base::testing::FakeClock clock_{base::Time{12h + 1s}};
  Screen screen_;
  bool succeeded_ = false;
};

TEST_F(TerminalObserverTest, WritesPlainLines) {
  const std::string text = Show({}, [&](flow::Run& run) -> base::Status {
    return run.Subflow("get-ons-deaths-data", [&](flow::Run& child) -> base::Status {
      const auto urls = child.Task({.name = "get_the_urls_of_files"}, [&](TaskRun&) -> base::Status {
        clock_.Advance(250ms);
        return {};
      });
      EXPECT_TRUE(urls);
      return child.Task({.name = "download_and_save_file", .item = "2018.xls"}, [](TaskRun& task) -> base::Status {
        task.Log(LogLevel::kDebug, "asked");
        task.Info("1.2 MB, new");
        return {};
      });
    });
  });
  EXPECT_EQ(text,
            "INFO | main-flow | begins run 'eager-coot'\n"
            "INFO | main-flow / get-ons-deaths-data | get_the_urls_of_files: Completed in 0.25 s\n"
            "INFO | main-flow / get-ons-deaths-data | download_and_save_file 2018.xls: 1.2 MB, new\n"
            "INFO | main-flow / get-ons-deaths-data | Completed in 0.25 s\n"
            "INFO | main-flow | Completed in 0.25 s\n");
  EXPECT_TRUE(succeeded_);
}

TEST_F(TerminalObserverTest, TellsAnErrorOnceAndRetriesAsWarnings) {
  const std::string text = Show({}, [&](flow::Run& run) -> base::Status {
    return run.Task({.name = "fetch", .retry = {.times = 1, .delay = 2s}},
                    [](TaskRun&) -> base::Status { return Fail(ErrorCode::kUnavailable, "status 503"); });
  });
  EXPECT_EQ(text,
            "INFO | main-flow | begins run 'eager-coot'\n"
            "WARNING | main-flow | fetch: attempt 1 failed, again in 2 s: status 503\n"
            "ERROR | main-flow | fetch: Failed in 2.00 s: status 503\n"
            "ERROR | main-flow | Failed in 2.00 s\n");
}

TEST_F(TerminalObserverTest, ShowsTimesAndColoursWhereAsked) {
  const std::string text =
      Show({.times = true, .colour = true, .utc_offset = 60min}, [](flow::Run& run) -> base::Status {
        run.Warn("odd");
        return {};
      });
  EXPECT_THAT(text, HasSubstr("13:00:01 | INFO | main-flow | begins"));
  EXPECT_THAT(text, HasSubstr("13:00:01 | \x1b[33mWARNING\x1b[0m | main-flow | odd\n"));
}

TEST_F(TerminalObserverTest, TellsOnlyProblemsWhenQuiet) {
  const std::string text = Show({.live = true, .quiet = true}, [](flow::Run& run) -> base::Status {
    run.Info("fine");
    run.Warn("odd");
    return {};
  });
  EXPECT_EQ(text, "WARNING | main-flow | odd\n");
}

TEST_F(TerminalObserverTest, DoesNotObeyWhatAPublisherWrites) {
  const std::string text = Show({}, [](flow::Run& run) -> base::Status {
    run.Info("\x1b]0;title\x07");
    return {};
  });
  EXPECT_THAT(text, HasSubstr("\\x1b]0;title\\x07"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST_F(TerminalObserverTest, DrawsALiveLineAfterASecondAndClearsIt) {
  const std::string text = Show({.live = true}, [&](flow::Run& run) -> base::Status {
    return run.Task({.name = "fetch", .item = "a.xls"}, [&](TaskRun& task) -> base::Status {
      clock_.Advance(900ms);
      task.Progress(5, 10);
      screen_.Await(clock_, " s [##########          ]  50 % | fetch a.xls | main-flow");
      EXPECT_THAT(screen_.text(), Not(HasSubstr("0.90 s")));
      task.Info("done");
      return {};
    });
  });
  const std::string after = text.substr(text.rfind("50 %"));
  EXPECT_THAT(after, HasSubstr("\r\x1b[KINFO | main-flow | fetch a.xls: done\n"));
  EXPECT_THAT(text, ::testing::EndsWith(" s\n"));
}

TEST_F(TerminalObserverTest, CutsTheLiveLineToTheTerminal) {
  const std::string text = Show({.live = true, .columns = 12}, [&](flow::Run& run) -> base::Status {
    return run.Task({.name = "fetch"}, [&](TaskRun&) -> base::Status {
      screen_.Await(clock_, " s | fe\r\x1b[K");
      EXPECT_THAT(screen_.text(), Not(HasSubstr("fet")));
      return {};
    });
  });
  EXPECT_THAT(text, HasSubstr("\r\x1b[KINFO | main-flow | fetch: Completed"));
}

TEST_F(TerminalObserverTest, NamesTheFlowAloneWhenNoTaskRuns) {
  Show({.live = true}, [&](flow::Run& run) -> base::Status {
    return run.Subflow("load", [&](flow::Run&) -> base::Status {
      screen_.Await(clock_, " s | main-flow / load");
      return {};
    });
  });
  EXPECT_TRUE(succeeded_);
}

TEST(NullObserver, AcceptsAll) {
  const base::testing::FakeClock clock(base::Time{});
  NullObserver observer([] { return 0.5; });
  const Engine engine{.observer = observer, .clock = clock, .random = [] { return 0.5; }};
  const base::Result<int> result =
      RunFlow(engine, {.flow_name = "main-flow"}, {}, [](flow::Run& run) -> base::Result<int> {
        EXPECT_EQ(run.id().size(), 36U);
        return run.Task({.name = "one"}, [](TaskRun&) -> base::Result<int> { return 1; });
      });
  EXPECT_TRUE(result);
}

}  // namespace
}  // namespace tidemill::flow
