// SPDX-License-Identifier: Apache-2.0
#include <array>
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

// The database's file is not where it was; what has it open goes on.
TEST(LogOfTheDatabase, IsToldOnceWhenItCannotBeWrittenBackAndOnceWhenItCan) {
  const std::string folder = ::testing::TempDir() + "/log-told-" + std::to_string(::getpid());
  const std::string file = folder + "/orchestrator.db";
  base::testing::FakeClock clock{*ParseInstant("2026-01-01T00:00:00Z")};
  std::uint64_t number = 0;
  auto service =
      Service::Open({.folder = folder, .auth_string = {}, .secret_key = "k", .allowed_hosts = {}}, clock, [&] {
        return ++number * 0x9E3779B97F4A7C15U;
      }).value();
  const auto ask = [&](std::string_view method, std::string_view path, std::string_view body) {
    return service->Handle({.method = method, .target = path, .path = path, .query = {}, .fields = {}, .body = body})
        .body;
  };
  const std::string megabyte(1 << 20, 'x');
  constexpr int kMostMade = 1000;
  int made = 0;
  const auto grow_until = [&](std::string_view told) {
    while (ask("GET", "/api/pages/settings", "").find(told) == std::string::npos && made < kMostMade) {
      ++made;
      ask("POST", "/api/artifacts/", R"({"type":"markdown","data":")" + megabyte + R"("})");
    }
  };
  std::array<std::promise<std::string>, 2> said;
  std::size_t times = 0;
  ASSERT_TRUE(service->StartServices([&](const base::Error& error) {
    if (times < said.size()) said.at(times++).set_value(error.message);
  }));
  EXPECT_THAT(ask("GET", "/api/pages/settings", ""),
              HasSubstr(R"("name":"the writing back of the log","every_seconds":0,"ran":null,"problem":"")"));
  std::filesystem::rename(file, file + ".away");
  std::filesystem::create_directory(file);
  grow_until("orchestrator.db:");
  ASSERT_LT(made, kMostMade);
  EXPECT_THAT(said[0].get_future().get(), HasSubstr("the database's log cannot be written back, so it grows: "));
  std::filesystem::remove(file);
  std::filesystem::rename(file + ".away", file);
  grow_until(R"("the writing back of the log","every_seconds":0,"ran":null,"problem":"")");
  ASSERT_LT(made, kMostMade);
  EXPECT_EQ(said[1].get_future().get(), "the database's log is written back again");
  service.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tidemill::orchestrator
