// SPDX-License-Identifier: Apache-2.0
#include "retry.h"

#include <limits>

#include <gtest/gtest.h>

namespace tidemill::flow {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST(WaitAfter, GrowsByTheFactorUpToTheCap) {
  const Retry retry{.delay = 2s, .factor = 2.0, .cap = 10s};
  EXPECT_EQ(WaitAfter(retry, 1, 0, 0s), 2s);
  EXPECT_EQ(WaitAfter(retry, 2, 0, 0s), 4s);
  EXPECT_EQ(WaitAfter(retry, 3, 0, 0s), 8s);
  EXPECT_EQ(WaitAfter(retry, 4, 0, 0s), 10s);
  EXPECT_EQ(WaitAfter(retry, 5000, 0, 0s), 10s);
}

TEST(WaitAfter, TakesListedDelaysAndRepeatsTheLast) {
  const Retry retry{.delays = {1s, 5s}};
  EXPECT_EQ(WaitAfter(retry, 1, 0, 0s), 1s);
  EXPECT_EQ(WaitAfter(retry, 2, 0, 0s), 5s);
  EXPECT_EQ(WaitAfter(retry, 9, 0, 0s), 5s);
}

TEST(WaitAfter, StretchesByTheJitterAndNeverShortens) {
  const Retry retry{.delay = 10s, .jitter = 0.3};
  EXPECT_EQ(WaitAfter(retry, 1, 0.0, 0s), 10s);
  EXPECT_EQ(WaitAfter(retry, 1, 0.5, 0s), 11'500ms);
  EXPECT_EQ(WaitAfter({.delay = 10s, .jitter = -5}, 1, 0.5, 0s), 10s);
}

TEST(WaitAfter, WaitsAtLeastAsAsked) {
  EXPECT_EQ(WaitAfter({.delay = 2s}, 1, 0, 30s), 30s);
  EXPECT_EQ(WaitAfter({.delay = 2s}, 1, 0, 1s), 2s);
  EXPECT_EQ(WaitAfter({.delay = 2s}, 1, 0, -5s), 2s);
}

TEST(WaitAfter, KeepsWithinAYearWhateverComes) {
  EXPECT_EQ(WaitAfter({}, 1, 0, milliseconds::max()), kLongestWait);
  EXPECT_EQ(WaitAfter({.delay = milliseconds::max(), .cap = milliseconds::max(), .jitter = 9}, 9, 0.9, 0s),
            kLongestWait);
  EXPECT_EQ(WaitAfter({.delay = 0s, .factor = std::numeric_limits<double>::infinity()}, 3, 0, 0s), 0s);
}

TEST(MayRetry, LooksAtTheErrorTable) {
  const Retry retry{.times = 2};
  EXPECT_TRUE(MayRetry(retry, 1, {.code = base::ErrorCode::kUnavailable, .message = {}}));
  EXPECT_TRUE(MayRetry(retry, 2, {.code = base::ErrorCode::kTimeOut, .message = {}}));
  EXPECT_FALSE(MayRetry(retry, 3, {.code = base::ErrorCode::kTimeOut, .message = {}}));
  EXPECT_FALSE(MayRetry(retry, 1, {.code = base::ErrorCode::kNotFound, .message = {}}));
}

}  // namespace
}  // namespace tidemill::flow
