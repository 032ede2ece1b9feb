// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/stream.h"

#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/http/server.h"
#include "tidemill/http/web_socket.h"

namespace tidemill::prefect {
namespace {

using base::ErrorCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::chrono::sys_days kToday = std::chrono::year(2026) / 11 / 29;

// What each connection tells, one after the other, and what clients have said.
struct Script {
  std::mutex mutex;
  std::vector<std::vector<std::string>> connections;  // ids of events; then the connection is closed
  std::vector<std::string> heard;
};

class Teller final : public http::WebSocketListener {
 public:
  explicit Teller(Script& script) : script_(script) {}
  void OnOpen(std::shared_ptr<http::WebSocket> socket) override { socket_ = std::move(socket); }
  void OnTexts(std::vector<std::string> texts) override {
    const std::lock_guard lock(script_.mutex);
    for (const std::string& text : texts) {
      const json::value message = *ParseJson(text, "message");
      if (TextIn(message, "type") == "auth") {
        if (TextIn(message, "token") == "wrong") return socket_->Close(1008, "Invalid token");
        socket_->Send(R"({"type":"auth_success"})");
        continue;
      }
      script_.heard.push_back(TextIn(message, "filter.occurred.since"));
      if (script_.connections.empty()) return;
      for (const std::string& id : script_.connections.front()) {
        socket_->Send(fmt::format(R"({{"type":"event","event":{{"id":"{}","occurred":"2026-11-29T00:10:00Z"}}}})", id));
      }
      script_.connections.erase(script_.connections.begin());
      socket_->Close(1011, "gone");
    }
  }

 private:
  Script& script_;
  std::shared_ptr<http::WebSocket> socket_;
};

class EventStreamTest : public ::testing::Test {
 protected:
  EventStreamTest() {
    http::ServerOptions options;
    options.port = 0;
    options.linger = std::chrono::milliseconds(20);
    http::ServerHandlers handlers;
    handlers.handle = [this](const http::Request& request) -> http::Response {
      if (!http::AsksForWebSocket(request)) return {.status = 404, .headers = {}, .body = "", .shared = {}};
      return http::OpenWebSocket(request, std::make_shared<Teller>(script_), "prefect");
    };
    server_ = *http::Server::Start(options, handlers, clock_);
    settings_.url = fmt::format("http://127.0.0.1:{}/api", server_->port());
  }

  Script script_;
  base::testing::FakeClock clock_{kToday};
  ApiSettings settings_;
  std::unique_ptr<http::Server> server_;
};

TEST_F(EventStreamTest, ALostConnectionIsOpenedAgainAndNothingComesTwice) {
  script_.connections = {{"a", "b"}, {"b", "c"}};
  EventStream events(settings_, clock_);
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    const auto event = events.Next({});
    ASSERT_TRUE(event) << event.error().ToText();
    ids.push_back(TextIn(*event, "id"));
  }
  EXPECT_THAT(ids, ElementsAre("a", "b", "c"));
  const std::lock_guard lock(script_.mutex);
  // A minute before the beginning; then a minute before the last event.
  EXPECT_THAT(script_.heard, ElementsAre(HasSubstr("2026-11-28T23:59:00"), HasSubstr("2026-11-29T00:09:00")));
}

TEST_F(EventStreamTest, WhoIsNotLetInIsToldAtOnce) {
  settings_.auth_string = "wrong";
  EventStream events(settings_, clock_);
  const auto event = events.Next({});
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(event.error().message, HasSubstr("Invalid token"));
}

TEST_F(EventStreamTest, AServerWithoutAStreamIsToldAtOnce) {
  settings_.url = "http://127.0.0.1:1/api";
  EventStream events(settings_, clock_);
  EXPECT_EQ(events.Next({}).error().code, ErrorCode::kUnavailable);
}

TEST(SeenTest, ForgetsTheOldest) {
  Seen seen;
  EXPECT_TRUE(seen.Add("first"));
  EXPECT_FALSE(seen.Add("first"));
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(seen.Add(std::to_string(i)));
  EXPECT_TRUE(seen.Add("first"));
}

}  // namespace
}  // namespace tidemill::prefect
