// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer.h"
#include "call.h"

namespace tidemill::orchestrator {

// POST flow_runs/history, task_runs/history: how many runs were to begin in each interval, by their states.
Outcome<Answer> FlowRunHistory(Call& call);
Outcome<Answer> TaskRunHistory(Call& call);
// POST flow_runs/lateness: by how many seconds the runs began late, or wait for it, on average; null where there are
// none.
Outcome<Answer> FlowRunLateness(Call& call);

}  // namespace tidemill::orchestrator
