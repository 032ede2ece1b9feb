// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/site_guard.h"

#include <gtest/gtest.h>

namespace tidemill::http {
namespace {

bool Passes(std::string_view method, std::vector<Field> fields) {
  const SiteGuard guard({"data.example.org"});
  const Request request{.method = method, .target = "/", .path = "/", .query = {}, .fields = std::move(fields)};
  return !guard.Refusal(request).has_value();
}

TEST(SiteGuardTest, KnowsItsNamesOnly) {
  for (const char* host : {"localhost", "LocalHost:8000", "127.0.0.1:80", "[::1]:8000", "[::1]", "data.example.org"}) {
    EXPECT_TRUE(Passes("GET", {{"Host", host}})) << host;
  }
  for (const char* host :
       {"evil.example", "", "localhost.evil.example", "data.example.org.", "[::2]", "127.0.0.1.nip.io:80", "::1"}) {
    EXPECT_FALSE(Passes("GET", {{"Host", host}})) << host;
    EXPECT_FALSE(Passes("POST", {{"Host", host}})) << host;
  }
  EXPECT_FALSE(Passes("GET", {}));
}

TEST(SiteGuardTest, LetsOnlyItsOwnPagesAndProgramsChangeThings) {
  const Field host{"Host", "localhost:8000"};
  EXPECT_TRUE(Passes("POST", {host}));
  EXPECT_TRUE(Passes("POST", {host, {"Origin", "http://localhost:8000"}}));
  EXPECT_TRUE(Passes("DELETE", {host, {"Origin", "http://localhost:8000"}, {"Sec-Fetch-Site", "same-origin"}}));
  for (const char* origin : {"http://evil.example", "null", "http://localhost:9000", "http://localhost",
                             "localhost:8000", "http://localhost:8000.evil.example"}) {
    EXPECT_FALSE(Passes("POST", {host, {"Origin", origin}})) << origin;
    EXPECT_TRUE(Passes("GET", {host, {"Origin", origin}})) << origin;
  }
  for (const char* site : {"cross-site", "same-site"}) {
    EXPECT_FALSE(Passes("POST", {host, {"Sec-Fetch-Site", site}})) << site;
  }
}

}  // namespace
}  // namespace tidemill::http
