// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/ids.h"

#include <gtest/gtest.h>

namespace tidemill::query {
namespace {

TEST(Ids, KeepNumbersOfAnyWidth) {
  Ids ids;
  ids.Reserve(6);
  for (const std::uint32_t id : {3U, 255U, 256U, 65'535U, 65'536U, 0U}) {
    ids.Append(1, id, [&](std::size_t) { return id; });
  }
  ASSERT_EQ(ids.size(), 6U);
  EXPECT_EQ(ids[0], 3U);
  EXPECT_EQ(ids[1], 255U);
  EXPECT_EQ(ids[2], 256U);
  EXPECT_EQ(ids[3], 65'535U);
  EXPECT_EQ(ids[4], 65'536U);
  EXPECT_EQ(ids[5], 0U);
}

TEST(Ids, FollowNewNumbersAndAnOrder) {
  Ids ids;
  ids.Append(3, 2, [](std::size_t i) { return i; });
  ids.Renumber({2, 0, 1});
  EXPECT_EQ(ids[0], 2U);
  ids.Permute({1, 2, 0});
  EXPECT_EQ(ids[0], 0U);
  EXPECT_EQ(ids[1], 1U);
  EXPECT_EQ(ids[2], 2U);
}

}  // namespace
}  // namespace tidemill::query
