// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>

#include "tidemill/base/result.h"
#include "tidemill/flow/state.h"

namespace tidemill::flow {

enum class EndKind : std::uint8_t { kReturned, kThrew, kTimedOut };

// How a piece of work ended.
struct Ending {
  base::Status status;
  EndKind kind = EndKind::kReturned;
};

// The final rule: the returned result decides, an exception is a crash.
State FinalState(const Ending& ending, base::Time now);

// Calls what a flow's author wrote; an exception becomes kInternal.
template <class F>
Ending CallGuarded(F&& function) {
  try {
    return {.status = function()};
  } catch (const std::exception& exception) {
    return {.status = base::Fail(base::ErrorCode::kInternal, "exception: {}", exception.what()),
            .kind = EndKind::kThrew};
  } catch (...) {
    return {.status = base::Fail(base::ErrorCode::kInternal, "exception of an unknown kind"), .kind = EndKind::kThrew};
  }
}

// Once a stop was asked for, whatever error follows from it counts as the cancellation.
void CountAsCancelled(Ending& ending);

}  // namespace tidemill::flow
