// SPDX-License-Identifier: Apache-2.0
// Bodies that are made while they are sent, and what is told of exchanges.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/http/awaited_pieces.h"
#include "tidemill/http/server.h"
#include "tidemill/http/testing/raw_client.h"

namespace tidemill::http {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawClient;
using ::testing::StartsWith;

// /pieces/N has N pieces of 40,000 bytes; /broken fails after two; /throws throws at the second.
Response AnswerInPieces(const Request& request) {
  Response response{.status = 200, .headers = {{"X", "y"}}, .body = {}, .shared = {}};
  if (request.path == "/small") {
    response.body = "small";
    return response;
  }
  const bool broken = request.path == "/broken";
  const bool throws = request.path == "/throws";
  const int pieces = broken || throws ? 2 : std::stoi(std::string(request.path.substr(8)));
  response.next_piece = [=, made = 0]() mutable -> base::Result<std::string> {
    if (throws && made == 1) throw std::runtime_error("boom");
    if (made == pieces) {
      if (broken) return base::Fail(base::ErrorCode::kInternal, "no more");
      return std::string();
    }
    return std::string(40'000, static_cast<char>('a' + made++ % 26));
  };
  return response;
}

class ServerPiecesTest : public ::testing::Test {
 protected:
  ServerPiecesTest() {
    options_.port = 0;
    handlers_.handle = AnswerInPieces;
    handlers_.observe = [this](const Exchange& exchange) {
      const std::lock_guard lock(mutex_);
      seen_.push_back(fmt::format("{} {} {} {} {}{}", exchange.peer, exchange.request.method, exchange.request.target,
                                  exchange.status, exchange.body_bytes, exchange.whole ? "" : " broken off"));
    };
    server_ = *Server::Start(options_, handlers_, clock_);
  }

  // What was observed, once the server has ended.
  std::vector<std::string> Seen() {
    server_->Stop();
    return seen_;
  }

  base::testing::FakeClock clock_{std::chrono::sys_days(std::chrono::year(2024) / 4 / 18)};
  ServerOptions options_;
  ServerHandlers handlers_;
  std::mutex mutex_;
  std::vector<std::string> seen_;
  std::unique_ptr<Server> server_;
};

// The body of chunks; "cut" before it where the last one is missing.
std::string Unchunk(std::string_view bytes) {
  std::string body;
  while (true) {
    const std::size_t line = bytes.find("\r\n");
    if (line == std::string_view::npos) return "cut " + body;
    const std::size_t size = std::stoul(std::string(bytes.substr(0, line)), nullptr, 16);
    bytes.remove_prefix(line + 2);
    if (size == 0) return bytes == "\r\n" ? body : "more " + std::string(bytes);
    if (bytes.size() < size + 2) return "cut " + body;
    body += bytes.substr(0, size);
    bytes.remove_prefix(size + 2);
  }
}

std::string WholeBody(int pieces) {
  std::string body;
  for (int i = 0; i < pieces; ++i) body += std::string(40'000, static_cast<char>('a' + i % 26));
  return body;
}

TEST_F(ServerPiecesTest, SendsPiecesAsChunks) {
  for (const int pieces : {0, 1, 100}) {
    RawClient client(server_->port());
    client.Send(fmt::format("GET /pieces/{} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", pieces));
    const std::string all = client.ReadToEnd();
    const std::size_t head = all.find("\r\n\r\n") + 4;
    EXPECT_THAT(all.substr(0, head),
                AllOf(HasSubstr("Transfer-Encoding: chunked\r\n"), Not(HasSubstr("Content-Length"))));
    EXPECT_EQ(Unchunk(std::string_view(all).substr(head)), WholeBody(pieces));
  }
  EXPECT_EQ(Seen().back(), "127.0.0.1 GET /pieces/100 200 4000000");
}

TEST_F(ServerPiecesTest, KeepsTheOrderAroundPieces) {
  RawClient client(server_->port());
  client.Send(
      "GET /small HTTP/1.1\r\nHost: h\r\n\r\nGET /pieces/3 HTTP/1.1\r\nHost: h\r\n\r\nHEAD /pieces/3 HTTP/1.1\r\nHost: "
      "h\r\n\r\nGET /small HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.ReadAnswer(), EndsWith("small"));
  EXPECT_THAT(client.ReadAnswer(true), EndsWith("Transfer-Encoding: chunked\r\n\r\n"));
  const std::string rest = client.ReadToEnd();
  const std::size_t next = rest.find("HTTP/1.1 200");
  EXPECT_EQ(Unchunk(rest.substr(0, next)), WholeBody(3));
  EXPECT_THAT(rest.substr(next), EndsWith("Content-Length: 5\r\nConnection: close\r\n\r\nsmall"));
  EXPECT_THAT(Seen(), ::testing::ElementsAre("127.0.0.1 GET /small 200 5", "127.0.0.1 GET /pieces/3 200 120000",
                                             "127.0.0.1 HEAD /pieces/3 200 0", "127.0.0.1 GET /small 200 5"));
}

TEST_F(ServerPiecesTest, EndsAnHttp10BodyWithTheConnection) {
  RawClient client(server_->port());
  client.Send("GET /pieces/2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const std::string all = client.ReadToEnd();
  EXPECT_TRUE(client.ended());
  EXPECT_THAT(all, AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Connection: close\r\n"), Not(HasSubstr("chunked")),
                         EndsWith("\r\n\r\n" + WholeBody(2))));
}

TEST_F(ServerPiecesTest, BreaksOffWhatCannotBeFinished) {
  for (const std::string path : {"/broken", "/throws"}) {
    RawClient client(server_->port());
    client.Send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\nGET /small HTTP/1.1\r\nHost: h\r\n\r\n");
    const std::string all = client.ReadToEnd();
    EXPECT_FALSE(client.ended()) << "a reset is no orderly end";
    if (const std::size_t head = all.find("\r\n\r\n"); head != std::string::npos) {
      EXPECT_THAT(Unchunk(std::string_view(all).substr(head + 4)), StartsWith("cut "));
    }
  }
  EXPECT_THAT(Seen(), ::testing::ElementsAre("127.0.0.1 GET /broken 200 80000 broken off",
                                             "127.0.0.1 GET /throws 200 40000 broken off"));
}

// Where the test finds what an answer waits with.
class Waiting {
 public:
  using Ready = std::function<void(base::Result<std::string>)>;
  void Put(Ready ready) {
    const std::lock_guard lock(mutex_);
    ready_ = std::move(ready);
    came_.notify_one();
  }
  Ready Take() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return ready_.has_value(); });
    Ready ready = *std::move(ready_);
    ready_.reset();
    return ready;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::optional<Ready> ready_;
};

TEST_F(ServerPiecesTest, WaitsForPiecesWithoutAWorker) {
  Waiting waiting;
  options_.workers = 1;
  handlers_.handle = [&waiting](const Request& request) {
    if (request.path == "/small") return AnswerInPieces(request);
    Response response{.status = 200, .headers = {}, .body = {}, .shared = {}};
    response.next_piece = AwaitedPieces{[&waiting](Waiting::Ready ready) { waiting.Put(std::move(ready)); }};
    return response;
  };
  const auto server = *Server::Start(options_, handlers_, clock_);
  RawClient client(server->port());
  client.Send("GET /await HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  auto ready = waiting.Take();
  RawClient other(server->port());
  other.Send("GET /small HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(other.ReadToEnd(), EndsWith("small"));
  ready(std::string("one"));
  waiting.Take()(std::string("two"));
  waiting.Take()(std::string());
  const std::string all = client.ReadToEnd();
  EXPECT_EQ(Unchunk(std::string_view(all).substr(all.find("\r\n\r\n") + 4)), "onetwo");
}

TEST_F(ServerPiecesTest, TellsOfRefusals) {
  RawClient client(server_->port());
  client.Send("GET / HTTP/3.0\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.ReadToEnd(), StartsWith("HTTP/1.1 505"));
  EXPECT_THAT(Seen(), ::testing::ElementsAre("127.0.0.1   505 28"));
}

}  // namespace
}  // namespace tidemill::http
