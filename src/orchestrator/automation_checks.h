// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "body.h"
#include "call.h"

namespace tidemill::orchestrator {

// A trigger as it is kept: with what it leaves out, and with ids of our own for it and all its parts.
json::object WholeTrigger(Call& call, const json::object& trigger);

// 422 for an automation that would start runs by the beginning of the runs that it starts.
Outcome<void> CheckIsNoLoop(const json::object& trigger, const json::array& actions);

// 422 for actions of which one starts runs with job variables that do not fit the pool of its deployment.
Outcome<void> CheckVariablesOfActions(Call& call, const json::array& actions);

}  // namespace tidemill::orchestrator
