// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/base/text.h"
#include "tidemill/orchestrator/service.h"

#include "instant.h"
#include "schedule.h"

// The tables in tests/orchestrator/, whose README says what their columns mean.
namespace tidemill::orchestrator {
namespace {

namespace json = boost::json;

std::vector<std::vector<std::string>> Table(const std::string& name) {
  std::ifstream file(std::string(TIDEMILL_SOURCE_DIR) + "/tests/orchestrator/" + name);
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    auto& cells = lines.emplace_back();
    for (const std::string_view cell : base::Split(line, '\t')) cells.emplace_back(cell);
  }
  return lines;
}

std::string Shown(const std::vector<base::Time>& times) {
  std::string text;
  for (const base::Time time : times) text += InstantText(time) + " ";
  return text;
}

void ExpectInstants(json::object schedule, const std::string& from, const std::string& expected,
                    const std::string& line) {
  const auto parsed = ParseSchedule(schedule, *ParseInstant(from));
  if (expected == "refused") {
    ASSERT_FALSE(parsed) << line;
    EXPECT_EQ(parsed.error().answer.status, 422) << line;
    return;
  }
  ASSERT_TRUE(parsed) << line << parsed.error().answer.body;
  std::vector<base::Time> times;
  for (const std::string_view time : base::Split(expected, ' ')) times.push_back(*ParseInstant(time));
  EXPECT_EQ(Shown((*parsed)->Next(*ParseInstant(from), times.size())), Shown(times)) << line;
}

TEST(Tables, CronFiresWhenCroniterSays) {
  const auto lines = Table("cron.tsv");
  ASSERT_FALSE(lines.empty());
  for (const auto& line : lines) {
    ASSERT_EQ(line.size(), 5U) << line[0];
    ExpectInstants({{"cron", line[0]}, {"timezone", line[1]}, {"day_or", line[2] == "true"}}, line[3], line[4],
                   line[0]);
  }
}

TEST(Tables, IntervalsKeepTheirHourOrTheirLength) {
  const auto lines = Table("interval.tsv");
  ASSERT_FALSE(lines.empty());
  for (const auto& line : lines) {
    ASSERT_EQ(line.size(), 5U) << line[0];
    ExpectInstants({{"interval", *base::ParseDouble(line[0])}, {"anchor_date", line[1]}, {"timezone", line[2]}},
                   line[3], line[4], line[0]);
  }
}

class Transitions : public ::testing::Test {
 protected:
  Transitions() {
    auto opened = Service::Open({.folder = folder_, .auth_string = {}, .secret_key = "k", .allowed_hosts = {}}, clock_,
                                [this] { return ++number_ * 0x9E3779B97F4A7C15U; });
    EXPECT_TRUE(opened);
    service_ = *std::move(opened);
    flow_ = Post("/api/flows", {{"name", "f"}}, 201).at("id").as_string().c_str();
  }
  ~Transitions() override {
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  json::object Post(const std::string& path, const json::object& body, int status) {
    const std::string text = json::serialize(body);
    const http::Response response =
        service_->Handle({.method = "POST", .target = path, .path = path, .query = {}, .fields = {}, .body = text});
    EXPECT_EQ(response.status, status) << path << text << response.body;
    return json::parse(response.body).as_object();
  }

  // "SCHEDULED+50", "PENDING/Submitting", "RUNNING!"
  json::object Propose(const std::string& run, std::string text, int status) {
    json::object state;
    const bool force = text.ends_with('!');
    if (force) text.pop_back();
    if (const std::size_t plus = text.find('+'); plus != std::string::npos) {
      const auto at = clock_.Now() + std::chrono::seconds(*base::ParseInt(text.substr(plus + 1)));
      state["state_details"] = json::object{{"scheduled_time", InstantText(at)}};
      text.resize(plus);
    }
    if (const std::size_t slash = text.find('/'); slash != std::string::npos) {
      state["name"] = text.substr(slash + 1);
      text.resize(slash);
    }
    state["type"] = text;
    return Post("/api/flow_runs/" + run + "/set_state", {{"state", state}, {"force", force}}, status);
  }

  const std::string folder_ = ::testing::TempDir() + "/orchestrator-" + std::to_string(::getpid());
  base::testing::FakeClock clock_{*ParseInstant("2026-01-01T00:00:00Z")};
  std::uint64_t number_ = 0;
  std::unique_ptr<Service> service_;
  std::string flow_;
};

TEST_F(Transitions, AreThoseOfTheTable) {
  const auto lines = Table("transitions.tsv");
  ASSERT_FALSE(lines.empty());
  for (const auto& line : lines) {
    ASSERT_EQ(line.size(), 6U) << line[0];
    SCOPED_TRACE(line[0] + " -> " + line[2]);
    const json::object made =
        Post("/api/flow_runs",
             {{"flow_id", flow_},
              {"empirical_policy", json::object{{"retries", *base::ParseInt(line[1])}, {"retry_delay", 0}}}},
             201);
    const std::string run = made.at("id").as_string().c_str();
    for (const std::string_view before : base::Split(line[0], ' ')) Propose(run, std::string(before), 201);
    const json::object answer = Propose(run, line[2], static_cast<int>(*base::ParseInt(line[3])));
    EXPECT_EQ(answer.at("status"), json::value(line[4]));
    const json::value& state = answer.at("state");
    EXPECT_EQ(state.is_null() ? std::string("-") : std::string(state.at("name").as_string().c_str()), line[5]);
  }
}

}  // namespace
}  // namespace tidemill::orchestrator
