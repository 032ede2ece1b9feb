// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/orchestrator/service.h"

#include "instant.h"

// The conversations in tests/orchestrator/scenarios/, whose README says how they are written.
namespace tidemill::orchestrator {
namespace {

namespace json = boost::json;

class Conversation {
 public:
  Conversation() {
    std::filesystem::remove_all(folder_);
    auto opened = Service::Open({.folder = folder_, .auth_string = {}, .secret_key = "k", .allowed_hosts = {}}, clock_,
                                [this] { return ++number_ * 0x9E3779B97F4A7C15U; });
    EXPECT_TRUE(opened);
    service_ = *std::move(opened);
  }
  ~Conversation() {
    service_.reset();
    std::filesystem::remove_all(folder_);
  }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void Step(const json::object& step) {
    SCOPED_TRACE(json::serialize(step));
    if (const json::value* seconds = step.if_contains("pass")) {
      clock_.Advance(std::chrono::seconds(seconds->as_int64()));
      for (int i = 0; i < 100; ++i) {
        const auto more = service_->RunServices();
        ASSERT_TRUE(more) << more.error().message;
        if (!*more) return;
      }
      FAIL() << "the services find no end";
    }
    Ask(step);
  }

 private:
  void Ask(const json::object& step) {
    const std::string call = Filled(std::string(step.at("ask").as_string()));
    const std::string method = call.substr(0, call.find(' '));
    const std::string path = "/api" + call.substr(call.find(' ') + 1);
    const std::string body = step.contains("body") ? Filled(json::serialize(step.at("body"))) : "";
    const http::Response response =
        service_->Handle({.method = method, .target = path, .path = path, .query = {}, .fields = {}, .body = body});
    const std::int64_t status = step.contains("status") ? step.at("status").as_int64() : 200;
    ASSERT_EQ(response.status, status) << response.body;
    if (step.contains("answer")) Match(step.at("answer"), json::parse(response.body), response.body);
  }

  // What is expected must be there; a text "$name" takes what is there the first time.
  void Match(const json::value& expected, const json::value& got, const std::string& whole) {
    if (expected.is_object() && got.is_object()) {
      for (const auto& [key, value] : expected.get_object()) {
        ASSERT_TRUE(got.get_object().contains(key)) << key << " in " << whole;
        Match(value, got.get_object().at(key), whole);
      }
    } else if (expected.is_array() && got.is_array()) {
      ASSERT_EQ(got.get_array().size(), expected.get_array().size()) << whole;
      for (std::size_t i = 0; i < expected.get_array().size(); ++i) {
        Match(expected.get_array()[i], got.get_array()[i], whole);
      }
    } else if (expected.is_string() && expected.get_string().starts_with("$") &&
               !names_.contains(std::string(expected.get_string()))) {
      names_[std::string(expected.get_string())] =
          got.is_string() ? std::string(got.get_string()) : json::serialize(got);
    } else if (expected.is_string()) {
      ASSERT_EQ(json::value(Filled(std::string(expected.get_string()))), got) << whole;
    } else {
      ASSERT_EQ(expected, got) << whole;
    }
  }

  std::string Filled(std::string text) const {
    for (const auto& [name, value] : names_) {
      for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
        text.replace(at, name.size(), value);
      }
    }
    return text;
  }

  const std::string folder_ = ::testing::TempDir() + "/scenario-" + std::to_string(::getpid());
  base::testing::FakeClock clock_{*ParseInstant("2026-01-01T00:00:00Z")};
  std::uint64_t number_ = 0;
  std::unique_ptr<Service> service_;
  std::map<std::string, std::string> names_;
};

TEST(Scenarios, GoAsTheyAreWritten) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TIDEMILL_SOURCE_DIR "/tests/orchestrator/scenarios")) {
    if (entry.path().extension() != ".jsonl") continue;
    SCOPED_TRACE(entry.path().filename().string());
    ++count;
    Conversation conversation;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      if (line.empty() || line.front() == '#') continue;
      conversation.Step(json::parse(line).as_object());
      if (::testing::Test::HasFatalFailure()) break;
    }
  }
  EXPECT_GT(count, 0U);
}

}  // namespace
}  // namespace tidemill::orchestrator
