// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "call.h"

// Work pools, their queues, and the handing out of runs.
namespace tidemill::orchestrator {

inline constexpr std::string_view kAgentPool = "default-agent-pool";  // of what names a queue and no pool

// The id of a pool's queue; both are made where they are not there yet and may be made (the agents' pool; any pool's
// queue). 404 for a pool that does not exist. An empty queue name means the pool's default queue.
Outcome<std::string> FindQueue(Call& call, const std::optional<std::string>& pool, const std::string& queue);

Outcome<Answer> CreateWorkPool(Call& call);
Outcome<Answer> GetWorkPool(Call& call);
Outcome<Answer> PatchWorkPool(Call& call);
Outcome<Answer> DeleteWorkPool(Call& call);
Outcome<Answer> FilterWorkPools(Call& call);
Outcome<Answer> CountWorkPools(Call& call);
Outcome<Answer> GetScheduledRunsOfPool(Call& call);
Outcome<Answer> GetSlotsOfPool(Call& call);  // who holds them

Outcome<Answer> Heartbeat(Call& call);
Outcome<Answer> FilterWorkers(Call& call);
Outcome<Answer> DeleteWorker(Call& call);

Outcome<Answer> CreatePoolQueue(Call& call);
Outcome<Answer> FilterPoolQueues(Call& call);
Outcome<Answer> GetPoolQueue(Call& call);
Outcome<Answer> PatchPoolQueue(Call& call);
Outcome<Answer> DeletePoolQueue(Call& call);

Outcome<Answer> CreateWorkQueue(Call& call);
Outcome<Answer> GetWorkQueue(Call& call);
Outcome<Answer> GetWorkQueueByName(Call& call);
Outcome<Answer> PatchWorkQueue(Call& call);
Outcome<Answer> DeleteWorkQueue(Call& call);
Outcome<Answer> FilterWorkQueues(Call& call);
Outcome<Answer> GetRunsOfQueue(Call& call);
Outcome<Answer> GetWorkQueueStatus(Call& call);
Outcome<Answer> GetSlotsOfQueue(Call& call);

}  // namespace tidemill::orchestrator
