// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>

#include "tidemill/base/clock.h"

namespace tidemill::base::testing {

// Sleeping advances it at once, so a test of back-off takes no time and can ask how long was slept.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Time now) : now_(now) {}
  Time Now() const override;
  bool SleepFor(Duration duration, std::stop_token stop) const override;
  bool WaitUntil(Time deadline, std::stop_token stop) const override;
  void Advance(Duration duration);
  Duration slept() const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable_any moved_;
  mutable Time now_;
  mutable Duration slept_{};
};

}  // namespace tidemill::base::testing
