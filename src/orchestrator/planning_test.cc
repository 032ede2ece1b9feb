// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/db/connection.h"
#include "tidemill/db/migrate.h"
#include "tidemill/orchestrator/service.h"

#include "instant.h"

namespace tidemill::orchestrator {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::string_view kFlow = "11111111-1111-4111-8111-111111111111";
constexpr std::string_view kRun = "22222222-2222-4222-8222-222222222222";
constexpr std::string_view kState = "33333333-3333-4333-8333-333333333333";

class Planning : public ::testing::Test {
 protected:
  Planning() { std::filesystem::create_directories(folder_); }
  ~Planning() override {
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  // Each number that is drawn takes `each`, so that work takes time.
  void Open(base::Duration each) {
    service_ = Service::Open({.folder = folder_, .auth_string = {}, .secret_key = "k", .allowed_hosts = {}}, clock_,
                             [this, each] {
                               clock_.Advance(each);
                               return ++number_ * 0x9E3779B97F4A7C15U;
                             })
                   .value();
  }

  std::string Ask(const std::string& method, const std::string& path, const std::string& body) {
    return service_->Handle({.method = method, .target = path, .path = path, .query = {}, .fields = {}, .body = body})
        .body;
  }

  std::string Planned() {
    return Ask("POST", "/api/flow_runs/count", R"({"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}})");
  }

  std::unique_ptr<db::Connection> Database() {
    return db::Connection::Open(folder_ + "/orchestrator.db", db::OpenMode::kReadWrite).value();
  }

  const std::string folder_ = ::testing::TempDir() + "/planning-" + std::to_string(::getpid());
  base::testing::FakeClock clock_{*ParseInstant("2026-01-01T00:00:00Z")};
  std::uint64_t number_ = 0;
  std::unique_ptr<Service> service_;
};

TEST_F(Planning, EndsARoundThatHadItsTimeAndGoesOnInTheNext) {
  Open(std::chrono::microseconds(500));  // a run takes some of them, an hour of runs longer than a round may
  const std::string flow = Ask("POST", "/api/flows/", R"({"name": "f"})");
  const std::string id = flow.substr(flow.find(R"("id":")") + 6, kFlow.size());
  for (int i = 0; i < 10; ++i) {
    Ask("POST", "/api/deployments/",
        fmt::format(R"({{"flow_id": "{}", "name": "d{}", "schedules": [{{"schedule": {{"cron": "* * * * *"}}}}]}})", id,
                    i));
  }
  EXPECT_EQ(Planned(), "30");
  int rounds = 0;
  for (bool more = true; more && rounds < 100; ++rounds) more = service_->RunServices().value();
  EXPECT_EQ(rounds, 11);  // one deployment each; the last finds none
  EXPECT_EQ(Planned(), "600");
}

TEST_F(Planning, KeepsOfAStateWhatIsUnusualAndTellsAll) {
  Open({});
  const std::string flow = Ask("POST", "/api/flows/", R"({"name": "f"})");
  const std::string id = flow.substr(flow.find(R"("id":")") + 6, kFlow.size());
  const std::string made = Ask("POST", "/api/flow_runs/",
                               fmt::format(R"({{"flow_id": "{}", "state": {{"type": "PAUSED",
      "state_details": {{"pause_key": "k", "deferred": null, "cache_key": null, "own": null}}}}}})",
                                           id));
  EXPECT_THAT(made, AllOf(HasSubstr(R"("task_run_id":null)"), HasSubstr(R"("deferred":null)"),
                          HasSubstr(R"("pause_reschedule":false,"pause_key":"k")"), HasSubstr(R"("own":null})")));
  const auto kept = Database()->Query("SELECT details FROM run_state").value();
  EXPECT_THAT(db::TextOf(kept.at(0).at(0)),
              AllOf(HasSubstr(R"("deferred":null)"), HasSubstr(R"("pause_key":"k")"), HasSubstr(R"("own":null)"),
                    Not(HasSubstr("cache_key")), Not(HasSubstr("pause_reschedule"))));
}

// A database as it was before planned runs stood in fewer indices, and states were kept with all that is null in them.
TEST_F(Planning, ListsWhatAnOlderServerPlanned) {
  std::vector<std::string> texts;
  for (int number = 1; number <= 6; ++number) {
    std::ifstream file(fmt::format("{}/src/orchestrator/migrations/{:04}.sql", TIDEMILL_SOURCE_DIR, number));
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  {
    const auto old = Database();
    ASSERT_TRUE(db::Migrate(*old, std::vector<std::string_view>(texts.begin(), texts.end())));
    const std::int64_t due = Micros(clock_.Now() + std::chrono::minutes(1));
    ASSERT_TRUE(old->Script(fmt::format(
        "INSERT INTO flow VALUES('{0}', 0, 0, 'f', '[]', '{{}}'); INSERT INTO flow_run(id, created, updated, flow_id, "
        "name, state_id, state_type, state_name, state_at, run_count, parameters, context, labels, tags, policy, "
        "auto_scheduled, job_variables, expected_start, next_start, total_run) VALUES('{1}', 0, 0, '{0}', 'planned', "
        "'{2}', 'SCHEDULED', 'Scheduled', 0, 0, '{{}}', '{{}}', '{{}}', '[]', '{{}}', 1, '{{}}', {3}, {3}, 0); INSERT "
        "INTO run_state(id, run_id, type, name, at, details) VALUES('{2}', '{1}', 'SCHEDULED', 'Scheduled', 0, "
        "'{{\"flow_run_id\":\"{1}\",\"task_run_id\":null,\"deferred\":false}}')",
        kFlow, kRun, kState, due)));
  }
  Open({});
  const http::Response list = service_->Handle({.method = "GET",
                                                .target = "/api/pages/runs?upcoming=true",
                                                .path = "/api/pages/runs",
                                                .query = "upcoming=true",
                                                .fields = {},
                                                .body = {}});
  EXPECT_THAT(list.body, HasSubstr(R"("name":"planned")"));
  EXPECT_THAT(Ask("GET", fmt::format("/api/flow_run_states/{}", kState), ""),
              HasSubstr(fmt::format(R"("state_details":{{"flow_run_id":"{}","task_run_id":null,)", kRun)));
}

}  // namespace
}  // namespace tidemill::orchestrator
