// SPDX-License-Identifier: Apache-2.0
#include "tidemill/flow/state.h"

#include <array>

namespace tidemill::flow {

std::string_view ToText(StateType type) {
  static constexpr std::array<std::string_view, 9> kNames{"SCHEDULED", "PENDING", "RUNNING", "COMPLETED", "FAILED",
                                                          "CANCELLED", "CRASHED", "PAUSED",  "CANCELLING"};
  return kNames[static_cast<std::size_t>(type)];
}

bool IsFinal(StateType type) {
  return type == StateType::kCompleted || type == StateType::kFailed || type == StateType::kCancelled ||
         type == StateType::kCrashed;
}

}  // namespace tidemill::flow
