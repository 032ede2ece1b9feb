// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/web_socket.h"

#include <atomic>
#include <semaphore>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/http/server.h"
#include "tidemill/http/testing/raw_client.h"

#include "web_socket_frames.h"

namespace tidemill::http {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::RawClient;
using ::testing::StartsWith;

// Echoes what it is told; "wait" waits for the gate first, "flood" is answered with more than anybody reads.
class Echo final : public WebSocketListener {
 public:
  explicit Echo(std::counting_semaphore<>& gate) : gate_(gate) {}
  void OnOpen(std::shared_ptr<WebSocket> socket) override {
    socket_ = std::move(socket);
    socket_->Send("hello");
  }
  void OnTexts(std::vector<std::string> texts) override {
    for (const std::string& text : texts) {
      if (text == "wait") gate_.acquire();
      if (text == "throw") throw std::runtime_error("boom");
      if (text == "end") socket_->Close(4000, "as asked");
      if (text == "flood") {
        while (socket_->Send(std::string(10'000, 'f'))) {
        }
      }
      socket_->Send(text);
    }
  }

 private:
  std::counting_semaphore<>& gate_;
  std::shared_ptr<WebSocket> socket_;
};

constexpr std::string_view kUpgrade =
    "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: "
    "prefect\r\n\r\n";

std::string Masked(unsigned first, std::string_view payload) {
  std::string frame{static_cast<char>(first), static_cast<char>(0x80U | payload.size())};
  return frame + std::string(4, '\0') + std::string(payload);
}
std::string Told(std::string_view text) {
  std::string frame;
  AppendFrame(frame, WebSocketItem::Kind::kText, text);
  return frame;
}

class WebSocketTest : public ::testing::Test {
 protected:
  WebSocketTest() {
    options_.port = 0;
    options_.most_socket_bytes = 100'000;
    options_.elapsed = [this] { return std::chrono::milliseconds(elapsed_); };
    options_.idle_timeout = options_.slow_window = std::chrono::hours(1);
    options_.linger = std::chrono::milliseconds(20);
    ServerHandlers handlers;
    handlers.handle = [this](const Request& request) -> Response {
      if (!AsksForWebSocket(request)) return {.status = 426, .headers = {}, .body = "no", .shared = {}};
      return OpenWebSocket(request, std::make_shared<Echo>(gate_),
                           OffersSubprotocol(request, "prefect") ? "prefect" : "");
    };
    server_ = *Server::Start(options_, handlers, clock_);
  }

  std::counting_semaphore<> gate_{0};
  std::atomic<std::int64_t> elapsed_{0};
  base::testing::FakeClock clock_{std::chrono::sys_days(std::chrono::year(2026) / 11 / 28)};
  ServerOptions options_;
  std::unique_ptr<Server> server_;
};

TEST_F(WebSocketTest, OpensAndEchoes) {
  RawClient client(server_->port());
  client.Send(std::string(kUpgrade) + Masked(0x81, "one") + Masked(0x81, "two"));
  EXPECT_THAT(client.ReadAnswer(true),
              AllOf(StartsWith("HTTP/1.1 101 Switching Protocols\r\n"), HasSubstr("Connection: Upgrade\r\n"),
                    HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"),
                    HasSubstr("Sec-WebSocket-Protocol: prefect\r\n")));
  const std::string expected = Told("hello") + Told("one") + Told("two");
  EXPECT_EQ(client.ReadBytes(expected.size()), expected);
  client.Send(Masked(0x88, std::string("\x03\xE8", 2)));
  EXPECT_EQ(client.ReadToEnd(), std::string("\x88\x02\x03\xE8", 4));
  EXPECT_TRUE(client.ended());
}

TEST_F(WebSocketTest, APongComesAfterWhatWasSentBefore) {
  RawClient client(server_->port());
  client.Send(std::string(kUpgrade) + Masked(0x81, "wait") + Masked(0x89, "p"));
  client.ReadAnswer(true);
  EXPECT_EQ(client.ReadBytes(7), Told("hello"));
  EXPECT_FALSE(client.HasMore(std::chrono::milliseconds(50)));  // neither echo nor pong
  gate_.release();
  EXPECT_EQ(client.ReadBytes(9), Told("wait") + "\x8A\x01p");
}

TEST_F(WebSocketTest, EndsForReasonsThatItSays) {
  for (const auto& [sent, expected] : std::vector<std::pair<std::string, std::string>>{
           {Masked(0x81, "throw"), std::string("\x88\x13\x03\xF3", 4) + "the server failed"},
           {Masked(0x81, "end"), std::string("\x88\x0A\x0F\xA0", 4) + "as asked"},
           {Masked(0x82, "binary"), std::string("\x88\x19\x03\xEB", 4) + "only text is understood"}}) {
    RawClient client(server_->port());
    client.Send(kUpgrade);
    client.ReadAnswer(true);
    client.ReadBytes(7);
    client.Send(sent);
    EXPECT_EQ(client.ReadToEnd(), expected);
    EXPECT_TRUE(client.ended());
  }
}

TEST_F(WebSocketTest, WhoReadsTooSlowlyIsLetGo) {
  RawClient client(server_->port());
  client.Send(std::string(kUpgrade) + Masked(0x81, "flood"));
  EXPECT_THAT(client.ReadToEnd(), EndsWith("the client reads too slowly"));
  EXPECT_TRUE(client.ended());
}

TEST_F(WebSocketTest, SilenceIsPingedAndThenEnded) {
  RawClient client(server_->port());
  client.Send(kUpgrade);
  client.ReadAnswer(true);
  EXPECT_EQ(client.ReadBytes(7), Told("hello"));
  while (!client.HasMore(std::chrono::milliseconds(10))) elapsed_ += 1000;
  EXPECT_EQ(client.ReadBytes(2), std::string("\x89\0", 2));
  while (!client.HasMore(std::chrono::milliseconds(10))) elapsed_ += 60'000;
  client.ReadToEnd();
  EXPECT_TRUE(client.ended());
}

TEST_F(WebSocketTest, TheServersEndIsSaid) {
  RawClient client(server_->port());
  client.Send(kUpgrade);
  client.ReadAnswer(true);
  EXPECT_EQ(client.ReadBytes(7), Told("hello"));
  server_->Stop();
  EXPECT_THAT(client.ReadToEnd(), EndsWith("the server is stopping"));
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(WebSocketTest, WhatAsksForNoneIsAnsweredAsUsual) {
  RawClient client(server_->port());
  client.Send("GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
  EXPECT_THAT(client.ReadAnswer(), StartsWith("HTTP/1.1 426 "));
}

}  // namespace
}  // namespace tidemill::http
