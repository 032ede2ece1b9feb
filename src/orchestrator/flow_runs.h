// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "call.h"
#include "state.h"

namespace tidemill::orchestrator {

// What a new flow run is made of; JSON members are texts.
struct FlowRunSeed {
  std::string flow_id = {};
  std::string name = {};  // empty: one is invented
  std::optional<std::string> flow_version = {}, deployment_id = {}, deployment_version = {}, idempotency_key = {},
                             parent_task_run_id = {}, work_queue_id = {}, work_queue_name = {},
                             infrastructure_document_id = {}, created_by = {};
  std::string parameters = "{}", context = "{}", tags = "[]", policy = {}, job_variables = "{}";
  json::object labels = {};
  bool auto_scheduled = false;
  State state = MakeState(StateType::kPending, "Pending");
};

struct MadeFlowRun {
  std::string id;
  bool fresh = true;  // false: a run with this idempotency key was there
};
Outcome<MadeFlowRun> MakeFlowRun(Call& call, FlowRunSeed seed);
// With its states, tasks and logs; how many there were, 0 or 1.
Outcome<std::int64_t> EraseFlowRun(Call& call, const std::string& id);
Outcome<Answer> AnswerFlowRun(Call& call, const std::string& id, int status);

Outcome<Answer> CreateFlowRun(Call& call);
Outcome<Answer> GetFlowRun(Call& call);
Outcome<Answer> PatchFlowRun(Call& call);
Outcome<Answer> PatchFlowRunLabels(Call& call);
Outcome<Answer> DeleteFlowRun(Call& call);
Outcome<Answer> SetFlowRunState(Call& call);
Outcome<Answer> ResumeFlowRun(Call& call);
Outcome<Answer> FilterFlowRuns(Call& call);
Outcome<Answer> CountFlowRuns(Call& call);
Outcome<Answer> PageFlowRuns(Call& call);
// The run's tasks, each with what it takes from others.
Outcome<Answer> GetFlowRunGraph(Call& call);

Outcome<Answer> CreateFlowRunInput(Call& call);
Outcome<Answer> FilterFlowRunInput(Call& call);
Outcome<Answer> GetFlowRunInput(Call& call);
Outcome<Answer> DeleteFlowRunInput(Call& call);

}  // namespace tidemill::orchestrator
