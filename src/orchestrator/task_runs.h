// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "call.h"

namespace tidemill::orchestrator {

Outcome<Answer> CreateTaskRun(Call& call);
Outcome<Answer> GetTaskRun(Call& call);
Outcome<Answer> PatchTaskRun(Call& call);
Outcome<Answer> DeleteTaskRun(Call& call);
Outcome<Answer> SetTaskRunState(Call& call);
Outcome<Answer> FilterTaskRuns(Call& call);
Outcome<Answer> CountTaskRuns(Call& call);
Outcome<Answer> PageTaskRuns(Call& call);

}  // namespace tidemill::orchestrator
