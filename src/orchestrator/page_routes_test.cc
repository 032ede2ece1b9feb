// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/base/text.h"
#include "tidemill/db/testing/statement_trace.h"
#include "tidemill/orchestrator/service.h"

#include "instant.h"

// The requests of tables in tests/orchestrator/, one after the other, against one server.
namespace tidemill::orchestrator {
namespace {

namespace json = boost::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::vector<std::string>> Lines(const std::string& table) {
  std::ifstream file(std::string(TIDEMILL_SOURCE_DIR) + "/tests/orchestrator/" + table);
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    auto& cells = lines.emplace_back();
    for (const std::string_view cell : base::Split(line, '\t')) cells.emplace_back(cell);
    cells.resize(6);
  }
  return lines;
}

void ExpectTexts(const std::string& texts, const std::string& body) {
  if (texts.empty()) return;
  for (const std::string_view part : base::Split(texts, '|')) {
    const std::string text(base::Trim(part));
    if (text.starts_with('!')) {
      EXPECT_THAT(body, Not(HasSubstr(text.substr(1))));
    } else {
      EXPECT_THAT(body, HasSubstr(text));
    }
  }
}

const std::vector<std::string> kGrowing{"flow_run", "task_run", "run_state", "log", "event", "artifact", "task_cache"};

class PageRoutes : public ::testing::Test {
 protected:
  PageRoutes() {
    auto opened = Service::Open({.folder = folder_, .auth_string = {}, .secret_key = "k", .allowed_hosts = {}}, clock_,
                                [this] { return ++number_ * 0x9E3779B97F4A7C15U; });
    EXPECT_TRUE(opened);
    service_ = *std::move(opened);
  }
  ~PageRoutes() override {
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  // "{run}" is the id of what was kept under that name.
  std::string Filled(std::string text) const {
    for (const auto& [name, id] : kept_) {
      const std::string mark = "{" + name + "}";
      for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at))
        text.replace(at, mark.size(), id);
    }
    return text;
  }

  http::Response Ask(const std::string& method, const std::string& target, const std::string& body) {
    const std::size_t mark = std::min(target.find('?'), target.size());
    const std::string path = target.substr(0, mark);
    const std::string query = target.substr(std::min(mark + 1, target.size()));
    return service_->Handle(
        {.method = method, .target = target, .path = path, .query = query, .fields = {}, .body = body});
  }

  void Keep(const std::string& name, const http::Response& response) {
    if (name.empty()) return;
    const json::object answer = json::parse(response.body).as_object();
    kept_[name] = answer.at("id").as_string().c_str();
  }

  void RunTable(const std::string& table) {
    const auto lines = Lines(table);
    ASSERT_FALSE(lines.empty());
    for (const auto& line : lines) {
      if (line[0] == "WAIT") {
        clock_.Advance(std::chrono::seconds(*base::ParseInt(line[1])));
        ASSERT_TRUE(service_->RunServices());
        continue;
      }
      SCOPED_TRACE(line[0] + " " + line[1] + " " + line[2]);
      const http::Response response = Ask(line[0], "/api" + Filled(line[1]), Filled(line[2]));
      ASSERT_EQ(std::to_string(response.status), line[3]) << response.body;
      ExpectTexts(Filled(line[4]), response.body);
      Keep(line[5], response);
    }
  }

  const std::string folder_ = ::testing::TempDir() + "/page-routes-" + std::to_string(::getpid());
  base::testing::FakeClock clock_{*ParseInstant("2026-01-01T00:00:00Z")};
  std::uint64_t number_ = 0;
  db::testing::StatementTrace trace_;
  std::unique_ptr<Service> service_;
  std::map<std::string, std::string> kept_;
};

TEST_F(PageRoutes, AnswerAsTheTableSays) {
  RunTable("pages.tsv");
}

// Tables that grow without end: what asks for them must find its rows through an index.
TEST_F(PageRoutes, ReadNoGrowingTableFromBeginToEnd) {
  RunTable("pages.tsv");
  RunTable("plans.tsv");
  const auto connection = db::Connection::Open(folder_ + "/orchestrator.db", db::OpenMode::kReadOnly);
  ASSERT_TRUE(connection);
  const std::vector<std::string> statements = trace_.Statements();
  ASSERT_GT(statements.size(), 100U);
  ASSERT_THAT(*db::testing::TablesScanned(**connection, "SELECT name FROM flow_run WHERE run_count = 1"),
              Contains("flow_run"));
  for (const std::string& statement : statements) {
    if (statement.starts_with("CREATE ")) continue;  // of a migration, which reads all there is once
    const auto tables = db::testing::TablesScanned(**connection, statement);
    if (!tables) continue;  // a pragma, or of a migration: what it drops is gone
    for (const std::string& table : *tables) EXPECT_THAT(kGrowing, Not(Contains(table))) << statement;
  }
}

}  // namespace
}  // namespace tidemill::orchestrator
