// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/db/connection.h"
#include "tidemill/orchestrator/service.h"

#include "instant.h"

namespace tidemill::orchestrator {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::string_view kFlow = "11111111-1111-4111-8111-111111111111";

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

  std::unique_ptr<db::Connection> Database() {
    return db::Connection::Open(folder_ + "/orchestrator.db", db::OpenMode::kReadWrite).value();
  }

  const std::string folder_ = ::testing::TempDir() + "/planning-" + std::to_string(::getpid());
  base::testing::FakeClock clock_{*ParseInstant("2026-01-01T00:00:00Z")};
  std::uint64_t number_ = 0;
  std::unique_ptr<Service> service_;
};

TEST_F(Planning, KeepsOfAStateWhatIsUnusualAndTellsAll) {
  Open({});
  const std::string flow = Ask("POST", "/api/flows/", R"({"name": "f"})");
  const std::string id = flow.substr(flow.find(R"("id":")") + 6, kFlow.size());
  const std::string made = Ask("POST", "/api/flow_runs/", fmt::format(R"({{"flow_id": "{}", "state": {{"type": "PAUSED",
      "state_details": {{"pause_key": "k", "deferred": null, "cache_key": null, "own": null}}}}}})",
                                                                      id));
  EXPECT_THAT(made, AllOf(HasSubstr(R"("task_run_id":null)"), HasSubstr(R"("deferred":null)"),
                          HasSubstr(R"("pause_reschedule":false,"pause_key":"k")"), HasSubstr(R"("own":null})")));
  const auto kept = Database()->Query("SELECT details FROM run_state").value();
  EXPECT_THAT(db::TextOf(kept.at(0).at(0)),
              AllOf(HasSubstr(R"("deferred":null)"), HasSubstr(R"("pause_key":"k")"), HasSubstr(R"("own":null)"),
                    Not(HasSubstr("cache_key")), Not(HasSubstr("pause_reschedule"))));
}

}  // namespace
}  // namespace tidemill::orchestrator
