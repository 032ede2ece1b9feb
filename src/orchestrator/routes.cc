// SPDX-License-Identifier: Apache-2.0
#include "routes.h"

#include <array>

#include "automations.h"
#include "backfills.h"
#include "blocks.h"
#include "bulk.h"
#include "concurrency_limits.h"
#include "default_storage.h"
#include "deployment_schedules.h"
#include "deployments.h"
#include "events.h"
#include "flow_runs.h"
#include "flows.h"
#include "hooks.h"
#include "logs.h"
#include "pages.h"
#include "run_history.h"
#include "scheduling.h"
#include "stores.h"
#include "task_runs.h"
#include "work.h"

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
// Requests of other pages are refused by their Origin, so that nobody needs a token.
Outcome<Answer> NoCsrfToken(Call&) {
  return Refuse(422, "CSRF protection is disabled.");
}

constexpr std::array kRoutes{
    Route{"GET", "/health", kRead, Health},
    Route{"GET", "/ready", kRead, Ready},
    Route{"GET", "/hello", kRead, Hello},
    Route{"GET", "/version", kRead, ApiVersion},
    Route{"GET", "/admin/version", kRead, AdminVersion},
    Route{"GET", "/admin/storage", kRead, GetDefaultStorage},
    Route{"PUT", "/admin/storage", kWrite, PutDefaultStorage},
    Route{"DELETE", "/admin/storage", kWrite, DeleteDefaultStorage},
    Route{"GET", "/csrf-token", kRead, NoCsrfToken},

    Route{"POST", "/flows", kWrite, CreateFlow},
    Route{"POST", "/flows/filter", kRead, FilterFlows},
    Route{"POST", "/flows/count", kRead, CountFlows},
    Route{"POST", "/flows/paginate", kRead, PageFlows},
    Route{"POST", "/flows/bulk_delete", kWrite, DeleteFlows},
    Route{"GET", "/flows/name/{name}", kRead, GetFlowByName},
    Route{"GET", "/flows/{id}", kRead, GetFlow},
    Route{"PATCH", "/flows/{id}", kWrite, PatchFlow},
    Route{"DELETE", "/flows/{id}", kWrite, DeleteFlow},

    Route{"POST", "/flow_runs", kWrite, CreateFlowRun},
    Route{"POST", "/flow_runs/filter", kRead, FilterFlowRuns},
    Route{"POST", "/flow_runs/count", kRead, CountFlowRuns},
    Route{"POST", "/flow_runs/history", kRead, FlowRunHistory},
    Route{"POST", "/flow_runs/lateness", kRead, FlowRunLateness},
    Route{"POST", "/flow_runs/paginate", kRead, PageFlowRuns},
    Route{"POST", "/flow_runs/bulk_delete", kWrite, DeleteFlowRuns},
    Route{"POST", "/flow_runs/bulk_set_state", kWrite, SetFlowRunStates},
    Route{"GET", "/flow_runs/{id}", kRead, GetFlowRun},
    Route{"PATCH", "/flow_runs/{id}", kWrite, PatchFlowRun},
    Route{"DELETE", "/flow_runs/{id}", kWrite, DeleteFlowRun},
    Route{"GET", "/flow_runs/{id}/graph", kRead, GetFlowRunGraph},
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
    Route{"POST", "/task_runs/history", kRead, TaskRunHistory},
    Route{"POST", "/task_runs/paginate", kRead, PageTaskRuns},
    Route{"GET", "/task_runs/{id}", kRead, GetTaskRun},
    Route{"PATCH", "/task_runs/{id}", kWrite, PatchTaskRun},
    Route{"DELETE", "/task_runs/{id}", kWrite, DeleteTaskRun},
    Route{"POST", "/task_runs/{id}/set_state", kWrite, SetTaskRunState},
    Route{"GET", "/task_run_states", kRead, ListStates},
    Route{"GET", "/task_run_states/{id}", kRead, GetState},

    Route{"POST", "/logs", kWrite, CreateLogs},
    Route{"POST", "/logs/filter", kRead, FilterLogs},

    Route{"POST", "/events", kWrite, PostEvents},
    Route{"POST", "/events/filter", kRead, FilterEvents},
    Route{"GET", "/events/filter/next", kRead, NextEvents},
    Route{"POST", "/events/count-by/{way}", kRead, CountEvents},

    Route{"POST", "/automations", kWrite, CreateAutomation},
    Route{"POST", "/automations/filter", kRead, FilterAutomations},
    Route{"POST", "/automations/count", kRead, CountAutomations},
    Route{"GET", "/automations/related-to/{resource}", kRead, ListAutomationsRelatedTo},
    Route{"DELETE", "/automations/owned-by/{resource}", kWrite, DeleteAutomationsOwnedBy},
    Route{"GET", "/automations/{id}", kRead, GetAutomation},
    Route{"PUT", "/automations/{id}", kWrite, PutAutomation},
    Route{"PATCH", "/automations/{id}", kWrite, PatchAutomation},
    Route{"DELETE", "/automations/{id}", kWrite, DeleteAutomation},
    Route{"GET", "/hooks", kRead, ListHooks},
    Route{"POST", "/hooks", kWrite, CreateHook},
    Route{"POST", "/hooks/{id}", kWrite, TakeHook},
    Route{"DELETE", "/hooks/{id}", kWrite, DeleteHook},

    Route{"POST", "/deployments", kWrite, CreateDeployment},
    Route{"POST", "/deployments/filter", kRead, FilterDeployments},
    Route{"POST", "/deployments/count", kRead, CountDeployments},
    Route{"POST", "/deployments/paginate", kRead, PageDeployments},
    Route{"POST", "/deployments/get_scheduled_flow_runs", kWrite, GetScheduledRunsOfDeployments},
    Route{"GET", "/deployments/name/{flow}/{name}", kRead, GetDeploymentByName},
    Route{"GET", "/deployments/{id}", kRead, GetDeployment},
    Route{"PATCH", "/deployments/{id}", kWrite, PatchDeployment},
    Route{"DELETE", "/deployments/{id}", kWrite, DeleteDeployment},
    Route{"POST", "/deployments/{id}/create_flow_run", kWrite, CreateFlowRunOfDeployment},
    Route{"POST", "/deployments/{id}/create_flow_run/bulk", kWrite, CreateFlowRunsOfDeployment},
    Route{"POST", "/deployments/bulk_delete", kWrite, DeleteDeployments},
    Route{"POST", "/deployments/{id}/pause_deployment", kWrite, PauseDeployment},
    Route{"POST", "/deployments/{id}/set_schedule_inactive", kWrite, PauseDeployment},
    Route{"POST", "/deployments/{id}/resume_deployment", kWrite, ResumeDeployment},
    Route{"POST", "/deployments/{id}/set_schedule_active", kWrite, ActivateSchedules},
    Route{"GET", "/deployments/{id}/work_queue_check", kRead, CheckWorkQueueOfDeployment},
    Route{"POST", "/deployments/{id}/backfill", kWrite, CreateBackfill},
    Route{"GET", "/deployments/{id}/backfills", kRead, ListBackfills},
    Route{"GET", "/backfills/{id}", kRead, GetBackfill},
    Route{"DELETE", "/backfills/{id}", kWrite, DeleteBackfill},
    Route{"POST", "/schedules/next", kRead, ListInstants},
    Route{"POST", "/deployments/{id}/schedule", kWrite, PlanRunsOfDeployment},
    Route{"GET", "/deployments/{id}/schedules", kRead, ListSchedules},
    Route{"POST", "/deployments/{id}/schedules", kWrite, CreateSchedules},
    Route{"PATCH", "/deployments/{id}/schedules/{schedule_id}", kWrite, PatchSchedule},
    Route{"DELETE", "/deployments/{id}/schedules/{schedule_id}", kWrite, DeleteSchedule},

    Route{"POST", "/v2/concurrency_limits", kWrite, CreateLimit},
    Route{"POST", "/v2/concurrency_limits/filter", kRead, FilterLimits},
    Route{"POST", "/v2/concurrency_limits/increment", kWrite, IncrementLimits},
    Route{"POST", "/v2/concurrency_limits/decrement", kWrite, DecrementLimits},
    Route{"POST", "/v2/concurrency_limits/increment-with-lease", kWrite, IncrementLimitsWithLease},
    Route{"POST", "/v2/concurrency_limits/decrement-with-lease", kWrite, DecrementLimitsWithLease},
    Route{"POST", "/v2/concurrency_limits/leases/{id}/renew", kWrite, RenewLease},
    Route{"GET", "/v2/concurrency_limits/{name}", kRead, GetLimit},
    Route{"PATCH", "/v2/concurrency_limits/{name}", kWrite, PatchLimit},
    Route{"DELETE", "/v2/concurrency_limits/{name}", kWrite, DeleteLimit},

    Route{"POST", "/concurrency_limits", kWrite, CreateTagLimit},
    Route{"POST", "/concurrency_limits/filter", kRead, FilterTagLimits},
    Route{"POST", "/concurrency_limits/increment", kWrite, IncrementTagLimits},
    Route{"POST", "/concurrency_limits/decrement", kWrite, DecrementTagLimits},
    Route{"GET", "/concurrency_limits/tag/{tag}", kRead, GetTagLimitByTag},
    Route{"DELETE", "/concurrency_limits/tag/{tag}", kWrite, DeleteTagLimitByTag},
    Route{"POST", "/concurrency_limits/tag/{tag}/reset", kWrite, ResetTagLimit},
    Route{"GET", "/concurrency_limits/{id}", kRead, GetTagLimit},
    Route{"DELETE", "/concurrency_limits/{id}", kWrite, DeleteTagLimit},

    Route{"POST", "/variables", kWrite, CreateVariable},
    Route{"POST", "/variables/filter", kRead, FilterVariables},
    Route{"POST", "/variables/count", kRead, CountVariables},
    Route{"GET", "/variables/name/{name}", kRead, GetVariableByName},
    Route{"PATCH", "/variables/name/{name}", kWrite, PatchVariableByName},
    Route{"DELETE", "/variables/name/{name}", kWrite, DeleteVariableByName},
    Route{"GET", "/variables/{id}", kRead, GetVariable},
    Route{"PATCH", "/variables/{id}", kWrite, PatchVariable},
    Route{"DELETE", "/variables/{id}", kWrite, DeleteVariable},

    Route{"POST", "/artifacts", kWrite, CreateArtifact},
    Route{"POST", "/artifacts/filter", kRead, FilterArtifacts},
    Route{"POST", "/artifacts/count", kRead, CountArtifacts},
    Route{"POST", "/artifacts/latest/filter", kRead, FilterLatestArtifacts},
    Route{"POST", "/artifacts/latest/count", kRead, CountLatestArtifacts},
    Route{"GET", "/artifacts/{key}/latest", kRead, GetLatestArtifact},
    Route{"GET", "/artifacts/{id}", kRead, GetArtifact},
    Route{"PATCH", "/artifacts/{id}", kWrite, PatchArtifact},
    Route{"DELETE", "/artifacts/{id}", kWrite, DeleteArtifact},

    Route{"POST", "/work_pools", kWrite, CreateWorkPool},
    Route{"POST", "/work_pools/filter", kRead, FilterWorkPools},
    Route{"POST", "/work_pools/count", kRead, CountWorkPools},
    Route{"GET", "/work_pools/{name}", kRead, GetWorkPool},
    Route{"PATCH", "/work_pools/{name}", kWrite, PatchWorkPool},
    Route{"DELETE", "/work_pools/{name}", kWrite, DeleteWorkPool},
    Route{"POST", "/work_pools/{name}/get_scheduled_flow_runs", kWrite, GetScheduledRunsOfPool},
    Route{"POST", "/work_pools/{name}/concurrency_status", kRead, GetSlotsOfPool},
    Route{"POST", "/work_pools/{name}/workers/heartbeat", kWrite, Heartbeat},
    Route{"POST", "/work_pools/{name}/workers/filter", kRead, FilterWorkers},
    Route{"DELETE", "/work_pools/{name}/workers/{worker}", kWrite, DeleteWorker},
    Route{"POST", "/work_pools/{name}/queues", kWrite, CreatePoolQueue},
    Route{"POST", "/work_pools/{name}/queues/filter", kRead, FilterPoolQueues},
    Route{"GET", "/work_pools/{name}/queues/{queue}", kRead, GetPoolQueue},
    Route{"PATCH", "/work_pools/{name}/queues/{queue}", kWrite, PatchPoolQueue},
    Route{"DELETE", "/work_pools/{name}/queues/{queue}", kWrite, DeletePoolQueue},
    Route{"POST", "/work_queues", kWrite, CreateWorkQueue},
    Route{"POST", "/work_queues/filter", kRead, FilterWorkQueues},
    Route{"GET", "/work_queues/name/{name}", kRead, GetWorkQueueByName},
    Route{"GET", "/work_queues/{id}", kRead, GetWorkQueue},
    Route{"PATCH", "/work_queues/{id}", kWrite, PatchWorkQueue},
    Route{"DELETE", "/work_queues/{id}", kWrite, DeleteWorkQueue},
    Route{"GET", "/work_queues/{id}/status", kRead, GetWorkQueueStatus},
    Route{"POST", "/work_queues/{id}/concurrency_status", kRead, GetSlotsOfQueue},
    Route{"POST", "/work_queues/{id}/get_runs", kWrite, GetRunsOfQueue},

    Route{"POST", "/block_types", kWrite, CreateBlockType},
    Route{"POST", "/block_types/filter", kRead, FilterBlockTypes},
    Route{"POST", "/block_types/install_system_block_types", kRead, InstallBlockTypes},
    Route{"GET", "/block_types/slug/{slug}", kRead, GetBlockTypeBySlug},
    Route{"GET", "/block_types/slug/{slug}/block_documents", kRead, ListBlockDocumentsOfType},
    Route{"GET", "/block_types/slug/{slug}/block_documents/name/{name}", kRead, GetBlockDocumentByName},
    Route{"GET", "/block_types/{id}", kRead, GetBlockType},
    Route{"PATCH", "/block_types/{id}", kWrite, PatchBlockType},
    Route{"DELETE", "/block_types/{id}", kWrite, DeleteBlockType},
    Route{"POST", "/block_schemas", kWrite, CreateBlockSchema},
    Route{"POST", "/block_schemas/filter", kRead, FilterBlockSchemas},
    Route{"GET", "/block_schemas/checksum/{checksum}", kRead, GetBlockSchemaByChecksum},
    Route{"GET", "/block_schemas/{id}", kRead, GetBlockSchema},
    Route{"DELETE", "/block_schemas/{id}", kWrite, DeleteBlockSchema},
    Route{"GET", "/block_capabilities", kRead, ListBlockCapabilities},
    Route{"POST", "/block_documents", kWrite, CreateBlockDocument},
    Route{"POST", "/block_documents/filter", kRead, FilterBlockDocuments},
    Route{"POST", "/block_documents/count", kRead, CountBlockDocuments},
    Route{"GET", "/block_documents/{id}", kRead, GetBlockDocument},
    Route{"PATCH", "/block_documents/{id}", kWrite, PatchBlockDocument},
    Route{"DELETE", "/block_documents/{id}", kWrite, DeleteBlockDocument},

    Route{"GET", "/pages/dashboard", kRead, PageDashboard},
    Route{"GET", "/pages/flows", kRead, PageFlowList},
    Route{"GET", "/pages/flows/{id}", kRead, PageFlow},
    Route{"GET", "/pages/runs", kRead, PageRuns},
    Route{"GET", "/pages/runs/{id}", kRead, PageRun},
    Route{"GET", "/pages/runs/{id}/logs", kRead, PageRunLogs},
    Route{"GET", "/pages/deployments", kRead, PageDeploymentList},
    Route{"GET", "/pages/deployments/{id}", kRead, PageDeployment},
    Route{"GET", "/pages/work", kRead, PageWork},
    Route{"GET", "/pages/work/{name}", kRead, PageWorkPool},
    Route{"GET", "/pages/blocks", kRead, PageBlocks},
    Route{"GET", "/pages/blocks/{id}", kRead, PageBlock},
    Route{"GET", "/pages/block_types/{slug}", kRead, PageBlockType},
    Route{"GET", "/pages/artifacts", kRead, PageArtifacts},
    Route{"GET", "/pages/variables", kRead, PageVariables},
    Route{"GET", "/pages/limits", kRead, PageLimits},
    Route{"GET", "/pages/automations", kRead, PageAutomations},
};

}  // namespace

std::span<const Route> Routes() {
  return kRoutes;
}

}  // namespace tidemill::orchestrator
