// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/clock.h"

#include <condition_variable>
#include <mutex>

namespace tidemill::base {

Time SystemClock::Now() const {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

bool SystemClock::SleepFor(Duration duration, std::stop_token stop) const {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace tidemill::base
