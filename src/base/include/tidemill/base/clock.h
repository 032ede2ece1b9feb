// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>

namespace tidemill::base {

using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

// Time is passed in, so that tests advance a clock and never sleep. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time Now() const = 0;
  // Waits; false when `stop` was asked for first.
  virtual bool SleepFor(Duration duration, std::stop_token stop) const = 0;
};

class SystemClock final : public Clock {
 public:
  Time Now() const override;
  bool SleepFor(Duration duration, std::stop_token stop) const override;
};

}  // namespace tidemill::base
