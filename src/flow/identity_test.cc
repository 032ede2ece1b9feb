// SPDX-License-Identifier: Apache-2.0
#include "tidemill/flow/identity.h"

#include <gtest/gtest.h>

namespace tidemill::flow {
namespace {

TEST(Identity, NamesARunByTwoWords) {
  EXPECT_EQ(MakeFlowRunInfo([] { return 0.0; }).name, "able-avocet");
  EXPECT_EQ(MakeFlowRunInfo([] { return 0.0; }).id, "00000000-0000-4000-8000-000000000000");
}

TEST(Identity, StaysWithinItsWordsAtTheEndsOfTheRange) {
  const auto run = MakeFlowRunInfo([] { return 1.0; });  // a generator that rounds up to 1 is a fault seen in the field
  EXPECT_EQ(run.id, "ffffffff-ffff-4fff-bfff-ffffffffffff");
  EXPECT_NE(run.name.find('-'), std::string::npos);
}

TEST(Identity, GivesTaskRunsIdsThatSortByTime) {
  const base::Time time{std::chrono::seconds(1'700'000'000)};
  const auto random = [] { return 0.5; };
  EXPECT_LT(MakeTaskRunId(time, random), MakeTaskRunId(time + std::chrono::seconds(1), random));
}

}  // namespace
}  // namespace tidemill::flow
