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
  // Waits until Now() has reached `deadline`; false when `stop` was asked for first. Unlike SleepFor it looks on: a
  // fake clock does not move by it, so a deadline never passes a test by itself.
  virtual bool WaitUntil(Time deadline, std::stop_token stop) const { return SleepFor(deadline - Now(), stop); }
};

class SystemClock final : public Clock {
 public:
  Time Now() const override;
  bool SleepFor(Duration duration, std::stop_token stop) const override;
};

}  // namespace tidemill::base
