// SPDX-License-Identifier: Apache-2.0
#include "routes.h"

#include <array>

#include "flow_runs.h"
#include "flows.h"
#include "logs.h"
#include "task_runs.h"

namespace tidemill::orchestrator {
namespace {

constexpr Access kRead = Access::kRead;
constexpr Access kWrite = Access::kWrite;

// The newest client that the server was tried with: clients warn of a server that is older than they are.
Outcome<Answer> AdminVersion(Call&) {
  return Answer{.status = 200, .body = "\"3.8.8\""};
}
Outcome<Answer> ApiVersion(Call&) {
  return Answer{.status = 200, .body = "\"0.8.4\""};
}
Outcome<Answer> Health(Call&) {
  return Answer{.status = 200, .body = "true"};
}
Outcome<Answer> Ready(Call&) {
  return Answer{.status = 200, .body = R"({"message":"OK"})"};
}
Outcome<Answer> Hello(Call&) {
  return Answer{.status = 200, .body = "\"\xF0\x9F\x91\x8B\""};
}
Outcome<Answer> NoDefaultStorage(Call&) {
  return Answer{.status = 200, .body = R"({"default_result_storage_block_id":null})"};
}

constexpr std::array kRoutes{
    Route{"GET", "/health", kRead, Health},
    Route{"GET", "/ready", kRead, Ready},
    Route{"GET", "/hello", kRead, Hello},
    Route{"GET", "/version", kRead, ApiVersion},
    Route{"GET", "/admin/version", kRead, AdminVersion},
    Route{"GET", "/admin/storage", kRead, NoDefaultStorage},

    Route{"POST", "/flows", kWrite, CreateFlow},
    Route{"POST", "/flows/filter", kRead, FilterFlows},
    Route{"POST", "/flows/count", kRead, CountFlows},
    Route{"POST", "/flows/paginate", kRead, PageFlows},
    Route{"GET", "/flows/name/{name}", kRead, GetFlowByName},
    Route{"GET", "/flows/{id}", kRead, GetFlow},
    Route{"PATCH", "/flows/{id}", kWrite, PatchFlow},
    Route{"DELETE", "/flows/{id}", kWrite, DeleteFlow},

    Route{"POST", "/flow_runs", kWrite, CreateFlowRun},
    Route{"POST", "/flow_runs/filter", kRead, FilterFlowRuns},
    Route{"POST", "/flow_runs/count", kRead, CountFlowRuns},
    Route{"POST", "/flow_runs/paginate", kRead, PageFlowRuns},
    Route{"GET", "/flow_runs/{id}", kRead, GetFlowRun},
    Route{"PATCH", "/flow_runs/{id}", kWrite, PatchFlowRun},
    Route{"DELETE", "/flow_runs/{id}", kWrite, DeleteFlowRun},
    Route{"PATCH", "/flow_runs/{id}/labels", kWrite, PatchFlowRunLabels},
    Route{"POST", "/flow_runs/{id}/set_state", kWrite, SetFlowRunState},
    Route{"POST", "/flow_runs/{id}/resume", kWrite, ResumeFlowRun},
    Route{"POST", "/flow_runs/{id}/input", kWrite, CreateFlowRunInput},
    Route{"POST", "/flow_runs/{id}/input/filter", kRead, FilterFlowRunInput},
    Route{"GET", "/flow_runs/{id}/input/{key}", kRead, GetFlowRunInput},
    Route{"DELETE", "/flow_runs/{id}/input/{key}", kWrite, DeleteFlowRunInput},
    Route{"GET", "/flow_run_states", kRead, ListStates},
    Route{"GET", "/flow_run_states/{id}", kRead, GetState},

    Route{"POST", "/task_runs", kWrite, CreateTaskRun},
    Route{"POST", "/task_runs/filter", kRead, FilterTaskRuns},
    Route{"POST", "/task_runs/count", kRead, CountTaskRuns},
    Route{"POST", "/task_runs/paginate", kRead, PageTaskRuns},
    Route{"GET", "/task_runs/{id}", kRead, GetTaskRun},
    Route{"PATCH", "/task_runs/{id}", kWrite, PatchTaskRun},
    Route{"DELETE", "/task_runs/{id}", kWrite, DeleteTaskRun},
    Route{"POST", "/task_runs/{id}/set_state", kWrite, SetTaskRunState},
    Route{"GET", "/task_run_states", kRead, ListStates},
    Route{"GET", "/task_run_states/{id}", kRead, GetState},

    Route{"POST", "/logs", kWrite, CreateLogs},
    Route{"POST", "/logs/filter", kRead, FilterLogs},
};

}  // namespace

std::span<const Route> Routes() {
  return kRoutes;
}

}  // namespace tidemill::orchestrator
