// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "body.h"
#include "call.h"
#include "entity.h"

namespace tidemill::orchestrator {

// The words that a filter of log lines asks for, over "log l".
Outcome<void> AddLogText(const json::object& filter, Selection& selection);

Outcome<Answer> CreateLogs(Call& call);
Outcome<Answer> FilterLogs(Call& call);

}  // namespace tidemill::orchestrator
