// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/db/connection.h"
#include "tidemill/orchestrator/service.h"

#include "instant.h"

namespace tidemill::orchestrator {
namespace {

using ::testing::HasSubstr;

class Services : public ::testing::Test {
 protected:
  Services() {
    service_ =
        Service::Open({.folder = folder_, .auth_string = {}, .secret_key = "k", .allowed_hosts = {}}, clock_, [this] {
          return ++number_;
        }).value();
    auto connection = db::Connection::Open(folder_ + "/orchestrator.db", db::OpenMode::kReadWrite).value();
    EXPECT_TRUE(connection->Script("DROP TABLE lease; DROP TABLE outgoing"));
  }
  ~Services() override {
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  const std::string folder_ = ::testing::TempDir() + "/services-" + std::to_string(::getpid());
  base::testing::FakeClock clock_{*ParseInstant("2026-01-01T00:00:00Z")};
  std::uint64_t number_ = 0;
  std::unique_ptr<Service> service_;
};

TEST_F(Services, NameEachThatFailsAndItsCause) {
  const auto more = service_->RunServices();
  ASSERT_FALSE(more);
  EXPECT_THAT(more.error().message, HasSubstr("the end of leases: "));
  EXPECT_THAT(more.error().message, HasSubstr("no such table: lease"));
  EXPECT_THAT(more.error().message, HasSubstr("the outbox: "));
}

TEST_F(Services, ComplainWhileTheyRun) {
  std::promise<std::string> said;
  bool first = true;
  ASSERT_TRUE(service_->StartServices([&](const base::Error& error) {
    if (std::exchange(first, false)) said.set_value(error.message);
  }));
  EXPECT_THAT(said.get_future().get(), HasSubstr("no such table: outgoing"));
  service_.reset();
}

}  // namespace
}  // namespace tidemill::orchestrator
