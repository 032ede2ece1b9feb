// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/client.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/http/testing/scripted_server.h"

#include "client_curl.h"
#include "client_plain.h"

namespace tidemill::http {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using testing::Answer;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ScriptedAnswer;
using testing::ScriptedServer;

// "hello hello hello hello", by gzip -9.
const std::string kGzip(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\x01\xe3\x51\x3d\x8d\x17\x00\x00\x00",
    28);

// Both ways over http must do the same: our own, and libcurl's.
enum class Way { kAsChosen, kCurl };

class Client : public ::testing::TestWithParam<Way> {
 protected:
  base::Result<ClientResponse> Get(const std::string& path) { return Send({.url = server_.Url(path)}); }
  base::Result<ClientResponse> Send(const ClientRequest& request) {
    if (GetParam() == Way::kCurl) return curl_.Send(request, stop_.get_token());
    return client_->Send(request, stop_.get_token());
  }

  ScriptedServer server_;
  std::stop_source stop_;
  std::unique_ptr<HttpClient> client_ = MakeHttpClient("tidemill-test (tests)");
  CurlClient curl_{"tidemill-test (tests)"};
};

INSTANTIATE_TEST_SUITE_P(Ways, Client, ::testing::Values(Way::kAsChosen, Way::kCurl),
                         [](const auto& way) { return way.param == Way::kCurl ? "Curl" : "AsChosen"; });

class ChoosingClient : public ::testing::Test {
 protected:
  base::Result<ClientResponse> Send(const ClientRequest& request) { return client_->Send(request, {}); }

  ScriptedServer server_;
  std::unique_ptr<HttpClient> client_ = MakeHttpClient("tidemill-test (tests)");
};

TEST_P(Client, GivesStatusHeadersAndBody) {
  server_.Script("/a?b=1", {Answer(200, {{"ETag", "\"x\""}, {"X-Two", " blank  "}}, "hello")});
  const auto response = Get("/a?b=1");
  ASSERT_TRUE(response) << response.error().ToText();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "hello");
  EXPECT_EQ(HeaderValue(response->headers, "etag"), "\"x\"");
  EXPECT_EQ(HeaderValue(response->headers, "x-two"), "blank");
  EXPECT_EQ(HeaderValue(response->headers, "absent"), "");
  EXPECT_EQ(response->url, server_.Url("/a?b=1"));
  EXPECT_THAT(server_.requests().at(0), HasSubstr("User-Agent: tidemill-test (tests)\r\n"));
}

TEST_P(Client, SendsHeadersAndBody) {
  server_.Script("/p", {Answer(201)});
  const auto response =
      Send({.method = "PUT", .url = server_.Url("/p"), .headers = {{"If-Match", "\"1\""}}, .body = "abc"});
  ASSERT_TRUE(response) << response.error().ToText();
  EXPECT_EQ(response->status, 201);
  EXPECT_THAT(server_.requests().at(0), HasSubstr("PUT /p HTTP/1.1\r\n"));
  EXPECT_THAT(server_.requests().at(0), HasSubstr("If-Match: \"1\"\r\n"));
  EXPECT_THAT(server_.requests().at(0), ::testing::EndsWith("\r\n\r\nabc"));
}

TEST_P(Client, KeepsTheConnectionBetweenRequests) {
  server_.Script("/a", {Answer(200, {}, "1"), Answer(304), Answer(429, {{"Retry-After", "7"}}, "slow"), Answer(503)});
  for (const int status : {200, 304, 429, 503}) {
    const auto response = Get("/a");
    ASSERT_TRUE(response) << response.error().ToText();
    EXPECT_EQ(response->status, status);
    if (status == 429) {
      EXPECT_EQ(HeaderValue(response->headers, "Retry-After"), "7");
    }
  }
  EXPECT_EQ(Get("/missing")->status, 404);
  EXPECT_EQ(server_.connections(), 1);
}

TEST_P(Client, FollowsRedirectsAndForgetsTheirHeaders) {
  server_.Script("/old", {Answer(302, {{"Location", "/new"}, {"ETag", "\"old\""}}, "moved")});
  server_.Script("/new", {Answer(200, {}, "here")});
  const auto response = Get("/old");
  ASSERT_TRUE(response) << response.error().ToText();
  EXPECT_EQ(response->body, "here");
  EXPECT_EQ(response->url, server_.Url("/new"));
  EXPECT_EQ(HeaderValue(response->headers, "etag"), "");
}

TEST_P(Client, RedirectLoopIsAnError) {
  server_.Script("/loop", {Answer(302, {{"Location", "/loop"}})});
  const auto response = Send({.url = server_.Url("/loop?x"), .most_redirects = 3});
  ASSERT_TRUE(response);  // another path: 404
  const auto loop = Send({.url = server_.Url("/loop"), .most_redirects = 3});
  ASSERT_FALSE(loop);
  EXPECT_EQ(loop.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(loop.error().ToText(), server_.Url("/loop") + ": more than 3 redirects");
  EXPECT_EQ(server_.requests().size(), 5);
}

TEST_P(Client, RedirectsAreGivenAsTheyAreWhereNoneIsAllowed) {
  server_.Script("/old", {Answer(302, {{"Location", "/new"}})});
  EXPECT_EQ(Send({.url = server_.Url("/old"), .most_redirects = 0})->status, 302);
}

TEST_P(Client, RedirectToAFileIsRefused) {
  server_.Script("/evil", {Answer(302, {{"Location", "file:///etc/hostname"}})});
  const auto response = Get("/evil");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(response.error().message, HasSubstr("neither http nor https"));
}

TEST_P(Client, TruncatedBodyIsAnError) {
  server_.Script("/cut", {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
                           .then = ScriptedAnswer::Then::kClose}});
  const auto response = Get("/cut");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(response.error().message, HasSubstr("broke off after 9 bytes"));
}

TEST_P(Client, NoAnswerIsAnError) {
  server_.Script("/empty", {{.bytes = "", .then = ScriptedAnswer::Then::kClose}});
  const auto response = Get("/empty");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(response.error().message, HasSubstr("closed the connection without an answer"));
}

TEST_P(Client, TooLargeByContentLengthIsRefusedBeforeTheBody) {
  server_.Script("/big", {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n",
                           .then = ScriptedAnswer::Then::kStall}});
  const auto response = Send({.url = server_.Url("/big"), .most_bytes = 1000});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(response.error().message, HasSubstr("more than 1000 bytes"));
}

TEST_P(Client, TooLargeWithoutContentLengthIsCutOff) {
  server_.Script("/big",
                 {{.bytes = "HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x'), .then = ScriptedAnswer::Then::kClose}});
  const auto response = Send({.url = server_.Url("/big"), .most_bytes = 1000});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(Send({.url = server_.Url("/big"), .most_bytes = 5000})->body.size(), 5000);
}

TEST_P(Client, EndlessHeadersAreCutOff) {
  std::string endless = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 20'000; ++i) endless += "X-Filler: 0123456789\r\n";
  server_.Script("/h", {{.bytes = endless, .then = ScriptedAnswer::Then::kStall}});
  const auto response = Get("/h");
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, HasSubstr("headers"));
}

TEST_P(Client, DecodesGzipAndLimitsWhatComesOut) {
  server_.Script("/z", {Answer(200, {{"Content-Encoding", "gzip"}}, kGzip)});
  const auto response = Get("/z");
  ASSERT_TRUE(response) << response.error().ToText();
  EXPECT_EQ(response->body, "hello hello hello hello");
  EXPECT_THAT(server_.requests().at(0), HasSubstr("Accept-Encoding: gzip\r\n"));
  const auto limited = Send({.url = server_.Url("/z"), .most_bytes = 22});
  ASSERT_FALSE(limited);
  EXPECT_EQ(limited.error().code, ErrorCode::kTooLarge);
}

TEST_P(Client, BrokenGzipIsAnError) {
  server_.Script("/z", {Answer(200, {{"Content-Encoding", "gzip"}}, "no gzip at all")});
  const auto response = Get("/z");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
}

TEST_P(Client, WholeExchangeHasATimeOut) {
  server_.Script("/slow",
                 {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", .then = ScriptedAnswer::Then::kStall}});
  const auto response = Send({.url = server_.Url("/slow"), .timeout = milliseconds(150)});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kTimeOut);
  EXPECT_THAT(response.error().message, HasSubstr("no whole answer within 0.15 s, 3 bytes had come"));
}

TEST_P(Client, StallIsATimeOut) {
  server_.Script("/stall", {{.bytes = "", .then = ScriptedAnswer::Then::kStall}});
  const auto response = Send({.url = server_.Url("/stall"), .stall_timeout = milliseconds(1000)});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kTimeOut);
  EXPECT_THAT(response.error().message, HasSubstr("stalled for 1 s after 0 bytes"));
}

TEST_P(Client, RefusedPortIsNamed) {
  int port = 0;
  {
    const ScriptedServer gone;
    port = gone.port();
  }
  const std::string url = "http://me:secret@127.0.0.1:" + std::to_string(port) + "/a?token=t&year=2018";
  const auto response = Send({.url = url});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(response.error().message, "connection refused by 127.0.0.1:" + std::to_string(port));
  EXPECT_THAT(response.error().ToText(), Not(HasSubstr("secret")));
  EXPECT_THAT(response.error().ToText(), HasSubstr("/a?token=***&year=2018"));
}

TEST_P(Client, RefusedPortIsNamedWithoutAUserToo) {
  int port = 0;
  {
    const ScriptedServer gone;
    port = gone.port();
  }
  const auto response = Send({.url = "http://127.0.0.1:" + std::to_string(port) + "/"});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message, "connection refused by 127.0.0.1:" + std::to_string(port));
}

TEST_P(Client, ReadsChunksAndInterimAnswers) {
  server_.Script("/c",
                 {{.bytes = "HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"}});
  for (int i = 0; i < 2; ++i) {
    const auto response = Get("/c");
    ASSERT_TRUE(response) << response.error().ToText();
    EXPECT_EQ(response->body, "abcde");
    EXPECT_EQ(HeaderValue(response->headers, "Link"), "");
  }
  EXPECT_EQ(server_.connections(), 1);
}

TEST_P(Client, AsksAgainWhereAnIdleConnectionWasClosed) {
  server_.Script("/a",
                 {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1", .then = ScriptedAnswer::Then::kClose},
                  Answer(200, {}, "2")});
  EXPECT_EQ(Get("/a")->body, "1");
  const auto again = Get("/a");
  ASSERT_TRUE(again) << again.error().ToText();
  EXPECT_EQ(again->body, "2");
  EXPECT_EQ(server_.connections(), 2);
}

TEST_P(Client, AHeadHasNoBody) {
  server_.Script("/h", {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"}});
  const auto response = Send({.method = "HEAD", .url = server_.Url("/h")});
  ASSERT_TRUE(response) << response.error().ToText();
  EXPECT_EQ(response->body, "");
  EXPECT_EQ(HeaderValue(response->headers, "Content-Length"), "100");
}

TEST_P(Client, WhatIsNoHttpIsAnError) {
  server_.Script("/ftp", {{.bytes = "220 ready\r\n", .then = ScriptedAnswer::Then::kClose}});
  ASSERT_FALSE(Get("/ftp"));
}

TEST(PlainClient, LeavesToLibcurlWhatItCannotDo) {
  EXPECT_TRUE(PlainClient::CanSend({.url = "http://stats.example/a"}));
  EXPECT_TRUE(PlainClient::CanSend({.method = "HEAD", .url = "HTTP://stats.example/a"}));
  EXPECT_FALSE(PlainClient::CanSend({.url = "https://stats.example/a"}));
  EXPECT_FALSE(PlainClient::CanSend({.url = "http://me:secret@stats.example/a"}));
  EXPECT_FALSE(PlainClient::CanSend({.method = "POST", .url = "http://stats.example/a"}));
  for (const char* const name : {"http_proxy", "all_proxy", "ALL_PROXY"}) {
    ::setenv(name, "http://proxy.example", 1);
    EXPECT_FALSE(PlainClient::CanSend({.url = "http://stats.example/a"})) << name;
    ::unsetenv(name);
  }
}

TEST_P(Client, UnknownHostIsNamed) {
  const auto response = Send({.url = "http://nowhere.invalid/a"});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(response.error().message, "host 'nowhere.invalid' is not known");
}

TEST_P(Client, NoTlsWhereThePeerSpeaksNone) {
  server_.Script("/", {Answer(200)});
  const auto response =
      Send({.url = "https://127.0.0.1:" + std::to_string(server_.port()) + "/", .timeout = milliseconds(300)});
  ASSERT_FALSE(response);
}

TEST_P(Client, StopEndsAWaitAtOnce) {
  server_.Script("/stall", {{.bytes = "", .then = ScriptedAnswer::Then::kStall}});
  std::jthread stopper([&] {
    while (server_.requests().empty()) std::this_thread::yield();
    stop_.request_stop();
  });
  const auto response = Get("/stall");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(Get("/stall").error().code, ErrorCode::kCancelled);
}

TEST_P(Client, TellsItsProgress) {
  server_.Script("/p", {Answer(200, {}, std::string(100'000, 'x'))});
  std::uint64_t have = 0;
  std::uint64_t of = 0;
  const auto response = Send({.url = server_.Url("/p"), .progress = [&](std::uint64_t h, std::uint64_t o) {
                                have = h;
                                of = o;
                              }});
  ASSERT_TRUE(response);
  EXPECT_EQ(have, 100'000);
  EXPECT_EQ(of, 100'000);
}

TEST_P(Client, ServesSeveralThreadsAtOnce) {
  server_.Script("/a", {Answer(200, {}, "same")});
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 20; ++n) {
          const auto response = Get("/a");
          if (response && response->body == "same") ++good;
        }
      });
    }
  }
  EXPECT_EQ(good, 80);
}

TEST_F(ChoosingClient, BadRequestsAreRefusedBeforeAnythingIsSent) {
  for (const std::string url : {"ftp://h/a", "gopher:x", "", "/relative", "http:///a", "http://h/a b", "http://h/\n",
                                "http://h:x/", "http://h:65536/"}) {
    const auto response = Send({.url = url});
    ASSERT_FALSE(response) << url;
    EXPECT_EQ(response.error().code, ErrorCode::kInvalid) << url;
  }
  EXPECT_EQ(Send({.url = server_.Url("/"), .headers = {{"A", "b\r\nC: d"}}}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(Send({.method = "GET /x", .url = server_.Url("/")}).error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(ChoosingClient, ProxyComesFromTheEnvironment) {
  server_.Script("http://stats.invalid/a", {Answer(200, {}, "by proxy")});
  ::setenv("http_proxy", server_.Url("").c_str(), 1);
  const auto response = Send({.url = "http://stats.invalid/a"});
  ::unsetenv("http_proxy");
  ASSERT_TRUE(response) << response.error().ToText();
  EXPECT_EQ(response->body, "by proxy");
}

TEST_F(ChoosingClient, ReadsFiles) {
  const auto folder = std::filesystem::temp_directory_path() / ("tidemill client " + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "a b.txt") << "of a file";
  const std::string url = "file://" + folder.string();
  EXPECT_EQ(Send({.url = url + "/a%20b.txt"})->body, "of a file");
  EXPECT_EQ(Send({.url = url + "/missing"})->status, 404);
  EXPECT_EQ(Send({.url = url + "/a%20b.txt", .most_bytes = 3}).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(Send({.url = "file://elsewhere/a"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(Send({.url = "file:"}).error().code, ErrorCode::kInvalid);
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder);
  EXPECT_EQ(Send({.url = "file:b"})->status, 404);
  const auto near = Send({.url = "file:a%20b.txt"});
  std::filesystem::current_path(before);
  EXPECT_EQ(near->body, "of a file");
  EXPECT_THAT(near->url, ::testing::AllOf(::testing::StartsWith("file:///"), ::testing::EndsWith("/a%20b.txt")));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tidemill::http
