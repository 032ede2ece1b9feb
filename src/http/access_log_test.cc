// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/access_log.h"

#include <gtest/gtest.h>

namespace tidemill::http {
namespace {

const base::Time kNow = std::chrono::sys_days(std::chrono::year(2024) / 4 / 18) + std::chrono::seconds(30'667);

std::string Line(AccessLog form, const Request& request, bool whole = true) {
  return AccessLine(form,
                    {.request = request,
                     .peer = "127.0.0.1",
                     .status = 200,
                     .body_bytes = 12,
                     .duration = std::chrono::microseconds(7),
                     .prepared = false,
                     .whole = whole},
                    kNow);
}

TEST(AccessLineTest, SaysWhoAskedWhatAndWhatCameOfIt) {
  const Request request{.method = "GET",
                        .target = "/a?b=c",
                        .path = "/a",
                        .query = "b=c",
                        .fields = {{"User-Agent", "curl \"8\""}, {"Referer", "http://x/"}}};
  EXPECT_EQ(Line(AccessLog::kCommon, request),
            "127.0.0.1 - - [18/Apr/2024:08:31:07 +0000] \"GET /a?b=c HTTP/1.1\" 200 12 \"http://x/\" "
            "\"curl \\x228\\x22\" 7\n");
  EXPECT_EQ(Line(AccessLog::kJson, request, false),
            "{\"time\":\"2024-04-18T08:31:07Z\",\"peer\":\"127.0.0.1\",\"method\":\"GET\",\"target\":\"/a?b=c\","
            "\"status\":200,\"bytes\":12,\"microseconds\":7,\"referrer\":\"http://x/\",\"agent\":\"curl "
            "\\\"8\\\"\",\"broken_off\":true}\n");
  EXPECT_EQ(Line(AccessLog::kNone, request), "");
}

TEST(AccessLineTest, LetsNoClientForgeALine) {
  const Request request{
      .method = "GET", .target = "/", .path = "/", .query = {}, .fields = {{"User-Agent", "a\x1b[1m\t\xff"}}};
  EXPECT_EQ(Line(AccessLog::kCommon, request),
            "127.0.0.1 - - [18/Apr/2024:08:31:07 +0000] \"GET / HTTP/1.1\" 200 12 \"-\" \"a\\x1b[1m\\x09\\xff\" 7\n");
  EXPECT_NE(Line(AccessLog::kJson, request).find("\"agent\":\"a\\\\x1b[1m\\\\x09\\\\xff\""), std::string::npos);
}

TEST(AccessLineTest, TellsOfAHeadThatCouldNotBeRead) {
  EXPECT_EQ(Line(AccessLog::kCommon, {}), "127.0.0.1 - - [18/Apr/2024:08:31:07 +0000] \"-\" 200 12 \"-\" \"-\" 7\n");
}

}  // namespace
}  // namespace tidemill::http
