// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

#include "tidemill/base/clock.h"

namespace tidemill::flow {

// Asks `target` to stop when the time is over; stands from its construction to its destruction. Work that does not
// look at its token cannot be ended inside a process: `overdue` is called once, when it has ignored it for half a
// minute.
class Deadline {
 public:
  static constexpr std::chrono::seconds kGrace{30};

  Deadline(const base::Clock& clock, std::chrono::milliseconds limit, std::stop_source target,
           std::function<void()> overdue);
  bool passed() const { return passed_.load(); }

 private:
  std::atomic<bool> passed_ = false;
  std::jthread thread_;
};

}  // namespace tidemill::flow
