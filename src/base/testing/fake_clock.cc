// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/testing/fake_clock.h"

namespace tidemill::base::testing {

Time FakeClock::Now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

bool FakeClock::SleepFor(Duration duration, std::stop_token stop) const {
  if (stop.stop_requested()) return false;
  const std::lock_guard lock(mutex_);
  now_ += duration;
  slept_ += duration;
  moved_.notify_all();
  return true;
}

bool FakeClock::WaitUntil(Time deadline, std::stop_token stop) const {
  std::unique_lock lock(mutex_);
  return moved_.wait(lock, stop, [&] { return now_ >= deadline; });
}

void FakeClock::Advance(Duration duration) {
  const std::lock_guard lock(mutex_);
  now_ += duration;
  moved_.notify_all();
}

Duration FakeClock::slept() const {
  const std::lock_guard lock(mutex_);
  return slept_;
}

}  // namespace tidemill::base::testing
