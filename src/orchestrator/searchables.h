// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter.h"

// What each entity's answers, filters and orders are made of.
namespace tidemill::orchestrator {

extern const Searchable kFlows, kFlowRuns, kTaskRuns, kDeployments, kWorkPools, kWorkQueues, kLogs, kVariables,
    kArtifacts, kBlockTypes, kAutomations;
extern const Searchable kPoolQueues;       // those of a pool, by priority
extern const Searchable kLatestArtifacts;  // with latest_id
extern const Entity kTaskDependencies;     // over "task_run t": with what each takes from others

}  // namespace tidemill::orchestrator
