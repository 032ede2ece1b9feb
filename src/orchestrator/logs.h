// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "call.h"

namespace tidemill::orchestrator {

Outcome<Answer> CreateLogs(Call& call);
Outcome<Answer> FilterLogs(Call& call);

}  // namespace tidemill::orchestrator
