// SPDX-License-Identifier: Apache-2.0
#include "tidemill/web/server_pages.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inflate.h"
#include "page_files.h"

namespace tidemill::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::optional<http::Response> Get(std::string_view path) {
  return HandleServerPage({.method = "GET", .target = path, .path = path, .query = {}, .fields = {}});
}

std::string HeaderOf(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

TEST(ServerPages, AreOneDocumentForEveryPage) {
  for (const std::string_view path :
       {"/", "/runs", "/runs/abc", "/deployments/x", "/blocks/new/gcs-bucket", "/work-pools", "/work-pools/heavy",
        "/flows", "/flows/abc", "/hooks", "/settings"}) {
    const auto page = Get(path);
    ASSERT_TRUE(page) << path;
    EXPECT_THAT(page->body, HasSubstr("/assets/app.js")) << path;
  }
}

TEST(ServerPages, LeaveTheApiAndOtherPathsToOthers) {
  for (const std::string_view path : {"/api", "/api/health", "/runsx", "/assets/nothing.js", "/explore", ""}) {
    EXPECT_FALSE(Get(path)) << path;
  }
  EXPECT_FALSE(HandleServerPage({.method = "POST", .target = "/", .path = "/", .query = {}, .fields = {}}));
}

TEST(ServerPages, MayBeFramedByNobodyAndReadByNoOtherOrigin) {
  for (const PageFile& file : ServerPageFiles()) {
    const auto page = Get(file.path);
    ASSERT_TRUE(page) << file.path;
    EXPECT_THAT(HeaderOf(*page, "Content-Security-Policy"), HasSubstr("default-src 'self'")) << file.path;
    EXPECT_THAT(HeaderOf(*page, "Content-Security-Policy"), HasSubstr("frame-ancestors 'none'")) << file.path;
    EXPECT_EQ(HeaderOf(*page, "Access-Control-Allow-Origin"), "") << file.path;
    EXPECT_EQ(HeaderOf(*page, "Cache-Control"), "no-cache") << file.path;
  }
}

TEST(ServerPages, AreSmall) {
  std::size_t bytes = 0;
  for (const PageFile& file : ServerPageFiles()) bytes += file.gzip.size();
  EXPECT_LT(bytes, 80'000U);
}

// Both forms: import … from './x.js' and import('./x.js').
TEST(ServerPages, HaveEveryModuleThatTheyImport) {
  for (const PageFile& file : ServerPageFiles()) {
    if (!file.path.ends_with(".js")) continue;
    const std::string script = Inflate(file.gzip);
    for (std::size_t at = script.find("'./"); at != script.npos; at = script.find("'./", at + 1)) {
      const std::size_t name = at + 3;
      EXPECT_TRUE(Get("/assets/" + script.substr(name, script.find('\'', name) - name))) << file.path;
    }
  }
}

TEST(ServerPages, LoadNothingFromElsewhereAndReadNoMarkup) {
  for (const PageFile& file : ServerPageFiles()) {
    const std::string text = Inflate(file.gzip);
    for (const char* word : {"src=\"http", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("}) {
      EXPECT_THAT(text, Not(HasSubstr(word))) << file.path;
    }
  }
}

}  // namespace
}  // namespace tidemill::web
