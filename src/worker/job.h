// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/prefect/client.h"
#include "tidemill/worker/infrastructure.h"

namespace tidemill::worker {

// What is to be started for a run, and by what.
struct Planned {
  Job job;
  std::string type;  // of the infrastructure: "process"
};

// Asks the server for the run's deployment, flow and infrastructure. kNotFound where its deployment is gone.
base::Result<Planned> PlanJob(const prefect::Client& client, const prefect::json::value& flow_run,
                              const prefect::json::value& pool, const std::string& default_type,
                              const prefect::AskOptions& ask);

// Lays `over` onto `variables`; a dotted name ("env.KEY") names a member within.
void LayOver(prefect::json::object& variables, const prefect::json::object& over);

}  // namespace tidemill::worker
