// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/rest_observer.h"

#include <condition_variable>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/flow/testing/recording_observer.h"

namespace tidemill::prefect {
namespace {

using flow::StateType;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

// A server that gives ids and accepts all; it can be away.
class Fake final : public http::HttpClient {
 public:
  base::Result<http::ClientResponse> Send(const http::ClientRequest& request, std::stop_token) override {
    const std::lock_guard lock(mutex_);
    if (away_) return base::Fail(base::ErrorCode::kUnavailable, "refused");
    const std::string path = request.url.substr(std::string("http://127.0.0.1:4200/api").size());
    std::string body = fmt::format(R"({{"id":"id-{}","name":"server-name","state_type":"RUNNING"}})", ++made_);
    int status = 201;
    if (path.ends_with("/set_state")) body = R"({"status":"ACCEPT","state":{"type":"RUNNING","name":"Running"}})";
    if (path == refused_) status = 422;
    const auto sent = request.body.empty() ? json::value() : *ParseJson(request.body, "body");
    std::string what = TextIn(sent, "state.name") + TextIn(sent, "name") + TextIn(sent, "key");
    if (sent.is_array()) what = std::to_string(sent.get_array().size()) + " lines";
    lines_.push_back(request.method + " " + path + (what.empty() ? "" : " " + what));
    return http::ClientResponse{.status = status, .headers = {}, .body = body, .url = request.url};
  }
  void Away(bool away) {
    const std::lock_guard lock(mutex_);
    away_ = away;
  }
  void Refuse(std::string path) { refused_ = std::move(path); }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  bool away_ = false;
  int made_ = 0;
  std::string refused_;
  std::vector<std::string> lines_;
};

struct Told {
  Fake server;
  base::testing::FakeClock clock{base::Time{}};
  flow::testing::RecordingObserver shown;
  Client client{server, {}, clock};

  base::Result<flow::Answer> State(RestObserver& observer, const std::string& run, StateType type, const char* name) {
    return observer.Propose(run, {.type = type, .name = name, .message = {}, .timestamp = {}});
  }
};

TEST(RestObserver, TellsRunsTasksLogsAndArtifactsInTheirOrder) {
  Told told;
  RestObserver observer(told.shown, told.client, {});
  const auto run = observer.BeginFlowRun({.flow_name = "main-flow"});
  ASSERT_TRUE(run);
  EXPECT_EQ(run->name, "server-name");
  ASSERT_TRUE(told.State(observer, run->id, StateType::kRunning, "Running"));
  const auto child = observer.BeginFlowRun({.flow_name = "load", .parent_id = run->id});
  ASSERT_TRUE(child);
  ASSERT_TRUE(told.State(observer, child->id, StateType::kRunning, "Running"));
  observer.TaskStateChanged({.id = "t", .flow_run_id = child->id, .task_name = "fetch", .item = "a.xls", .state = {}});
  observer.TaskStateChanged({.id = "t",
                             .flow_run_id = child->id,
                             .task_name = "fetch",
                             .state = {.type = StateType::kCompleted, .name = "Completed"}});
  observer.Made({.flow_run_id = run->id, .key = "run-report", .kind = "markdown", .data = "x"});
  ASSERT_TRUE(told.State(observer, run->id, StateType::kCompleted, "Completed"));
  observer.Logged({.flow_run_id = run->id, .task_run_id = "t", .text = "hello", .time = {}});
  observer.Flush(milliseconds(10'000));
  EXPECT_THAT(
      told.server.lines(),
      ElementsAre("POST /flows/ main-flow", "POST /flow_runs/ Pending", "POST /flow_runs/id-2/set_state Running",
                  "POST /task_runs/ Pendingload-0", "POST /flows/ load", "POST /flow_runs/ Pending",
                  "POST /flow_runs/id-6/set_state Running", "POST /task_runs/ Pendingfetch-0 a.xls",
                  "POST /task_runs/id-8/set_state Completed", "POST /artifacts/ run-report",
                  "POST /flow_runs/id-2/set_state Completed", "POST /logs/ 1 lines"));
  EXPECT_EQ(observer.Losses(), "");
  EXPECT_TRUE(observer.server_knows_the_end());
  EXPECT_EQ(observer.server_run_id(), "id-2");
}

TEST(RestObserver, GoesOnWithoutItsServerAndTellsItAllWhenItIsBack) {
  Told told;
  told.server.Away(true);
  RestObserver observer(told.shown, told.client, {});
  const auto run = observer.BeginFlowRun({.flow_name = "main-flow"});
  ASSERT_TRUE(run);
  const auto answer = told.State(observer, run->id, StateType::kRunning, "Running");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->kind, flow::Answer::Kind::kAccept);
  EXPECT_THAT(observer.Losses(), HasSubstr("2 reports"));
  told.server.Away(false);
  observer.Flush(milliseconds(20'000));
  EXPECT_THAT(told.server.lines(), ElementsAre("POST /flows/ main-flow", "POST /flow_runs/ Pending",
                                               "POST /flow_runs/id-2/set_state Running"));
  EXPECT_EQ(observer.Losses(), "");
}

TEST(RestObserver, FailsWhereTheServerRefusesTheRun) {
  Told told;
  told.server.Refuse("/flow_runs/");
  RestObserver observer(told.shown, told.client, {});
  const auto run = observer.BeginFlowRun({.flow_name = "main-flow"});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, base::ErrorCode::kInvalid);
}

TEST(RestObserver, SaysWhatTheServerWouldNotTake) {
  Told told;
  told.server.Refuse("/artifacts/");
  RestObserver observer(told.shown, told.client, {});
  const auto run = observer.BeginFlowRun({.flow_name = "main-flow"});
  observer.Made({.flow_run_id = run->id, .key = "x", .kind = "markdown", .data = "x"});
  observer.Flush(milliseconds(10'000));
  EXPECT_THAT(observer.Losses(), HasSubstr("1 reports and 0 log lines did not reach the server"));
}

TEST(RestObserver, CallsARunThatWasStoppedHereCrashed) {
  Told told;
  RestObserver observer(told.shown, told.client, {.flow_run_id = "given"});
  const auto run = observer.BeginFlowRun({.flow_name = "main-flow"});
  ASSERT_TRUE(told.State(observer, run->id, StateType::kCancelled, "Cancelled"));
  EXPECT_THAT(told.server.lines(), ElementsAre("GET /flow_runs/given", "POST /flow_runs/given/set_state Crashed"));
}

}  // namespace
}  // namespace tidemill::prefect
