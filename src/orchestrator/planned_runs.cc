// SPDX-License-Identifier: Apache-2.0
#include "planned_runs.h"

#include <utility>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "entity.h"
#include "instant.h"
#include "runs.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kType = "SCHEDULED";
constexpr std::string_view kName = "Scheduled";
constexpr std::string_view kMessage = "Flow run scheduled";

constexpr std::string_view kInsertRun =
    "INSERT INTO flow_run(id, name, state_id, idempotency_key, expected_start, next_start, created, updated, state_at, "
    "flow_id, deployment_id, deployment_version, state_type, state_name, parameters, labels, tags, policy, "
    "work_queue_name, work_queue_id, job_variables, infrastructure_document_id, created_by, run_count, context, "
    "auto_scheduled, total_run) VALUES(?1, ?2, ?3, ?4, ?5, ?5, ?6, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
    "?16, ?17, ?18, ?19, ?20, 0, '{}', 1, 0) ON CONFLICT(flow_id, idempotency_key) DO NOTHING";
constexpr std::string_view kInsertState =
    "INSERT INTO run_state(id, run_id, at, details, type, name, message) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";

// The arguments of kInsertRun; the first five are each run's own.
db::Row RunArguments(const Call& call, const Plan& plan) {
  const FlowRunSeed& seed = plan.seed;
  const json::object labels{{"prefect.flow.id", plan.flow}, {"prefect.deployment.id", plan.deployment}};
  return {{},
          {},
          {},
          {},
          {},
          Micros(call.now),
          plan.flow,
          plan.deployment,
          db::OrNull(seed.deployment_version),
          std::string(kType),
          std::string(kName),
          seed.parameters,
          json::serialize(labels),
          seed.tags,
          FlowPolicyText(nullptr),
          db::OrNull(seed.work_queue_name),
          db::OrNull(seed.work_queue_id),
          seed.job_variables,
          db::OrNull(seed.infrastructure_document_id),
          db::OrNull(seed.created_by)};
}

}  // namespace

std::string Plan::KeyPrefix() const {
  return fmt::format("scheduled {} {} ", deployment, content_key);
}

Outcome<void> InsertPlannedRuns(Call& call, const Plan& plan, const std::vector<base::Time>& instants) {
  db::Row run = RunArguments(call, plan);
  db::Row state{{}, {}, Micros(call.now), {}, std::string(kType), std::string(kName), std::string(kMessage)};
  const std::string prefix = plan.KeyPrefix();
  for (const base::Time at : instants) {
    const std::string instant = InstantText(at);
    run[0] = state[1] = call.NewIdAt();
    run[1] = call.NewName();
    run[2] = state[0] = call.NewIdAt();
    run[3] = prefix + instant;
    run[4] = Micros(at);
    TIDEMILL_ASSIGN(const std::int64_t made, call.db.Change(kInsertRun, run));
    if (made == 0) continue;  // planned before
    state[3] = fmt::format(R"({{"flow_run_id":"{}","scheduled_time":"{}"}})", db::TextOf(run[0]), instant);
    TIDEMILL_CHECK(call.db.Change(kInsertState, state));
  }
  return {};
}

}  // namespace tidemill::orchestrator
