// SPDX-License-Identifier: Apache-2.0
#include "tidemill/web/pages.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inflate.h"
#include "page_files.h"

namespace tidemill::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::optional<http::Response> Get(std::string_view path, std::vector<http::Field> fields = {}) {
  return HandlePage({.method = "GET", .target = path, .path = path, .query = {}, .fields = std::move(fields)});
}

std::string HeaderOf(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

TEST(Pages, ServesPlainBytesWhereGzipIsNotAskedFor) {
  const auto page = Get("/");
  ASSERT_TRUE(page);
  EXPECT_THAT(page->body, HasSubstr("<h1><img src=\"/favicon.svg\""));
  EXPECT_EQ(HeaderOf(*page, "Content-Encoding"), "");
  EXPECT_EQ(HeaderOf(*page, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(HeaderOf(*page, "Content-Security-Policy"), HasSubstr("default-src 'self'"));
  EXPECT_EQ(HeaderOf(*Get("/docs", {{"Accept-Encoding", "gzip;q=0, br"}}), "Content-Encoding"), "");
}

TEST(Pages, ServesGzipWhereItIsTaken) {
  const auto script = Get("/docs/swagger-ui-bundle.js", {{"Accept-Encoding", "br, GZIP;q=0.5"}});
  ASSERT_TRUE(script);
  EXPECT_EQ(HeaderOf(*script, "Content-Encoding"), "gzip");
  EXPECT_EQ(Inflate(script->shared.bytes), Get("/docs/swagger-ui-bundle.js")->body);
  EXPECT_THAT(Get("/docs/swagger-ui-bundle.js")->body, HasSubstr("SwaggerUIBundle"));
  EXPECT_NE(HeaderOf(*script, "ETag"), HeaderOf(*Get("/docs/swagger-ui-bundle.js"), "ETag"));
}

TEST(Pages, AnswersThatACopyIsStillGood) {
  const std::string etag = HeaderOf(*Get("/assets/style.css"), "ETag");
  const auto again = Get("/assets/style.css", {{"If-None-Match", etag}});
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(again->body, "");
}

TEST(Pages, LeavesJsonAndOtherPathsToOthers) {
  EXPECT_FALSE(Get("/", {{"Accept", "application/json"}}));
  EXPECT_TRUE(Get("/", {{"Accept", "text/html,application/json;q=0.9,*/*;q=0.8"}}));
  EXPECT_FALSE(Get("/v1/datasets"));
  EXPECT_FALSE(Get("/docs/../etc"));
  EXPECT_FALSE(HandlePage({.method = "POST", .target = "/", .path = "/", .query = {}, .fields = {}}));
}

TEST(Pages, RedirectsTheOldPlaces) {
  EXPECT_EQ(Get("/redoc")->status, 302);
  EXPECT_EQ(HeaderOf(*Get("/redoc"), "Location"), "/docs");
  EXPECT_EQ(Get("/docs/")->status, 308);
  EXPECT_EQ(HeaderOf(*Get("/explore/"), "Location"), "/explore");
}

TEST(Pages, ExploresEveryDatasetWithOnePage) {
  const auto page = Get("/explore/deaths_monthly");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->body, Get("/explore")->body);
  EXPECT_THAT(page->body, HasSubstr("/assets/explore.js"));
  EXPECT_FALSE(Get("/explore/deaths_monthly/more"));
  EXPECT_FALSE(Get("/explorer"));
}

TEST(Pages, MayBeFramedByOthersOnlyWhereAChartIsEmbedded) {
  for (const PageFile& file : PageFiles()) {
    const std::string policy = HeaderOf(*Get(file.path), "Content-Security-Policy");
    EXPECT_EQ(policy.ends_with("frame-ancestors *"), file.path == "/embed/chart") << file.path;
    EXPECT_THAT(policy, HasSubstr("default-src 'self'")) << file.path;
  }
}

TEST(Pages, AreSmall) {
  std::size_t bytes = 0;
  for (const PageFile& file : PageFiles()) bytes += file.path.starts_with("/docs") ? 0 : file.gzip.size();
  EXPECT_LT(bytes, 250'000U);
}

TEST(Pages, HaveEveryModuleThatTheyImport) {
  for (const PageFile& file : PageFiles()) {
    if (!file.path.starts_with("/assets/") || !file.path.ends_with(".js")) continue;
    const std::string script = Inflate(file.gzip);
    for (std::size_t at = script.find(" from './"); at != script.npos; at = script.find(" from './", at + 1)) {
      const std::size_t name = at + 9;
      EXPECT_TRUE(Get("/assets/" + script.substr(name, script.find('\'', name) - name))) << file.path;
    }
  }
}

TEST(Pages, LoadNothingFromElsewhere) {
  for (const PageFile& file : PageFiles()) {
    if (file.path.starts_with("/docs/swagger")) continue;
    std::string text = Inflate(file.gzip);
    // The one address that is a name: elements of SVG are made by it.
    constexpr std::string_view kName = "http://www.w3.org/2000/svg";
    for (std::size_t at = text.find(kName); at != text.npos; at = text.find(kName)) text.erase(at, kName.size());
    EXPECT_THAT(text, Not(HasSubstr("https://"))) << file.path;
    EXPECT_THAT(text, Not(HasSubstr("http://"))) << file.path;
  }
}

}  // namespace
}  // namespace tidemill::web
