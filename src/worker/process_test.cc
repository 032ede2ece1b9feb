// SPDX-License-Identifier: Apache-2.0
#include "tidemill/worker/process.h"

#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemill::worker {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

struct Ran {
  base::Result<int> code = 0;
  std::vector<std::string> lines;
};

Job JobOf(const char* variables) {
  Job job;
  job.flow_run_id = "id";
  job.variables = prefect::ParseJson(variables, "variables")->as_object();
  return job;
}

// `with` is called when the process has said its first line.
Ran RunShell(const char* variables, const std::function<void(Execution&)>& with = {}) {
  Ran ran;
  Job job = JobOf(variables);
  job.environment = {{"GREETING", "hello"}};
  Execution* running = nullptr;
  job.say = [&](std::string_view line) {
    ran.lines.emplace_back(line);
    if (with && ran.lines.size() == 1) with(*running);
  };
  auto started = StartsProcesses({.program = "tidemill", .host = "here"})(job, {});
  EXPECT_TRUE(started) << (started ? "" : started.error().ToText());
  if (!started) return ran;
  running = started->get();
  EXPECT_TRUE((*started)->identifier().starts_with("here:"));
  ran.code = (*started)->Wait();
  return ran;
}

TEST(Process, TellsItsLinesAndItsExitCode) {
  const Ran ran = RunShell(R"j({"command": ["sh", "-c", "echo $GREETING; echo more >&2; printf last; exit 3"]})j");
  EXPECT_THAT(ran.lines, ElementsAre("hello", "more", "last"));
  EXPECT_EQ(*ran.code, 3);
}

TEST(Process, RunsWhereItIsTold) {
  EXPECT_THAT(RunShell(R"({"command": "pwd", "working_dir": "/usr"})").lines, ElementsAre("/usr"));
}

TEST(Process, IsAskedToEndAsAGroup) {
  const Ran ran = RunShell(R"({"command": ["sh", "-c", "sleep 60 & echo begun; wait"]})",
                           [](Execution& execution) { execution.Stop(milliseconds(60'000)); });
  EXPECT_EQ(*ran.code, 128 + SIGTERM);
}

TEST(Process, IsEndedForGoodWhenItDoesNotListen) {
  const Ran ran = RunShell(R"({"command": ["sh", "-c", "trap '' TERM; echo begun; while :; do sleep 1; done"]})",
                           [](Execution& execution) { execution.Stop(milliseconds(0)); });
  EXPECT_EQ(*ran.code, 128 + SIGKILL);
}

TEST(Process, ThatCannotBeStartedIsAnError) {
  const auto started = StartsProcesses({.program = "tidemill"})(JobOf(R"({"command": "/no/such/program"})"), {});
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, testing::HasSubstr("/no/such/program"));
}

TEST(SplitCommand, HoldsQuotedWordsTogether) {
  EXPECT_THAT(*SplitCommand(R"(a  'b c' "d \" e" f\ g '')"), ElementsAre("a", "b c", "d \" e", "f g", ""));
  EXPECT_FALSE(SplitCommand("a 'b"));
}

}  // namespace
}  // namespace tidemill::worker
