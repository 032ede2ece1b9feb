// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "tidemill/prefect/client.h"

namespace tidemill::prefect {

// The template for the jobs of a work pool: variables with their schema, and where workers put them, named as
// Prefect's own pools of the type name them ("process", "cloud-run", "cloud-run-v2"). An empty object for other types.
base::Result<json::value> BaseJobTemplate(std::string_view type);

// Makes the pool whose queues those of agents are, where there is none: without it a stock server of 3.x takes any
// pool's queue of a name for the agents'.
base::Status EnsureAgentPool(const Client& client, const AskOptions& ask);

}  // namespace tidemill::prefect
