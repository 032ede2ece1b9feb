// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/extract/links.h"

namespace tidemill::extract {
namespace {

using ::testing::ElementsAre;

TEST(LinkTargets, AreThePathAndTheQueryValuesDecoded) {
  EXPECT_THAT(LinkTargets("https://h/file?uri=/a/2018/b.xls"), ElementsAre("https://h/file", "/a/2018/b.xls"));
  EXPECT_THAT(LinkTargets("https://h/file?uri=%2Fa%2f2020%2Fb.xls&x=&y&z=1#f"),
              ElementsAre("https://h/file", "/a/2020/b.xls", "1"));
  EXPECT_THAT(LinkTargets("https://h/a%20b/c.ods"), ElementsAre("https://h/a b/c.ods"));
}

TEST(LinkTargets, KeepBadEscapesAsTheyAre) {
  EXPECT_THAT(LinkTargets("https://h/100%?a=%zz"), ElementsAre("https://h/100%", "%zz"));
}

}  // namespace
}  // namespace tidemill::extract
