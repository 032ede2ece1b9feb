// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "tidemill/base/clock.h"
#include "tidemill/flow/observer.h"

namespace tidemill::flow {

// Ids and names of runs where no server gives them. `random` draws from [0, 1).
FlowRunInfo MakeFlowRunInfo(const std::function<double()>& random);                // a random UUID, "clever-heron"
std::string MakeTaskRunId(base::Time now, const std::function<double()>& random);  // a UUID that sorts by time

}  // namespace tidemill::flow
