// SPDX-License-Identifier: Apache-2.0
#include "answer_reader.h"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemill::http {
namespace {

using Fault = AnswerReader::Fault;
using ::testing::ElementsAre;
using ::testing::Pair;

constexpr std::uint64_t kMost = 1'000;

// The bytes in two pieces, then the end of the connection.
Fault Read(AnswerReader& reader, std::string_view bytes, std::size_t first) {
  for (const std::string_view piece : {bytes.substr(0, first), bytes.substr(first)}) {
    if (const Fault fault = reader.Take(piece); fault != Fault::kNone) return fault;
  }
  return reader.whole() ? Fault::kNone : reader.End();
}

struct Case {
  std::string_view bytes;
  Fault fault = Fault::kNone;
  std::string_view body = {};
  bool keeps_alive = true;
  bool head_only = false;
};

TEST(AnswerReader, ReadsByTheStandardHoweverTheBytesCome) {
  const Case cases[] = {
      {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", .body = "hello"},
      {.bytes = "HTTP/1.1 200\nContent-Length:5\n\nhello", .body = "hello"},
      {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
      {.bytes = "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"},
      {.bytes = "HTTP/1.1 204 X\r\n\r\n"},
      {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", .head_only = true},
      {.bytes = "HTTP/1.1 200 OK\r\n\r\nto the end", .body = "to the end", .keeps_alive = false},
      {.bytes = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab", .body = "ab", .keeps_alive = false},
      {.bytes = "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nab", .body = "ab"},
      {.bytes = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab",
       .body = "ab",
       .keeps_alive = false},
      {.bytes = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n"
                "Content-Length: 2\r\n\r\nab",
       .body = "ab"},
      {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n",
       .body = "abcde"},
      {.bytes =
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n",
       .body = "0123456789"},
      {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1 200 OK\r\n",
       .body = "ab",
       .keeps_alive = false},
      {.bytes = "", .fault = Fault::kNothing},
      {.bytes = "HTTP/1.1 200 OK\r\nContent-Le", .fault = Fault::kBrokenOff},
      {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", .fault = Fault::kBrokenOff},
      {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", .fault = Fault::kBrokenOff},
      {.bytes = "<html>no head</html>", .fault = Fault::kNoHttp},
      {.bytes = "HTTP/1.1 2x0 OK\r\n\r\n", .fault = Fault::kNoHttp},
      {.bytes = "HTTP/1.1 200 OK\r\nno field\r\n\r\n", .fault = Fault::kNoHttp},
      {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .fault = Fault::kNoHttp},
      {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", .fault = Fault::kBodyTooLarge},
      {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", .fault = Fault::kBodyUnreadable},
      {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", .fault = Fault::kBodyUnreadable},
      {.bytes = "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
       .fault = Fault::kBodyUnreadable},
  };
  for (const Case& test : cases) {
    for (std::size_t first = 0; first <= test.bytes.size(); ++first) {
      AnswerReader reader(test.head_only, kMost);
      ASSERT_EQ(Read(reader, test.bytes, first), test.fault) << test.bytes << "\nbroken at " << first;
      if (test.fault != Fault::kNone) continue;
      EXPECT_EQ(reader.response().body, test.body) << test.bytes;
      EXPECT_EQ(reader.keeps_alive(), test.keeps_alive) << test.bytes;
    }
  }
}

TEST(AnswerReader, KeepsFieldsOfTheLastAnswerOnly) {
  AnswerReader reader(false, kMost);
  ASSERT_EQ(reader.Take("HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 404 No\r\nA:  b \r\nContent-Length: 0\r\n\r\n"),
            Fault::kNone);
  EXPECT_TRUE(reader.whole());
  EXPECT_EQ(reader.response().status, 404);
  EXPECT_THAT(reader.response().headers, ElementsAre(Pair("A", "b"), Pair("Content-Length", "0")));
}

TEST(AnswerReader, LimitsWhatHasNoLength) {
  for (const std::string head :
       {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFF\r\n"}) {
    AnswerReader reader(false, kMost);
    EXPECT_EQ(reader.Take(head + std::string(kMost, 'x')), Fault::kNone);
    EXPECT_EQ(reader.Take("y"), Fault::kBodyTooLarge);
  }
}

}  // namespace
}  // namespace tidemill::http
