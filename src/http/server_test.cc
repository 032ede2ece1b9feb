// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tidemill/base/memory_file.h"
#include "tidemill/base/testing/fake_clock.h"
#include "tidemill/http/file_owner.h"
#include "tidemill/http/testing/raw_client.h"

namespace tidemill::http {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawClient;
using ::testing::StartsWith;

const std::string kLarge(300'000, 'L');

// Echoes the target; /large is 300,000 bytes, /throw throws, /wait waits for `gate`.
class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    options_.port = 0;
    options_.io_threads = 2;
    options_.linger = std::chrono::milliseconds(20);  // the server looks at the time four times in it
    options_.idle_timeout = std::chrono::hours(1);    // time may run ahead of a server that has not read yet
    options_.elapsed = [this] { return std::chrono::milliseconds(elapsed_); };
    handlers_.handle = [this](const Request& request) -> Response {
      if (request.path == "/throw") throw std::runtime_error("boom");
      if (request.path == "/wait") gate_.get_future().wait();
      if (request.path == "/large") return {.status = 200, .headers = {}, .body = {}, .shared = {kLarge, nullptr}};
      return {.status = 200,
              .headers = {{"X-Bad", "a\r\nForged: b"}},
              .body = std::string(request.method) + " " + std::string(request.target),
              .shared = {}};
    };
    handlers_.fast = [](const Request& request, Prepared& prepared) {
      if (request.path == "/304") {
        prepared = {.status = 304,
                    .fields = "ETag: \"a\"\r\n",
                    .more_fields = {},
                    .body_fields = "X: y\r\n",
                    .body = {},
                    .owner = {}};
        return true;
      }
      if (!request.path.starts_with("/fast")) return false;
      prepared = {.status = 200,
                  .fields = "A: 1\r\n",
                  .more_fields = "B: 2\r\n",
                  .body_fields = "C: 3\r\n",
                  .body = "prepared",
                  .owner = {}};
      return true;
    };
  }

  std::unique_ptr<Server> Start() {
    auto server = Server::Start(options_, handlers_, clock_);
    EXPECT_TRUE(server.has_value()) << server.error().ToText();
    return *std::move(server);
  }

  // Lets time pass until the client is told something; how much it was.
  std::chrono::milliseconds PassUntilAnswered(const RawClient& client, std::int64_t step = 1000) {
    const std::int64_t before = elapsed_;
    while (!client.HasMore(std::chrono::milliseconds(10))) elapsed_ += step;
    return std::chrono::milliseconds(elapsed_ - before);
  }

  std::atomic<std::int64_t> elapsed_{0};
  base::testing::FakeClock clock_{std::chrono::sys_days(std::chrono::year(2024) / 4 / 18)};
  ServerOptions options_;
  ServerHandlers handlers_;
  std::promise<void> gate_;
};

TEST_F(ServerTest, AnswersPreparedBytesWithDateAndLength) {
  const auto server = Start();
  RawClient client(server->port());
  client.Send("GET /fast HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.ReadAnswer(),
            "HTTP/1.1 200 OK\r\nDate: Thu, 18 Apr 2024 00:00:00 GMT\r\nA: 1\r\nB: 2\r\nC: 3\r\nContent-Length: "
            "8\r\n\r\nprepared");
  client.Send("HEAD /fast HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.ReadAnswer(true), EndsWith("C: 3\r\nContent-Length: 8\r\n\r\n"));
  client.Send("GET /304 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.ReadAnswer(),
            "HTTP/1.1 304 Not Modified\r\nDate: Thu, 18 Apr 2024 00:00:00 GMT\r\nETag: \"a\"\r\n\r\n");
}

TEST_F(ServerTest, LetsNoHandlerForgeAField) {
  const auto server = Start();
  RawClient client(server->port());
  client.Send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.ReadAnswer(), AllOf(HasSubstr("X-Bad: aForged: b\r\n"), EndsWith("\r\n\r\nGET /x")));
}

TEST_F(ServerTest, KeepsTheOrderOfPipelinedRequests) {
  const auto server = Start();
  RawClient client(server->port());
  std::string requests;
  for (int i = 0; i < 500; ++i) {
    const char* path = i % 7 == 3 ? "/large" : i % 3 == 0 ? "/cold" : "/fast";
    requests += fmt::format("{} {}?{} HTTP/1.1\r\nHost: h\r\n\r\n", i % 5 == 4 ? "HEAD" : "GET", path, i);
  }
  client.Send(requests);
  for (int i = 0; i < 500; ++i) {
    const std::string answer = client.ReadAnswer(i % 5 == 4);
    ASSERT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n")) << i;
    if (i % 5 == 4) {
      ASSERT_THAT(answer, EndsWith("\r\n\r\n"));
    } else if (i % 7 == 3) {
      ASSERT_THAT(answer, EndsWith("\r\n\r\n" + kLarge));
    } else {
      ASSERT_THAT(answer, EndsWith(i % 3 == 0 ? fmt::format("GET /cold?{}", i) : "prepared"));
    }
  }
}

// The file is sent and not the bytes beside it, which are as many; heads and other answers keep their places around it.
TEST_F(ServerTest, SendsABodyFromItsFile) {
  const std::string filed(700'000, 'F');
  const auto file = base::MemoryFile::Make(filed);
  ASSERT_TRUE(file.has_value()) << file.error().ToText();
  const std::string beside(filed.size(), '?');
  handlers_.fast = [&](const Request& request, Prepared& prepared) {
    if (request.path != "/file") return false;
    prepared = {.status = 200,
                .fields = {},
                .more_fields = {},
                .body_fields = {},
                .body = beside,
                .owner = OwnsFile(file->descriptor(), nullptr)};
    return true;
  };
  const auto server = Start();
  RawClient client(server->port());
  client.Send(
      "GET /file HTTP/1.1\r\nHost: h\r\n\r\nHEAD /file HTTP/1.1\r\nHost: h\r\n\r\nGET /file HTTP/1.1\r\nHost: "
      "h\r\n\r\nGET /large HTTP/1.1\r\nHost: h\r\n\r\nGET /file HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\n" + filed));
  EXPECT_THAT(client.ReadAnswer(true), EndsWith("Content-Length: 700000\r\n\r\n"));
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\n" + filed));
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\n" + kLarge));
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\n" + filed));
}

TEST_F(ServerTest, SendsTheBytesWhereTheFileCannotBeSent) {
  const std::string bytes(700'000, 'b');
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  handlers_.fast = [&](const Request& /*request*/, Prepared& prepared) {
    prepared.body = bytes;
    prepared.owner = OwnsFile(pipe[1], nullptr);
    return true;
  };
  const auto server = Start();
  RawClient client(server->port());
  for (int i = 0; i < 2; ++i) {
    client.Send("GET /file HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\n" + bytes));
  }
  server->Stop();
  for (const int end : pipe) ::close(end);
}

// Its client goes away in the middle: no signal ends the program.
TEST_F(ServerTest, OutlivesAClientThatLeavesAFileBehind) {
  const auto file = base::MemoryFile::Make(std::string(8'000'000, 'F'));
  ASSERT_TRUE(file.has_value()) << file.error().ToText();
  handlers_.fast = [&](const Request& request, Prepared& prepared) {
    if (request.path != "/file") return false;
    prepared.body = file->bytes();
    prepared.owner = OwnsFile(file->descriptor(), nullptr);
    return true;
  };
  const auto server = Start();
  for (int i = 0; i < 5; ++i) {
    RawClient client(server->port());
    client.Send("GET /file HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(client.ReadBytes(1000).size(), 1000U);
  }
  RawClient client(server->port());
  client.Send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.ReadAnswer(), EndsWith("GET /x"));
}

// Both have all their requests with the server before it goes on: the other one's single request is not kept waiting
// until the first one's buffer is empty.
TEST_F(ServerTest, LetsOthersHaveATurnBetweenBatches) {
  options_.io_threads = 1;
  std::promise<void> arrived;
  std::vector<std::string> order;
  handlers_.fast = [&](const Request& request, Prepared& prepared) {
    if (request.path == "/first") {
      arrived.set_value();
      gate_.get_future().wait();
    }
    order.emplace_back(request.path);
    prepared = {.status = 200, .fields = {}, .more_fields = {}, .body_fields = {}, .body = "x", .owner = {}};
    return true;
  };
  const auto server = Start();
  RawClient greedy(server->port()), other(server->port());
  other.Send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(other.ReadAnswer(), EndsWith("x"));
  greedy.Send("GET /first HTTP/1.1\r\nHost: h\r\n\r\n");
  arrived.get_future().wait();
  std::string many;
  for (int i = 0; i < 500; ++i) many += "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
  greedy.Send(many);
  other.Send("GET /other HTTP/1.1\r\nHost: h\r\n\r\n");
  gate_.set_value();
  for (int i = 0; i < 501; ++i) EXPECT_THAT(greedy.ReadAnswer(), EndsWith("x"));
  EXPECT_THAT(other.ReadAnswer(), EndsWith("x"));
  server->Stop();
  EXPECT_EQ(std::count(order.begin(), order.end(), "/a"), 500);
  const auto place = std::find(order.begin(), order.end(), "/other") - order.begin();
  EXPECT_LE(place, 2 + 64);  // the greeting, the first one and a batch
}

TEST_F(ServerTest, TakesARequestByteByByte) {
  const auto server = Start();
  RawClient client(server->port());
  for (const char c : std::string("\r\nGET /slow HTTP/1.1\r\nHost: h\r\n\r\n")) client.Send({&c, 1});
  EXPECT_THAT(client.ReadAnswer(), EndsWith("GET /slow"));
}

TEST_F(ServerTest, AnswersAClientThatSaysNoMore) {
  const auto server = Start();
  RawClient client(server->port());
  client.Send("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /fast HTTP/1.1\r\nHost: h\r\n\r\n");
  client.EndOutput();
  EXPECT_THAT(client.ReadAnswer(), EndsWith("GET /a"));
  EXPECT_THAT(client.ReadToEnd(), EndsWith("prepared"));
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, ReadsOnWhereMoreThanABufferCameAtOnce) {
  const auto server = Start();
  RawClient client(server->port());
  const std::string request = "GET /fast HTTP/1.1\r\nHost: h\r\nX: " + std::string(700, 'x') + "\r\n\r\n";
  std::string many;
  for (int i = 0; i < 100; ++i) many += request;
  client.Send(many);
  for (int i = 0; i < 100; ++i) EXPECT_THAT(client.ReadAnswer(), EndsWith("prepared"));
}

TEST_F(ServerTest, ClosesWhereAsked) {
  const auto server = Start();
  RawClient client(server->port());
  client.Send("GET /fast HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /fast HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string all = client.ReadToEnd();
  EXPECT_TRUE(client.ended());
  EXPECT_THAT(all, AllOf(HasSubstr("Connection: close\r\n"), EndsWith("prepared")));
  EXPECT_EQ(all.find("HTTP/1.1 200", 1), std::string::npos);
}

TEST_F(ServerTest, SpeaksHttp10) {
  const auto server = Start();
  RawClient closing(server->port());
  closing.Send("GET /fast HTTP/1.0\r\n\r\n");
  EXPECT_THAT(closing.ReadToEnd(), HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(closing.ended());
  RawClient staying(server->port());
  staying.Send("GET /fast HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(staying.ReadAnswer(), HasSubstr("Connection: keep-alive\r\n"));
}

TEST_F(ServerTest, RefusesWhatItMustAndCloses) {
  const auto server = Start();
  const std::pair<std::string, std::string> cases[] = {
      {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n"},
      {"GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 414 URI Too Long\r\n"},
      {"GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(100'000, 'a') + "\r\n\r\n", "HTTP/1.1 431 "},
      {"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'b'), "HTTP/1.1 413 "},
      {"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'b'), "HTTP/1.1 200 "},
      {"GET / HTTP/3.0\r\nHost: h\r\n\r\n", "HTTP/1.1 505 "},
      {"GET /throw HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "HTTP/1.1 500 "}};
  for (const auto& [request, status] : cases) {
    RawClient client(server->port());
    client.Send(request);
    const std::string answer = client.ReadAnswer();
    EXPECT_THAT(answer, AllOf(StartsWith(status), HasSubstr("Connection: close\r\n"))) << request.substr(0, 60);
    EXPECT_EQ(client.ReadToEnd(), "");
    EXPECT_TRUE(client.ended());
  }
}

TEST_F(ServerTest, EndsSlowHeadsAndIdleConnections) {
  const auto server = Start();
  RawClient slow(server->port());
  RawClient idle(server->port());
  slow.Send("GET /fast HTT");
  EXPECT_GE(PassUntilAnswered(slow), options_.head_timeout);
  EXPECT_THAT(slow.ReadToEnd(), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
  EXPECT_TRUE(slow.ended());
  EXPECT_FALSE(idle.HasMore(std::chrono::milliseconds(0)));
  PassUntilAnswered(idle, 60'000);
  EXPECT_GE(elapsed_, options_.idle_timeout.count());
  EXPECT_EQ(idle.ReadToEnd(), "");
  EXPECT_TRUE(idle.ended());
}

TEST_F(ServerTest, DropsAReaderThatTakesNothing) {
  std::string requests;
  for (int i = 0; i < 400; ++i) requests += "GET /large HTTP/1.1\r\nHost: h\r\n\r\n";
  const auto server = Start();
  RawClient client(server->port());
  client.Send(requests);
  while (!client.HasMore(std::chrono::milliseconds(10))) {
  }
  while (server->connections() > 0) {
    elapsed_ += 100;  // in few steps: on a busy machine each may wait for its turn
    std::this_thread::yield();
  }
  EXPECT_GE(elapsed_, options_.slow_window.count());
  const std::string all = client.ReadToEnd();
  EXPECT_LT(all.size(), 400 * kLarge.size());
}

TEST_F(ServerTest, AnswersForAHandlerThatTakesTooLong) {
  const auto server = Start();
  RawClient client(server->port());
  client.Send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_GE(PassUntilAnswered(client), options_.answer_timeout);
  EXPECT_THAT(client.ReadToEnd(), StartsWith("HTTP/1.1 504 Gateway Timeout\r\n"));
  gate_.set_value();
}

TEST_F(ServerTest, SaysWhenTooManyWait) {
  options_.workers = 1;
  options_.most_queued = 1;
  std::promise<void> begun;
  handlers_.handle = [&](const Request& request) -> Response {
    if (request.path == "/wait") {
      begun.set_value();
      gate_.get_future().wait();
    }
    return {};
  };
  const auto server = Start();
  RawClient busy(server->port());
  busy.Send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  begun.get_future().wait();
  RawClient first(server->port());
  RawClient second(server->port());
  first.Send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  second.Send("GET /b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  // Which of the two is refused depends on the I/O threads; one of them is, before the worker is free.
  constexpr std::chrono::milliseconds kShort(5);
  while (!first.HasMore(kShort) && !second.HasMore(kShort)) {
  }
  gate_.set_value();
  const std::string refused = first.ReadAnswer() + second.ReadAnswer();
  EXPECT_THAT(refused, AllOf(HasSubstr("HTTP/1.1 503 Service Unavailable\r\n"), HasSubstr("Retry-After: 1\r\n")));
}

TEST_F(ServerTest, HoldsConnectionsOverTheLimitUntilOneIsFree) {
  options_.most_connections = 1;
  const auto server = Start();
  auto first = std::make_unique<RawClient>(server->port());
  first->Send("GET /fast HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(first->ReadAnswer(), EndsWith("prepared"));
  RawClient second(server->port());
  second.Send("GET /fast HTTP/1.1\r\nHost: h\r\n\r\n");
  first.reset();
  EXPECT_THAT(second.ReadAnswer(), EndsWith("prepared"));
}

TEST_F(ServerTest, FinishesWhatIsInTheWorksWhenStopped) {
  std::promise<void> begun;
  handlers_.handle = [&](const Request&) -> Response {
    begun.set_value();
    gate_.get_future().wait();
    return {.status = 200, .headers = {}, .body = "late", .shared = {}};
  };
  const auto server = Start();
  RawClient busy(server->port());
  RawClient idle(server->port());
  busy.Send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  begun.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server->Stop(); });
  EXPECT_EQ(idle.ReadToEnd(), "");
  EXPECT_TRUE(idle.ended());
  gate_.set_value();
  EXPECT_THAT(busy.ReadToEnd(), EndsWith("late"));
  elapsed_ += options_.linger.count();  // the client stays
  stopped.wait();
  EXPECT_FALSE(RawClient(server->port()).connected());
}

TEST_F(ServerTest, NamesThePortThatIsInUse) {
  const auto server = Start();
  options_.port = server->port();
  const auto second = Server::Start(options_, handlers_, clock_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, base::ErrorCode::kConflict);
  EXPECT_THAT(second.error().message,
              StartsWith(fmt::format("cannot listen on 127.0.0.1:{}: the port is in use", server->port())));
}

TEST_F(ServerTest, RefusesAHostThatIsNone) {
  options_.host = "no such host.invalid";
  const auto server = Server::Start(options_, handlers_, clock_);
  ASSERT_FALSE(server.has_value());
  EXPECT_EQ(server.error().code, base::ErrorCode::kInvalid);
  EXPECT_THAT(server.error().message, HasSubstr("no such host"));
}

}  // namespace
}  // namespace tidemill::http
