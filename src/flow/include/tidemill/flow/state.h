// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"

namespace tidemill::flow {

// Prefect's nine state types.
enum class StateType : std::uint8_t {
  kScheduled,
  kPending,
  kRunning,
  kCompleted,
  kFailed,
  kCancelled,
  kCrashed,
  kPaused,
  kCancelling
};
std::string_view ToText(StateType type);  // "RUNNING"
bool IsFinal(StateType type);

// What a run is in. Names are Prefect's: Pending, Running, Retrying, AwaitingRetry, Completed, Cached, Failed,
// TimedOut, Crashed, Cancelled; and ours: Held, CheckFailed (type Failed).
struct State {
  StateType type = StateType::kPending;
  std::string name = "Pending";
  std::string message = {};
  base::Time timestamp = {};
};

}  // namespace tidemill::flow
