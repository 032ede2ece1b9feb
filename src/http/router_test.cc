// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemill::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

TEST(MatchPath, TakesWholePartsAndDecodesThem) {
  EXPECT_THAT(MatchPath("/year/{year}/geo_code/{code}", "/year/2019/geo_code/E08%20%C3%A9"),
              Optional(ElementsAre("2019", "E08 \xC3\xA9")));
  EXPECT_THAT(MatchPath("/v1/datasets", "/v1/datasets"), Optional(IsEmpty()));
  EXPECT_THAT(MatchPath("/", "/"), Optional(IsEmpty()));
  EXPECT_THAT(MatchPath("/{a}", "/x%2Fy"), Optional(ElementsAre("x/y")));
}

TEST(MatchPath, WantsTheSameNumberOfParts) {
  EXPECT_EQ(MatchPath("/v1/datasets", "/v1/datasets/"), std::nullopt);
  EXPECT_EQ(MatchPath("/v1/datasets/{d}", "/v1/datasets/"), std::nullopt);
  EXPECT_EQ(MatchPath("/v1/datasets/{d}", "/v1/datasets/a/b"), std::nullopt);
  EXPECT_EQ(MatchPath("/a", "/A"), std::nullopt);
  EXPECT_EQ(MatchPath("/a", "*"), std::nullopt);
}

TEST(MatchPath, RefusesBadEscapes) {
  EXPECT_EQ(MatchPath("/{a}", "/%zz"), std::nullopt);
  EXPECT_EQ(MatchPath("/{a}", "/%ff"), std::nullopt);
  EXPECT_EQ(MatchPath("/{a}", "/a%00"), std::nullopt);
  EXPECT_FALSE(PathIsSound("/a/%c3"));
  EXPECT_FALSE(PathIsSound("/a%0"));
  EXPECT_TRUE(PathIsSound("/a/%C3%A9"));
}

}  // namespace
}  // namespace tidemill::http
