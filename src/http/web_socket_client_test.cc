// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/web_socket_client.h"

#include <array>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/http/server.h"
#include "tidemill/http/web_socket.h"

namespace tidemill::http {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr milliseconds kLong(20'000);

// Says "hello", echoes what it is told; "end" makes it end with the code behind it.
class Echoing final : public WebSocketListener {
 public:
  void OnOpen(std::shared_ptr<WebSocket> socket) override {
    socket_ = std::move(socket);
    socket_->Send("hello");
  }
  void OnTexts(std::vector<std::string> texts) override {
    for (const std::string& text : texts) {
      if (text.starts_with("end ")) {
        socket_->Send("the last");
        socket_->Close(static_cast<std::uint16_t>(std::stoi(text.substr(4))), "as asked");
      }
      socket_->Send(text);
    }
  }

 private:
  std::shared_ptr<WebSocket> socket_;
};

class WebSocketClientTest : public ::testing::Test {
 protected:
  WebSocketClientTest() {
    ServerOptions options;
    options.port = 0;
    options.linger = milliseconds(20);
    options.most_socket_bytes = 1'000'000;
    ServerHandlers handlers;
    handlers.handle = [](const Request& request) -> Response {
      if (request.target == "/plain") return {.status = 404, .headers = {}, .body = "no", .shared = {}};
      if (!AsksForWebSocket(request)) return {.status = 426, .headers = {}, .body = "no", .shared = {}};
      return OpenWebSocket(request, std::make_shared<Echoing>(),
                           OffersSubprotocol(request, "prefect") ? "prefect" : "");
    };
    server_ = *Server::Start(options, handlers, clock_);
  }
  base::Result<std::unique_ptr<WebSocketClient>> Open(const std::string& path = "/ws",
                                                      std::size_t most = 1'000'000) const {
    return OpenWebSocketAt({.url = fmt::format("http://127.0.0.1:{}{}", server_->port(), path),
                            .headers = {{"X-A", "b"}},
                            .subprotocol = "prefect",
                            .most_message_bytes = most},
                           {});
  }

  base::testing::FakeClock clock_{std::chrono::sys_days(std::chrono::year(2026) / 11 / 28)};
  std::unique_ptr<Server> server_;
};

TEST_F(WebSocketClientTest, TextsOfEverySizeComeBack) {
  constexpr std::array<std::size_t, 7> kSizes{0, 1, 125, 126, 65'535, 65'536, 200'000};
  auto socket = Open();
  ASSERT_TRUE(socket) << socket.error().ToText();
  EXPECT_EQ((*socket)->Receive(kLong, {}).value(), "hello");
  for (const std::size_t size : kSizes) {
    const std::string text(size, 'x');
    ASSERT_TRUE((*socket)->Send(text, {}));
    EXPECT_EQ((*socket)->Receive(kLong, {}).value(), text) << size;
  }
}

TEST_F(WebSocketClientTest, NothingComesInTimeOrWhenStopped) {
  auto socket = Open();
  ASSERT_TRUE(socket);
  EXPECT_EQ((*socket)->Receive(kLong, {}).value(), "hello");
  EXPECT_EQ((*socket)->Receive(milliseconds(1), {}).value(), std::nullopt);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ((*socket)->Receive(kLong, stop.get_token()).error().code, ErrorCode::kCancelled);
}

TEST_F(WebSocketClientTest, TheEndHasAReason) {
  for (const auto& [code, expected] : std::vector<std::pair<int, ErrorCode>>{
           {1008, ErrorCode::kForbidden}, {1002, ErrorCode::kInvalid}, {1011, ErrorCode::kUnavailable}}) {
    auto socket = Open();
    ASSERT_TRUE(socket);
    ASSERT_TRUE((*socket)->Send(fmt::format("end {}", code), {}));
    EXPECT_EQ((*socket)->Receive(kLong, {}).value(), "hello");
    EXPECT_EQ((*socket)->Receive(kLong, {}).value(), "the last");
    const auto end = (*socket)->Receive(kLong, {});
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, expected);
    EXPECT_THAT(end.error().message, HasSubstr(fmt::format("{}: 'as asked'", code)));
  }
}

TEST_F(WebSocketClientTest, RefusesWhatIsTooLarge) {
  auto socket = Open("/ws", 100);
  ASSERT_TRUE(socket);
  EXPECT_EQ((*socket)->Receive(kLong, {}).value(), "hello");
  ASSERT_TRUE((*socket)->Send(std::string(101, 'x'), {}));
  EXPECT_THAT((*socket)->Receive(kLong, {}).error().message, HasSubstr("too large"));
}

TEST_F(WebSocketClientTest, SaysWhyNothingIsOpened) {
  EXPECT_EQ(Open("/plain").error().code, ErrorCode::kNotFound);
  const auto nobody = OpenWebSocketAt({.url = "http://127.0.0.1:1/ws"}, {});
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(nobody.error().message, HasSubstr("127.0.0.1:1"));
  EXPECT_EQ(OpenWebSocketAt({.url = "ftp://127.0.0.1/ws"}, {}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(OpenWebSocketAt({.url = "http://127.0.0.1:1/", .headers = {{"A", "b\r\nC: d"}}}, {}).error().code,
            ErrorCode::kInvalid);
}

}  // namespace
}  // namespace tidemill::http
