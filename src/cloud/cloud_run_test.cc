// SPDX-License-Identifier: Apache-2.0
#include "tidemill/cloud/cloud_run.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cloud_fixture.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kJob = "projects/p/locations/europe-west2/jobs/tidemill-1-0";

// What the old system's block holds.
constexpr std::string_view kBlock =
    R"({"type":"cloud-run-job","env":{"A":"b"},"labels":{"prefect.io/flow-run-id":"Ab 1"},
  "name":null,"command":["tidemill","flow-run","execute"],"image":"europe-west2-docker.pkg.dev/p/tidemill/tidemill:1",
  "region":"europe-west2","credentials":{"project":"p","service_account_info":{"type":"service_account"}},"cpu":1,
  "memory":512,"memory_unit":"Mi","vpc_connector_name":"c","args":[],"keep_job":false,"timeout":900})";

TEST(CloudRunFields, ABlockBecomesTheDocumentedBody) {
  auto fields = ParseCloudRunFields("cloud-run-job", kBlock);
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->project, "p");
  EXPECT_EQ(fields->key.info, R"({"type":"service_account"})");
  EXPECT_EQ(CloudRunJobBody(*fields),
            R"({"client":"tidemill","template":{"taskCount":1,"template":{"containers":[{)"
            R"("image":"europe-west2-docker.pkg.dev/p/tidemill/tidemill:1","env":[{"name":"A","value":"b"}],)"
            R"("command":["tidemill","flow-run","execute"],"resources":{"limits":{"cpu":"1000m","memory":"512Mi"}}}],)"
            R"("maxRetries":0,"timeout":"900s","vpcAccess":{"connector":"c"}}},)"
            R"("labels":{"prefect-io-flow-run-id":"ab-1"}})");
}

TEST(CloudRunFields, APoolsVariablesBecomeTheDocumentedBody) {
  auto fields = ParseCloudRunFields("cloud-run-v2", R"({"image":"i","cpu":"2000m","memory":"1Gi","max_retries":1,
    "env":{"PREFECT_API_KEY":"plain"},"prefect_api_key_secret":{"secret":"s","version":"3"},
    "env_from_secrets":{"B":{"secret":"t"}},"service_account_name":"a@p","launch_stage":"BETA","timeout":86400})");
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->region, "us-central1");
  EXPECT_EQ(CloudRunJobBody(*fields),
            R"({"client":"tidemill","template":{"taskCount":1,"template":{"containers":[{"image":"i","env":[)"
            R"({"name":"B","valueSource":{"secretKeyRef":{"secret":"t","version":"latest"}}},)"
            R"({"name":"PREFECT_API_KEY","valueSource":{"secretKeyRef":{"secret":"s","version":"3"}}}],)"
            R"("resources":{"limits":{"cpu":"2000m","memory":"1Gi"}}}],)"
            R"("maxRetries":1,"timeout":"86400s","serviceAccount":"a@p"}},"launchStage":"BETA"})");
}

TEST(CloudRunFields, OverridesGiveABlockTheAccountThatItHasNoFieldFor) {
  auto fields = ParseCloudRunFields("cloud-run-job", R"({"image":"i","region":"r","service_account_name":"etl@p"})");
  ASSERT_TRUE(fields);
  EXPECT_NE(CloudRunJobBody(*fields).find(R"("serviceAccount":"etl@p")"), std::string::npos);
}

TEST(CloudRunFields, AVariableThatIsThereIsReplaced) {
  CloudRunFields fields{.region = "r", .image = "i"};
  for (const char* value : {"http://127.0.0.1:4200/api", "https://server.example/api"}) {
    SetVariable(fields, "PREFECT_API_URL", value);
  }
  EXPECT_THAT(fields.environment, ElementsAre(testing::Pair("PREFECT_API_URL", "https://server.example/api")));
}

TEST(CloudRunFields, NameTheFieldThatIsWrongAndNoSecret) {
  const auto wrong = [](std::string_view json) {
    const auto fields = ParseCloudRunFields("cloud-run-job", json);
    return fields ? std::string("none") : fields.error().ToText();
  };
  EXPECT_THAT(wrong(R"({"region":"r"})"), HasSubstr("image: expected"));
  EXPECT_THAT(wrong(R"({"image":"i"})"), HasSubstr("region: expected"));
  EXPECT_THAT(wrong(R"({"image":"i","region":"../x"})"), HasSubstr("region: expected"));
  EXPECT_THAT(wrong(R"({"image":"i","region":"r","memory":1})"), HasSubstr("memory: expected"));
  EXPECT_THAT(wrong(R"({"image":"i","region":"r","memory":1,"memory_unit":"KB"})"), HasSubstr("memory_unit: expected"));
  EXPECT_THAT(wrong(R"({"image":"i","region":"r","timeout":3601})"), HasSubstr("timeout: expected"));
  EXPECT_THAT(wrong(R"({"credentials":{"service_account_file":"f","service_account_info":"hush"}})"),
              testing::AllOf(HasSubstr("not both"), Not(HasSubstr("hush"))));
}

class CloudRun : public testing::Test, public CloudFixture {
 protected:
  CloudRun() { environment["GCE_METADATA_HOST"] = "127.0.0.1:9"; }

  CloudRunOrder Order() {
    CloudRunFields fields{.project = "p", .region = "europe-west2", .image = "i", .timeout_seconds = 60};
    return {
        .fields = fields, .name = "tidemill-1-0", .say = [this](std::string_view line) { said.emplace_back(line); }};
  }
  void AnswerToken() { Answer(200, R"({"access_token":"hush","expires_in":3600})"); }
  void AnswerStart() {
    AnswerToken();
    Answer(200, R"({"name":"projects/p/locations/europe-west2/operations/1"})");
    Answer(200, R"({"reconciling":true})");
    Answer(200, R"({"terminalCondition":{"type":"Ready","state":"CONDITION_SUCCEEDED"}})");
    Answer(
        200,
        R"({"name":"operations/2","metadata":{"name":"projects/p/locations/europe-west2/jobs/tidemill-1-0/executions/e1"}})");
  }
  void AnswerExecution(const std::string& state, const std::string& more = {}) {
    Answer(200, R"({"conditions":[{"type":"Completed","state":")" + state + "\"" + more + "}]}");
  }
  void AnswerLog(const std::string& entries = {}) { Answer(200, R"({"entries":[)" + entries + "]}"); }

  std::vector<std::string> Asked() const {
    std::vector<std::string> lines;
    for (const auto& request : client->requests) {
      const std::size_t path = request.url.find('/', 8);
      lines.push_back(request.method + " " + request.url.substr(path));
    }
    return lines;
  }
  std::vector<std::string> said;
};

TEST_F(CloudRun, CreatesRunsFollowsAndDeletes) {
  AnswerStart();
  AnswerExecution("CONDITION_RECONCILING");
  AnswerLog(R"({"insertId":"1","timestamp":"2026-01-01T00:00:01Z","textPayload":"hello"})");
  AnswerExecution("CONDITION_SUCCEEDED");
  AnswerLog(R"({"insertId":"1","timestamp":"2026-01-01T00:00:01Z","textPayload":"hello"},
               {"insertId":"2","timestamp":"2026-01-01T00:00:02Z","jsonPayload":{"message":"done"}})");
  for (int i = 0; i < 3; ++i) AnswerLog();
  Answer(200, "{}");
  auto job = CloudRunJob::Start(Order(), means());
  ASSERT_TRUE(job) << job.error().ToText();
  EXPECT_EQ((*job)->Wait().value(), 0);
  EXPECT_THAT(said, ElementsAre(HasSubstr("created from i"), "execution e1 started", "hello", "done"));
  const std::string path = "/v2/" + std::string(kJob);
  const std::string log = "POST /v2/entries:list";
  EXPECT_THAT(Asked(), ElementsAre("GET /computeMetadata/v1/instance/service-accounts/default/token",
                                   "POST /v2/projects/p/locations/europe-west2/jobs?jobId=tidemill-1-0", "GET " + path,
                                   "GET " + path, "POST " + path + ":run", "GET " + path + "/executions/e1", log,
                                   "GET " + path + "/executions/e1", log, log, log, log, "DELETE " + path));
  EXPECT_EQ(http::HeaderValue(client->requests[1].headers, "Authorization"), "Bearer hush");
}

TEST_F(CloudRun, TellsWhyItFailedAndTheExitCode) {
  AnswerStart();
  AnswerExecution("CONDITION_FAILED", R"(,"executionReason":"NON_ZERO_EXIT_CODE","message":"Task failed")");
  for (int i = 0; i < 4; ++i) AnswerLog();
  Answer(200, R"({"tasks":[{"lastAttemptResult":{"exitCode":3}}]})");
  auto order = Order();
  order.fields.keep_job = true;
  auto job = CloudRunJob::Start(std::move(order), means());
  ASSERT_TRUE(job);
  EXPECT_EQ((*job)->Wait().value(), 3);
  EXPECT_EQ(said.back(), "the execution failed, NON_ZERO_EXIT_CODE: Task failed");
  EXPECT_THAT(Asked().back(), HasSubstr("/executions/e1/tasks"));
}

TEST_F(CloudRun, IsCancelled) {
  AnswerStart();
  auto job = CloudRunJob::Start(Order(), means());
  ASSERT_TRUE(job);
  (*job)->Stop();
  Answer(200, "{}");
  AnswerExecution("CONDITION_FAILED", R"(,"executionReason":"CANCELLED")");
  for (int i = 0; i < 4; ++i) AnswerLog();
  Answer(200, "{}");
  EXPECT_EQ((*job)->Wait().value(), 143);
  EXPECT_THAT(Asked(), testing::Contains("POST /v2/" + std::string(kJob) + "/executions/e1:cancel"));
  EXPECT_THAT(Asked().back(), HasSubstr("DELETE "));
}

TEST_F(CloudRun, IsCancelledBeforeItIsReadyAndLeavesNothing) {
  AnswerToken();
  Answer(200, "{}");
  Answer(200, R"({"reconciling":true})");
  Answer(200, "{}");
  std::stop_source cancel;
  cancel.request_stop();
  auto order = Order();
  order.cancel = cancel.get_token();
  const auto job = CloudRunJob::Start(std::move(order), means());
  ASSERT_FALSE(job);
  EXPECT_EQ(job.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(Asked().back(), "DELETE /v2/" + std::string(kJob));
}

TEST_F(CloudRun, AJobThatDoesNotBecomeReadyIsDeleted) {
  AnswerToken();
  Answer(200, "{}");
  Answer(200, R"({"terminalCondition":{"state":"CONDITION_FAILED","message":"Image 'i' not found"}})");
  Answer(200, "{}");
  const auto job = CloudRunJob::Start(Order(), means());
  ASSERT_FALSE(job);
  EXPECT_THAT(job.error().message, HasSubstr("does not become ready: Image 'i' not found"));
  EXPECT_EQ(Asked().back(), "DELETE /v2/" + std::string(kJob));
}

TEST_F(CloudRun, ALostStartIsLookedForBeforeItIsRepeated) {
  AnswerToken();
  Answer(409);  // ours, of a create whose answer was lost
  Answer(200, R"({"terminalCondition":{"state":"CONDITION_SUCCEEDED"}})");
  Lose();
  Answer(200, R"({"latestCreatedExecution":{"name":"e9"}})");
  auto job = CloudRunJob::Start(Order(), means());
  ASSERT_TRUE(job) << job.error().ToText();
  EXPECT_THAT(said.back(), HasSubstr("execution e9"));
  EXPECT_EQ(client->requests.size(), 5);
}

TEST_F(CloudRun, TakesNoLongerThanItsTimeOut) {
  AnswerStart();
  for (int i = 0; i < 200; ++i) {
    AnswerExecution("CONDITION_RECONCILING");
    AnswerLog();
  }
  auto job = CloudRunJob::Start(Order(), means());
  ASSERT_TRUE(job);
  EXPECT_EQ((*job)->Wait().value(), 124);
  EXPECT_THAT(said.back(), HasSubstr("still going after its time-out"));
}

TEST_F(CloudRun, GoesOnWhereGoogleCannotBeReachedForAWhile) {
  AnswerStart();
  for (int i = 0; i < 2 * 8; ++i) Lose();  // two looks with all their repeats
  AnswerExecution("CONDITION_SUCCEEDED");
  for (int i = 0; i < 4; ++i) AnswerLog();
  Answer(200, "{}");
  auto job = CloudRunJob::Start(Order(), means());
  ASSERT_TRUE(job);
  EXPECT_EQ((*job)->Wait().value(), 0);
  EXPECT_EQ((*job)->reason(), "");
  EXPECT_EQ(std::count_if(said.begin(), said.end(),
                          [](const std::string& line) { return line.ends_with("; looking again"); }),
            1);
  EXPECT_EQ(Asked().back(), "DELETE /v2/" + std::string(kJob));
}

TEST_F(CloudRun, RefusesAServerOnThisMachineBeforeAnythingIsMade) {
  for (const char* url : {"http://127.0.0.1:4200/api", "http://localhost:4200/api", "http://[::1]:4200/api"}) {
    auto order = Order();
    order.fields.environment.emplace_back("PREFECT_API_URL", url);
    const auto job = CloudRunJob::Start(std::move(order), means());
    ASSERT_FALSE(job);
    EXPECT_EQ(job.error().code, ErrorCode::kInvalid);
  }
  EXPECT_TRUE(client->requests.empty());
}

TEST(CloudRunJobName, IsOfTheRunAndTheAttempt) {
  EXPECT_EQ(CloudRunJobName("0123abcd-ef01-2345-6789-abcdef012345", 2), "tidemill-0123abcdef01-2");
}

}  // namespace
}  // namespace tidemill::cloud
