// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/byte_range.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace tidemill::http {
namespace {

constexpr std::string_view kDate = "Fri, 20 Apr 2018 00:00:00 GMT";

// "206 bytes 0-1/10 01": status, Content-Range, body.
std::string Ask(std::string_view method, std::string_view range, std::string_view condition = {},
                std::string_view bytes = "0123456789") {
  Request request{.method = method, .target = "/f", .path = "/f", .query = {}, .fields = {{"Range", range}}};
  if (!condition.empty()) request.fields.push_back({"If-Range", condition});
  Response whole{.status = 200,
                 .headers = {{"ETag", "\"a\""}, {"Last-Modified", std::string(kDate)}},
                 .body = {},
                 .shared = {bytes, nullptr}};
  const Response answer = ApplyRange(request, std::move(whole));
  std::string text = std::to_string(answer.status);
  for (const auto& [name, value] : answer.headers) {
    if (name == "Content-Range") text += " " + value;
  }
  return text + " " + std::string(answer.shared.bytes);
}

TEST(ApplyRangeTest, GivesThePartThatIsAskedFor) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 19> kCases = {{
      {"bytes=0-1", "206 bytes 0-1/10 01"},
      {"Bytes=0-0", "206 bytes 0-0/10 0"},
      {"bytes=8-", "206 bytes 8-9/10 89"},
      {"bytes=-3", "206 bytes 7-9/10 789"},
      {"bytes=-99", "206 bytes 0-9/10 0123456789"},
      {"bytes=0-9999999999999999999999999", "206 bytes 0-9/10 0123456789"},
      {"bytes=10-", "416 bytes */10 "},
      {"bytes=10-12", "416 bytes */10 "},
      {"bytes=99999999999999999999999999-", "416 bytes */10 "},
      {"bytes=-0", "416 bytes */10 "},
      {"bytes=0-1,4-5", "200 0123456789"},
      {"bytes=3-2", "200 0123456789"},
      {"bytes=", "200 0123456789"},
      {"bytes=-", "200 0123456789"},
      {"bytes=a-b", "200 0123456789"},
      {"bytes=1-b", "200 0123456789"},
      {"bytes=+1-2", "200 0123456789"},
      {"lines=0-1", "200 0123456789"},
      {"bytes", "200 0123456789"},
  }};
  for (const auto& [range, expected] : kCases) EXPECT_EQ(Ask("GET", range), expected) << range;
}

TEST(ApplyRangeTest, GivesTheWholeOfAnotherVersionAndToHead) {
  EXPECT_EQ(Ask("GET", "bytes=0-1", "\"a\""), "206 bytes 0-1/10 01");
  EXPECT_EQ(Ask("GET", "bytes=0-1", kDate), "206 bytes 0-1/10 01");
  EXPECT_EQ(Ask("GET", "bytes=0-1", "\"b\""), "200 0123456789");
  EXPECT_EQ(Ask("GET", "bytes=0-1", "W/\"a\""), "200 0123456789");
  EXPECT_EQ(Ask("GET", "bytes=0-1", "Fri, 20 Apr 2018 00:00:01 GMT"), "200 0123456789");
  EXPECT_EQ(Ask("HEAD", "bytes=0-1"), "200 0123456789");
  EXPECT_EQ(Ask("GET", "bytes=0-0", {}, ""), "416 bytes */0 ");
}

}  // namespace
}  // namespace tidemill::http
