// SPDX-License-Identifier: Apache-2.0
#include "request_head.h"

#include <string>

#include <gtest/gtest.h>

namespace tidemill::http {
namespace {

constexpr HeadLimits kLimits{.line_bytes = 200, .head_bytes = 300, .fields = 5};

struct Parsed {
  Refusal refusal;
  std::size_t size = 0;
  Request request;
  Framing framing;
};

Parsed Parse(std::string_view bytes) {
  Parsed parsed;
  HeadScan scan;
  parsed.refusal = FindHeadEnd(bytes, kLimits, scan, parsed.size);
  if (parsed.refusal.status == 0 && parsed.size > 0) {
    parsed.refusal = ReadHead(bytes.substr(0, parsed.size), kLimits, parsed.request, parsed.framing);
  }
  return parsed;
}

TEST(RequestHead, SplitsTheTarget) {
  const auto parsed = Parse("GET /a/b?x=1&y=%20 HTTP/1.1\r\nHost: h\r\nAccept:  text/html \r\n\r\nrest");
  ASSERT_EQ(parsed.refusal.status, 0) << parsed.refusal.why;
  EXPECT_EQ(parsed.size, 61U);
  EXPECT_EQ(parsed.request.method, "GET");
  EXPECT_EQ(parsed.request.path, "/a/b");
  EXPECT_EQ(parsed.request.query, "x=1&y=%20");
  EXPECT_EQ(FieldValue(parsed.request, "ACCEPT"), "text/html");
  EXPECT_TRUE(parsed.framing.keep_alive);
  EXPECT_FALSE(parsed.framing.has_body);
}

TEST(RequestHead, TakesTheOtherFormsOfATarget) {
  EXPECT_EQ(Parse("GET http://h:80/p?q HTTP/1.1\r\nHost: h\r\n\r\n").request.path, "/p");
  EXPECT_EQ(Parse("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n").request.path, "/");
  EXPECT_EQ(Parse("GET http://h?q HTTP/1.1\r\nHost: h\r\n\r\n").request.query, "q");
  EXPECT_EQ(Parse("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").request.path, "*");
  EXPECT_EQ(Parse("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n").refusal.status, 0);
}

TEST(RequestHead, KnowsWhenTheConnectionEnds) {
  EXPECT_FALSE(Parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: TE, Close\r\n\r\n").framing.keep_alive);
  EXPECT_FALSE(Parse("GET / HTTP/1.0\r\n\r\n").framing.keep_alive);
  EXPECT_TRUE(Parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").framing.keep_alive);
  EXPECT_TRUE(Parse("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n").framing.has_body);
  EXPECT_TRUE(Parse("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n").framing.has_body);
  EXPECT_FALSE(Parse("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n").framing.has_body);
  for (const std::string host : {"", "h:", "h:80", "a-b.c_d:443", "[::1]", "[::1]:80", "%41", "127.0.0.1:8000"}) {
    EXPECT_EQ(Parse("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").refusal.status, 0) << host;
  }
}

TEST(RequestHead, WaitsForTheRest) {
  const std::string whole = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  HeadScan scan;
  std::size_t end = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ASSERT_EQ(FindHeadEnd(std::string_view(whole).substr(0, size), kLimits, scan, end).status, 0);
    ASSERT_EQ(end, 0U);
  }
  EXPECT_EQ(FindHeadEnd(whole, kLimits, scan, end).status, 0);
  EXPECT_EQ(end, whole.size());
}

struct Refused {
  int status;
  std::string head;
};
class RefusedHeads : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedHeads, AreRefused) {
  EXPECT_EQ(Parse(GetParam().head).refusal.status, GetParam().status);
}

const std::string kHost = "Host: h\r\n";
INSTANTIATE_TEST_SUITE_P(
    RequestHead, RefusedHeads,
    ::testing::Values(
        Refused{400, "GET / HTTP/1.1\n\n"}, Refused{400, "GET / HTTP/1.1\r\n\r\n"},
        Refused{400, "GET / HTTP/1.1\r\n" + kHost + kHost + "\r\n"}, Refused{400, "GET /\r\n" + kHost + "\r\n"},
        Refused{400, "GET  HTTP/1.1\r\n" + kHost + "\r\n"}, Refused{400, "GET a HTTP/1.1\r\n" + kHost + "\r\n"},
        Refused{400, "GET /a b HTTP/1.1\r\n" + kHost + "\r\n"}, Refused{400, "G(T / HTTP/1.1\r\n" + kHost + "\r\n"},
        Refused{400, "GET /\x01 HTTP/1.1\r\n" + kHost + "\r\n"},
        Refused{400, "GET /\xC3\xA9 HTTP/1.1\r\n" + kHost + "\r\n"},
        Refused{400, "GET /#a HTTP/1.1\r\n" + kHost + "\r\n"},
        Refused{400, "GET http:///a HTTP/1.1\r\n" + kHost + "\r\n"},
        Refused{400, "GET / HTTP/1.x\r\n" + kHost + "\r\n"}, Refused{505, "GET / HTTP/2.0\r\n" + kHost + "\r\n"},
        Refused{400, "GET / HTTP/1.1\r\n" + kHost + "A : b\r\n\r\n"},
        Refused{400, "GET / HTTP/1.1\r\n" + kHost + "A: b\r\n c\r\n\r\n"},
        Refused{400, "GET / HTTP/1.1\r\n" + kHost + "A: b\rc\r\n\r\n"},
        Refused{400, "GET / HTTP/1.1\r\n" + kHost + "A\r\n\r\n"},
        Refused{400, "GET / HTTP/1.1\r\n" + kHost + std::string("A: b\0c\r\n\r\n", 10)},
        Refused{400, "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n"},
        Refused{400, "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"},
        Refused{400, "POST / HTTP/1.1\r\n" + kHost + "Content-Length: +1\r\n\r\n"},
        Refused{400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"}, Refused{400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
        Refused{400, "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"}, Refused{400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
        Refused{400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"}, Refused{400, "GET / HTTP/1.1\r\nHost: [::1]a\r\n\r\n"},
        Refused{400, "GET * HTTP/1.1\r\n" + kHost + "\r\n"},
        Refused{400, "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked, chunked\r\n\r\n"},
        Refused{400, "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: a\r\n\r\n"},
        Refused{501, "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: gzip, chunked\r\n\r\n"},
        Refused{400, "POST / HTTP/1.0\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n"},
        Refused{414, "GET /" + std::string(300, 'a')},
        Refused{414, "GET /" + std::string(300, 'a') + " HTTP/1.1\r\n\r\n"},
        Refused{431, "GET / HTTP/1.1\r\nA: " + std::string(400, 'a')},
        Refused{431, "GET / HTTP/1.1\r\nA: a\r\nB: a\r\nC: a\r\nD: a\r\nE: a\r\nF: a\r\n\r\n"}));

}  // namespace
}  // namespace tidemill::http
