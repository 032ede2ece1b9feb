// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/console/verb.h"

// The commands that are more than one request.
namespace tidemill::console {

base::Status ListFlowRuns(const Context& context);
base::Status CancelFlowRun(const Context& context);
base::Status RetryFlowRun(const Context& context);
base::Status ShowFlowRunLogs(const Context& context);
base::Status WatchFlowRun(const Context& context);

base::Status BuildDeployment(const Context& context);
base::Status ApplyDeployments(const Context& context);
base::Status DeployFromFile(const Context& context);
base::Status ListDeployments(const Context& context);
base::Status InspectDeployment(const Context& context);
base::Status RunDeployment(const Context& context);
base::Status DeleteDeployment(const Context& context);
base::Status SetSchedule(const Context& context);
base::Status PauseDeployment(const Context& context);
base::Status ResumeDeployment(const Context& context);
base::Status ListSchedules(const Context& context);
base::Status CreateSchedule(const Context& context);
base::Status ChangeSchedule(const Context& context);  // delete, pause, resume, clear

base::Status BackfillDeployment(const Context& context);
base::Status ListBackfills(const Context& context);
base::Status CreateAutomations(const Context& context);
base::Status InspectAutomation(const Context& context);
base::Status PauseAutomation(const Context& context);
base::Status ResumeAutomation(const Context& context);
base::Status DeleteAutomation(const Context& context);
base::Status CreateHook(const Context& context);
base::Status StreamEvents(const Context& context);

base::Status CreateWorkPool(const Context& context);
base::Status RegisterBlocks(const Context& context);
base::Status CreateBlock(const Context& context);
base::Status ListBlocks(const Context& context);
base::Status InspectBlock(const Context& context);
base::Status DeleteBlock(const Context& context);

base::Status ListArtifacts(const Context& context);
base::Status GetVariable(const Context& context);
base::Status SetVariable(const Context& context);
base::Status ShowServerStatus(const Context& context);
base::Status ListProfiles(const Context& context);
base::Status ChangeProfile(const Context& context);  // create, use, delete, rename, inspect
base::Status ViewConfig(const Context& context);
base::Status SetConfig(const Context& context);
base::Status UnsetConfig(const Context& context);

}  // namespace tidemill::console
