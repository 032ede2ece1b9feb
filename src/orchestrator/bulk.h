// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "call.h"

// POST …/bulk_…: what one request does to all that its filter lets through, so many at once ("limit").
namespace tidemill::orchestrator {

Outcome<Answer> DeleteFlows(Call& call);
Outcome<Answer> DeleteFlowRuns(Call& call);
Outcome<Answer> DeleteDeployments(Call& call);
Outcome<Answer> SetFlowRunStates(Call& call);

}  // namespace tidemill::orchestrator
