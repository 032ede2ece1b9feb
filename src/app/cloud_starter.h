// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/worker/infrastructure.h"

namespace tidemill::app {

// Runs a flow run as a job of Cloud Run; `type` says what the fields mean: "cloud-run-job" (a block of Prefect 2) or
// "cloud-run-v2" (a work pool).
worker::Starter StartsCloudRunJobs(std::string type);
// Finds a job that an agent which was killed had started.
worker::Finder FindsCloudRunJobs(std::string type);

}  // namespace tidemill::app
