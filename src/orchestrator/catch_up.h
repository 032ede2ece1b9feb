// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "body.h"
#include "entity.h"

namespace tidemill::orchestrator {

// What a deployment's body says of late runs: catch_up ('all', 'latest', 'none') and max_lateness (seconds, or "6h"),
// or the labels tidemill.catch-up and tidemill.max-lateness of clients that know no such members. 422 for others.
Outcome<void> AddCatchUpCells(Members& members, Cells& cells);

}  // namespace tidemill::orchestrator
