// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "call.h"

namespace tidemill::orchestrator {

inline constexpr std::string_view kNoDeployment = "Deployment not found";

// With the runs that wait; how many there were, 0 or 1.
Outcome<std::int64_t> EraseDeployment(Call& call, const std::string& id);

Outcome<Answer> CreateDeployment(Call& call);
Outcome<Answer> GetDeployment(Call& call);
Outcome<Answer> GetDeploymentByName(Call& call);
Outcome<Answer> PatchDeployment(Call& call);
Outcome<Answer> DeleteDeployment(Call& call);
Outcome<Answer> FilterDeployments(Call& call);
Outcome<Answer> CountDeployments(Call& call);
Outcome<Answer> PageDeployments(Call& call);
Outcome<Answer> CreateFlowRunOfDeployment(Call& call);
Outcome<Answer> CreateFlowRunsOfDeployment(Call& call);  // a list of them
Outcome<Answer> GetScheduledRunsOfDeployments(Call& call);
Outcome<Answer> PauseDeployment(Call& call);
Outcome<Answer> ResumeDeployment(Call& call);
Outcome<Answer> ActivateSchedules(Call& call);  // as 2.11 resumes: with one schedule, which is active then
Outcome<Answer> CheckWorkQueueOfDeployment(Call& call);

// POST schedules/next: when {"schedule": …} fires, "count" times from "from" on.
Outcome<Answer> ListInstants(Call& call);

}  // namespace tidemill::orchestrator
