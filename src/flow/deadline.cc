// SPDX-License-Identifier: Apache-2.0
#include "deadline.h"

#include <algorithm>
#include <utility>

#include "retry.h"

namespace tidemill::flow {

Deadline::Deadline(const base::Clock& clock, std::chrono::milliseconds limit, std::stop_source target,
                   std::function<void()> overdue) {
  const base::Time end = clock.Now() + std::min(limit, kLongestWait);
  thread_ = std::jthread([this, &clock, end, target = std::move(target),
                          overdue = std::move(overdue)](const std::stop_token& finished) mutable {
    if (!clock.WaitUntil(end, finished)) return;
    passed_ = true;
    target.request_stop();
    if (clock.WaitUntil(end + kGrace, finished)) overdue();
  });
}

}  // namespace tidemill::flow
