// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "call.h"

namespace tidemill::orchestrator {

Outcome<Answer> CreateDeployment(Call& call);
Outcome<Answer> GetDeployment(Call& call);
Outcome<Answer> GetDeploymentByName(Call& call);
Outcome<Answer> PatchDeployment(Call& call);
Outcome<Answer> DeleteDeployment(Call& call);
Outcome<Answer> FilterDeployments(Call& call);
Outcome<Answer> CountDeployments(Call& call);
Outcome<Answer> PageDeployments(Call& call);
Outcome<Answer> CreateFlowRunOfDeployment(Call& call);
Outcome<Answer> GetScheduledRunsOfDeployments(Call& call);
Outcome<Answer> PauseDeployment(Call& call);
Outcome<Answer> ResumeDeployment(Call& call);
Outcome<Answer> CheckWorkQueueOfDeployment(Call& call);

Outcome<Answer> ListSchedules(Call& call);
Outcome<Answer> CreateSchedules(Call& call);
Outcome<Answer> PatchSchedule(Call& call);
Outcome<Answer> DeleteSchedule(Call& call);
// POST schedules/next: when {"schedule": …} fires, "count" times from "from" on.
Outcome<Answer> ListInstants(Call& call);

}  // namespace tidemill::orchestrator
