// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "tidemill/base/result.h"
#include "tidemill/flow/run.h"

namespace tidemill::flow {

// No wait is longer, whatever is asked for; keeps the arithmetic of times whole.
constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours(24 * 365);

// Whether an attempt (from 1) that ended with this error is followed by another. A check's verdict never is: the same
// input would meet the same check.
bool MayRetry(const Retry& retry, int attempt, const base::Error& error);

// How long to wait after an attempt (from 1). `drawn` is from [0, 1); `asked` is the least, from RetryAfter.
std::chrono::milliseconds WaitAfter(const Retry& retry, int attempt, double drawn, std::chrono::milliseconds asked);

}  // namespace tidemill::flow
