// SPDX-License-Identifier: Apache-2.0
// Runs the scenarios of tests/api (format: its README.md) through Service, without sockets.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/text.h"

#include "service_fixture.h"

namespace tidemill::data_api {
namespace {

using ::testing::HasSubstr;

struct Scenario {
  std::string name, method, target;
  std::vector<std::pair<std::string, std::string>> request_fields, answer_fields;
  int status = 0;
  std::optional<std::string> whole_body;
  std::vector<std::string> body_parts;
};

std::pair<std::string, std::string> FieldOf(std::string_view line) {
  const std::size_t colon = line.find(':');
  return {std::string(line.substr(0, colon)), std::string(base::Trim(line.substr(colon + 1)))};
}

void ReadAnswerLine(Scenario& scenario, const std::string& line) {
  if (line.starts_with("=")) {
    scenario.whole_body = line.size() > 2 ? line.substr(2) : "";
  } else if (line.starts_with("~ ")) {
    scenario.body_parts.push_back(line.substr(2));
  } else if (scenario.status == 0) {
    scenario.status = std::stoi(line);
  } else {
    scenario.answer_fields.push_back(FieldOf(line));
  }
}

std::vector<Scenario> ReadScenarios(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<Scenario> scenarios;
  bool in_answer = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("### ")) {
      scenarios.push_back({});
      scenarios.back().name = line.substr(4);
      in_answer = false;
    } else if (line.empty()) {
      in_answer = true;
    } else if (in_answer) {
      ReadAnswerLine(scenarios.back(), line);
    } else if (scenarios.back().method.empty()) {
      const std::size_t blank = line.find(' ');
      scenarios.back().method = line.substr(0, blank);
      scenarios.back().target = line.substr(blank + 1);
    } else {
      scenarios.back().request_fields.push_back(FieldOf(line));
    }
  }
  return scenarios;
}

http::Request RequestOf(const Scenario& scenario) {
  const std::string_view target = scenario.target;
  const std::size_t mark = std::min(target.find('?'), target.size());
  http::Request request{.method = scenario.method,
                        .target = target,
                        .path = target.substr(0, mark),
                        .query = target.substr(std::min(mark + 1, target.size())),
                        .fields = {}};
  for (const auto& [name, value] : scenario.request_fields) request.fields.push_back({name, value});
  return request;
}

void Check(const Scenario& scenario, const http::Response& response) {
  SCOPED_TRACE(scenario.method + " " + scenario.target + " (" + scenario.name + ")");
  EXPECT_EQ(response.status, scenario.status) << response.body;
  const std::string body(response.body.empty() ? response.shared.bytes : response.body);
  for (const auto& [name, value] : scenario.answer_fields) {
    const std::string have = testing::HeaderOf(response, name);
    if (value.empty()) {
      EXPECT_EQ(have, "") << name;
    } else {
      EXPECT_THAT(have, HasSubstr(value)) << name;
    }
  }
  if (scenario.whole_body) {
    EXPECT_EQ(base::Trim(body), *scenario.whole_body);
  }
  for (const auto& part : scenario.body_parts) EXPECT_THAT(body, HasSubstr(part));
}

// What lies ready must be what would be made: the same status, fields and body.
void CompareWithPrepared(const http::Request& request, const Service& service, const http::Response& response) {
  http::Prepared prepared;
  if (!service.HandleFast(request, prepared)) return;
  EXPECT_EQ(prepared.status, response.status);
  const std::string_view body = response.body.empty() ? response.shared.bytes : response.body;
  EXPECT_EQ(prepared.body, response.status == 304 ? std::string_view() : body);  // the server leaves it away
  std::string fields(prepared.fields);
  fields += prepared.more_fields;
  if (prepared.status != 304) fields += prepared.body_fields;
  std::string expected;
  for (const auto& [name, value] : response.headers) expected += name + ": " + value + "\r\n";
  EXPECT_EQ(fields, expected);
}

// Three versions: one revises, adds and removes, one only adds.
void PublishMore(testing::ServiceFixture& fixture) {
  fixture.clock().Advance(std::chrono::days(30));
  fixture.Publish(
      "deaths_monthly",
      {{"E08000007", "2018-01", 267.0F}, {"E08000007", "2018-02", 250.0F, "r"}, {"E08000007", "2018-03", 240.0F, "p"}},
      "2018-05-18");
  fixture.clock().Advance(std::chrono::days(30));
  fixture.Publish("deaths_monthly",
                  {{"E08000007", "2018-01", 267.0F},
                   {"E08000007", "2018-02", 250.0F, "r"},
                   {"E08000007", "2018-03", 240.0F, "p"},
                   {"E08000008", "2018-03", 90.0F}},
                  "2018-06-18");
  fixture.service().Poll();
}

class Scenarios : public ::testing::TestWithParam<std::string> {};

TEST_P(Scenarios, AreAnsweredAsWritten) {
  testing::ServiceFixture fixture;
  if (GetParam() == "vintages.http") PublishMore(fixture);
  std::string etag;
  std::string location;
  const auto scenarios = ReadScenarios(std::filesystem::path(TIDEMILL_SOURCE_DIR) / "tests/api" / GetParam());
  ASSERT_FALSE(scenarios.empty());
  for (Scenario scenario : scenarios) {
    for (auto& [name, value] : scenario.request_fields) {
      if (const auto at = value.find("{etag}"); at != std::string::npos) value.replace(at, 6, etag);
    }
    if (scenario.target == "{location}") scenario.target = location;
    const http::Request request = RequestOf(scenario);
    const http::Response response = fixture.service().Handle(request);
    Check(scenario, response);
    fixture.service().Handle(request);  // what is asked for again is kept
    CompareWithPrepared(request, fixture.service(), response);
    etag = testing::HeaderOf(response, "ETag");
    if (auto next = testing::HeaderOf(response, "Location"); !next.empty()) location = std::move(next);
  }
}

INSTANTIATE_TEST_SUITE_P(Api, Scenarios,
                         ::testing::Values("seed.http", "datasets.http", "operations.http", "files.http",
                                           "formats.http", "data.http", "series.http", "vintages.http",
                                           "transform.http", "wide.http", "fred.http", "changes.http", "sdmx.http"),
                         [](const auto& file) { return file.param.substr(0, file.param.find('.')); });

}  // namespace
}  // namespace tidemill::data_api
