// SPDX-License-Identifier: Apache-2.0
#include "tidemill/web/pages.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inflate.h"

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
}

TEST(Pages, LoadNothingFromElsewhere) {
  for (const std::string_view path : {"/", "/docs", "/assets/home.js", "/assets/style.css", "/docs/docs.js"}) {
    EXPECT_THAT(Get(path)->body, Not(HasSubstr("https://"))) << path;
    EXPECT_THAT(Get(path)->body, Not(HasSubstr("http://"))) << path;
  }
}

}  // namespace
}  // namespace tidemill::web
