// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "call.h"
#include "flow_runs.h"

namespace tidemill::orchestrator {

// A schedule of a deployment, and what its runs have in common.
struct Plan {
  std::string deployment, flow, schedule, content_key, slug;
  FlowRunSeed seed;

  // What the idempotency key of each of its runs begins with; the instant follows.
  std::string KeyPrefix() const;
};

// Makes the runs that are not there yet, Scheduled. They are many (an hour of them at a time), so they are written in
// one piece each and, as by Prefect, without an event.
Outcome<void> InsertPlannedRuns(Call& call, const Plan& plan, const std::vector<base::Time>& instants);

}  // namespace tidemill::orchestrator
