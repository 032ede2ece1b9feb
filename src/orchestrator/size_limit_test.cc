// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/orchestrator/service.h"

#include "instant.h"

namespace tidemill::orchestrator {
namespace {

using ::testing::HasSubstr;

class SizeLimit : public ::testing::Test {
 protected:
  ~SizeLimit() override {
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Open(std::int64_t most_bytes) {
    service_.reset();
    auto opened = Service::Open(
        {.folder = folder_, .auth_string = {}, .secret_key = "k", .allowed_hosts = {}, .most_bytes = most_bytes},
        clock_, [this] { return ++number_ * 0x9E3779B97F4A7C15U; });
    ASSERT_TRUE(opened);
    service_ = *std::move(opened);
  }

  std::string Post(const std::string& path, const std::string& body) {
    return service_->Handle({.method = "POST", .target = path, .path = path, .query = {}, .fields = {}, .body = body})
        .body;
  }

  // Lines of 10 kB; the number tells them apart.
  void PostLog(int number) {
    const std::string line = "line " + std::to_string(number) + ";" + std::string(10'000, 'x');
    Post("/api/logs", R"([{"name": "l", "level": 20, "message": ")" + line + R"("}])");
  }

  void RunServices() {
    for (int i = 0; i < 100; ++i) {
      const auto more = service_->RunServices();
      ASSERT_TRUE(more);
      if (!*more) return;
    }
    FAIL() << "the services find no end";
  }

  const std::string folder_ = ::testing::TempDir() + "/size-limit-" + std::to_string(::getpid());
  base::testing::FakeClock clock_{*ParseInstant("2026-01-01T00:00:00Z")};
  std::uint64_t number_ = 0;
  std::unique_ptr<Service> service_;
};

TEST_F(SizeLimit, DeletesTheOldestLinesAndSaysSo) {
  constexpr std::int64_t kMost = 3 << 20;
  Open(kMost);
  for (int i = 0; i < 700; ++i) PostLog(i);
  RunServices();
  const std::string logs = Post("/api/logs/filter", R"({"sort": "TIMESTAMP_DESC", "limit": 1})");
  EXPECT_THAT(logs, HasSubstr("line 699;"));
  EXPECT_THAT(Post("/api/logs/filter", R"({"limit": 200})"), ::testing::Not(HasSubstr("line 0;")));
  EXPECT_THAT(Post("/api/events/filter", R"({"filter": {"event": {"name": ["tidemill.database.shortened"]}}})"),
              HasSubstr(R"("most_bytes":3145728)"));
  EXPECT_LT(std::filesystem::file_size(folder_ + "/orchestrator.db"), 9U << 20U);
}

TEST_F(SizeLimit, NothingIsDeletedWhereThereIsNone) {
  Open(0);
  for (int i = 0; i < 400; ++i) PostLog(i);
  RunServices();
  EXPECT_THAT(Post("/api/logs/filter", R"({"limit": 200, "sort": "TIMESTAMP_ASC"})"), HasSubstr("line 0;"));
}

}  // namespace
}  // namespace tidemill::orchestrator
