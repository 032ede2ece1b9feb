// SPDX-License-Identifier: Apache-2.0
#include "searchables.h"

#include <algorithm>
#include <array>

#include "limit_slots.h"

namespace tidemill::orchestrator {
namespace {

template <std::size_t count>
constexpr std::array<Column, count + 1> And(const std::array<Column, count>& columns, Column more) {
  std::array<Column, count + 1> all{};
  std::copy(columns.begin(), columns.end(), all.begin());
  all.back() = more;
  return all;
}

// ---- flows
constexpr std::array kFlowColumns{Column{"id", "f.id"},
                                  Column{"created", "f.created", Kind::kInstant},
                                  Column{"updated", "f.updated", Kind::kInstant},
                                  Column{"name", "f.name"},
                                  Column{"tags", "f.tags", Kind::kJson},
                                  Column{"labels", "f.labels", Kind::kJson}};
constexpr Entity kFlowEntity{"Flow", "flow f", kFlowColumns};
constexpr std::array kFlowMembers{
    FilterMember{"id", "f.id", Leaf::kId}, FilterMember{"name", "f.name"}, FilterMember{"tags", "f.tags", Leaf::kTags},
    FilterMember{"deployment", "(SELECT max(d.id) FROM deployment d WHERE d.flow_id = f.id)", Leaf::kId}};
constexpr FilterTable kFlowTable{"flows", "f", kFlowMembers};
constexpr std::array kFlowOrders{SortOrder{"NAME_ASC", "f.name"}, SortOrder{"NAME_DESC", "f.name DESC"},
                                 SortOrder{"CREATED_DESC", "f.created DESC, f.id"},
                                 SortOrder{"UPDATED_DESC", "f.updated DESC, f.id"}};

// ---- flow runs
constexpr std::string_view kEstimatedRunTime =
    "r.total_run + CASE WHEN r.state_type = 'RUNNING' THEN max(0, ?1 - r.state_at) ELSE 0 END";
constexpr std::string_view kEstimatedDelta =
    "CASE WHEN r.start IS NOT NULL THEN max(0, r.start - r.expected_start) WHEN r.expected_start < ?1 AND "
    "coalesce(r.state_type, '') NOT IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED') THEN ?1 - r.expected_start ELSE "
    "0 END";
constexpr std::string_view kStateSql = "s.id, s.type, s.name, s.at, s.message, s.details, s.data";
constexpr std::array kFlowRunColumns{Column{"id", "r.id"},
                                     Column{"created", "r.created", Kind::kInstant},
                                     Column{"updated", "r.updated", Kind::kInstant},
                                     Column{"name", "r.name"},
                                     Column{"flow_id", "r.flow_id"},
                                     Column{"state_id", "r.state_id"},
                                     Column{"deployment_id", "r.deployment_id"},
                                     Column{"deployment_version", "r.deployment_version"},
                                     Column{"work_queue_id", "r.work_queue_id"},
                                     Column{"work_queue_name", "coalesce(q.name, r.work_queue_name)"},
                                     Column{"flow_version", "r.flow_version"},
                                     Column{"parameters", "r.parameters", Kind::kJson},
                                     Column{"idempotency_key", "r.idempotency_key"},
                                     Column{"context", "r.context", Kind::kJson},
                                     Column{"empirical_policy", "r.policy", Kind::kJson},
                                     Column{"tags", "r.tags", Kind::kJson},
                                     Column{"labels", "r.labels", Kind::kJson},
                                     Column{"parent_task_run_id", "r.parent_task_run_id"},
                                     Column{"state_type", "r.state_type"},
                                     Column{"state_name", "r.state_name"},
                                     Column{"run_count", "r.run_count", Kind::kInt},
                                     Column{"expected_start_time", "r.expected_start", Kind::kInstant},
                                     Column{"next_scheduled_start_time", "r.next_start", Kind::kInstant},
                                     Column{"start_time", "r.start", Kind::kInstant},
                                     Column{"end_time", "r.end", Kind::kInstant},
                                     Column{"total_run_time", "r.total_run", Kind::kSeconds},
                                     Column{"estimated_run_time", kEstimatedRunTime, Kind::kSeconds},
                                     Column{"estimated_start_time_delta", kEstimatedDelta, Kind::kSeconds},
                                     Column{"auto_scheduled", "r.auto_scheduled", Kind::kBool},
                                     Column{"infrastructure_document_id", "r.infrastructure_document_id"},
                                     Column{"infrastructure_pid", "r.infrastructure_pid"},
                                     Column{"created_by", "r.created_by", Kind::kJson},
                                     Column{"work_pool_id", "q.work_pool_id"},
                                     Column{"work_pool_name", "p.name"},
                                     Column{"state", kStateSql, Kind::kState},
                                     Column{"job_variables", "r.job_variables", Kind::kJson}};
constexpr Entity kFlowRunEntity{"Flow run", "flow_run r", kFlowRunColumns,
                                "LEFT JOIN run_state s ON s.id = r.state_id LEFT JOIN work_queue q ON q.id = "
                                "r.work_queue_id LEFT JOIN work_pool p ON p.id = q.work_pool_id"};
constexpr std::array kFlowRunMembers{
    FilterMember{"id", "r.id", Leaf::kId},
    FilterMember{"name", "r.name"},
    FilterMember{"tags", "r.tags", Leaf::kTags},
    FilterMember{"deployment_id", "r.deployment_id", Leaf::kId},
    FilterMember{"work_queue_name",
                 "coalesce((SELECT x.name FROM work_queue x WHERE x.id = r.work_queue_id), r.work_queue_name)"},
    FilterMember{"state.type", "r.state_type", Leaf::kStateType},
    FilterMember{"state.name", "r.state_name"},
    FilterMember{"flow_version", "r.flow_version"},
    FilterMember{"start_time", "r.start", Leaf::kInstant},
    FilterMember{"end_time", "r.end", Leaf::kInstant},
    FilterMember{"expected_start_time", "r.expected_start", Leaf::kInstant},
    FilterMember{"next_scheduled_start_time", "r.next_start", Leaf::kInstant},
    FilterMember{"parent_flow_run_id", "(SELECT x.flow_run_id FROM task_run x WHERE x.id = r.parent_task_run_id)",
                 Leaf::kId},
    FilterMember{"parent_task_run_id", "r.parent_task_run_id", Leaf::kId},
    FilterMember{"idempotency_key", "r.idempotency_key"}};
constexpr FilterTable kFlowRunTable{"flow_runs", "r", kFlowRunMembers};
constexpr std::array kFlowRunOrders{SortOrder{"ID_DESC", "r.id DESC"},
                                    SortOrder{"START_TIME_ASC", "coalesce(r.start, r.expected_start), r.id"},
                                    SortOrder{"START_TIME_DESC", "coalesce(r.start, r.expected_start) DESC, r.id DESC"},
                                    SortOrder{"EXPECTED_START_TIME_ASC", "r.expected_start, r.id"},
                                    SortOrder{"EXPECTED_START_TIME_DESC", "r.expected_start DESC, r.id DESC"},
                                    SortOrder{"NAME_ASC", "r.name, r.id"},
                                    SortOrder{"NAME_DESC", "r.name DESC, r.id DESC"},
                                    SortOrder{"NEXT_SCHEDULED_START_TIME_ASC", "r.next_start, r.id"},
                                    SortOrder{"END_TIME_DESC", "r.end DESC, r.id DESC"}};

// ---- task runs
constexpr std::string_view kTaskEstimatedRunTime =
    "t.total_run + CASE WHEN t.state_type = 'RUNNING' THEN max(0, ?1 - t.state_at) ELSE 0 END";
constexpr std::string_view kTaskEstimatedDelta =
    "CASE WHEN t.start IS NOT NULL THEN max(0, t.start - t.expected_start) WHEN t.expected_start < ?1 AND "
    "coalesce(t.state_type, '') NOT IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED') THEN ?1 - t.expected_start ELSE "
    "0 END";
constexpr std::array kTaskRunColumns{Column{"id", "t.id"},
                                     Column{"created", "t.created", Kind::kInstant},
                                     Column{"updated", "t.updated", Kind::kInstant},
                                     Column{"name", "t.name"},
                                     Column{"flow_run_id", "t.flow_run_id"},
                                     Column{"task_key", "t.task_key"},
                                     Column{"dynamic_key", "t.dynamic_key"},
                                     Column{"cache_key", "t.cache_key"},
                                     Column{"cache_expiration", "t.cache_expires", Kind::kInstant},
                                     Column{"task_version", "t.task_version"},
                                     Column{"empirical_policy", "t.policy", Kind::kJson},
                                     Column{"tags", "t.tags", Kind::kJson},
                                     Column{"labels", "t.labels", Kind::kJson},
                                     Column{"state_id", "t.state_id"},
                                     Column{"task_inputs", "t.inputs", Kind::kJson},
                                     Column{"state_type", "t.state_type"},
                                     Column{"state_name", "t.state_name"},
                                     Column{"run_count", "t.run_count", Kind::kInt},
                                     Column{"flow_run_run_count", "t.flow_run_run_count", Kind::kInt},
                                     Column{"expected_start_time", "t.expected_start", Kind::kInstant},
                                     Column{"next_scheduled_start_time", "t.next_start", Kind::kInstant},
                                     Column{"start_time", "t.start", Kind::kInstant},
                                     Column{"end_time", "t.end", Kind::kInstant},
                                     Column{"total_run_time", "t.total_run", Kind::kSeconds},
                                     Column{"estimated_run_time", kTaskEstimatedRunTime, Kind::kSeconds},
                                     Column{"estimated_start_time_delta", kTaskEstimatedDelta, Kind::kSeconds},
                                     Column{"state", kStateSql, Kind::kState}};
constexpr std::string_view kStateOfTask = "LEFT JOIN run_state s ON s.id = t.state_id";
constexpr Entity kTaskRunEntity{"Task run", "task_run t", kTaskRunColumns, kStateOfTask};
constexpr std::array kDependencyColumns{
    Column{"id", "t.id"},
    Column{"name", "t.name"},
    Column{"upstream_dependencies",
           "(SELECT json_group_array(json(y.value)) FROM (SELECT DISTINCT i.value FROM json_each(t.inputs) p JOIN "
           "json_each(t.inputs, p.fullkey) i WHERE i.type = 'object') y)",
           Kind::kJson},
    Column{"state", kStateSql, Kind::kState},
    Column{"expected_start_time", "t.expected_start", Kind::kInstant},
    Column{"start_time", "t.start", Kind::kInstant},
    Column{"end_time", "t.end", Kind::kInstant},
    Column{"total_run_time", "t.total_run", Kind::kSeconds},
    Column{"estimated_run_time", kTaskEstimatedRunTime, Kind::kSeconds},
    Column{"untrackable_result", "coalesce(json_extract(s.details, '$.untrackable_result'), 0)", Kind::kBool}};
constexpr std::array kTaskRunMembers{
    FilterMember{"id", "t.id", Leaf::kId},
    FilterMember{"name", "t.name"},
    FilterMember{"tags", "t.tags", Leaf::kTags},
    FilterMember{"state.type", "t.state_type", Leaf::kStateType},
    FilterMember{"state.name", "t.state_name"},
    FilterMember{"flow_run_id", "t.flow_run_id", Leaf::kId},
    FilterMember{"start_time", "t.start", Leaf::kInstant},
    FilterMember{"expected_start_time", "t.expected_start", Leaf::kInstant},
    FilterMember{"subflow_runs", "(SELECT x.id FROM flow_run x WHERE x.parent_task_run_id = t.id)", Leaf::kId}};
constexpr FilterTable kTaskRunTable{"task_runs", "t", kTaskRunMembers};
constexpr std::array kTaskRunOrders{SortOrder{"ID_DESC", "t.id DESC"},
                                    SortOrder{"EXPECTED_START_TIME_ASC", "t.expected_start, t.id"},
                                    SortOrder{"EXPECTED_START_TIME_DESC", "t.expected_start DESC, t.id DESC"},
                                    SortOrder{"NAME_ASC", "t.name, t.id"},
                                    SortOrder{"NAME_DESC", "t.name DESC, t.id DESC"},
                                    SortOrder{"NEXT_SCHEDULED_START_TIME_ASC", "t.next_start, t.id"},
                                    SortOrder{"END_TIME_DESC", "t.end DESC, t.id DESC"}};

// ---- deployments. The 2.11 view of the schedules: the first active one, else the first.
constexpr std::string_view kScheduleActive =
    "(NOT d.paused AND coalesce((SELECT max(c.active) FROM deployment_schedule c WHERE c.deployment_id = d.id), 1))";
constexpr std::array kDeploymentColumns{
    Column{"id", "d.id"},
    Column{"created", "d.created", Kind::kInstant},
    Column{"updated", "d.updated", Kind::kInstant},
    Column{"name", "d.name"},
    Column{"version", "d.version"},
    Column{"description", "d.description"},
    Column{"flow_id", "d.flow_id"},
    Column{"paused", "d.paused", Kind::kBool},
    Column{
        "schedules",
        "(SELECT json_group_array(json(x.one)) FROM (SELECT json_object('id', c.id, 'created', "
        "strftime('%Y-%m-%dT%H:%M:%S', c.created / 1000000, 'unixepoch') || printf('.%06dZ', c.created % 1000000), "
        "'updated', strftime('%Y-%m-%dT%H:%M:%S', c.updated / 1000000, 'unixepoch') || printf('.%06dZ', c.updated % "
        "1000000), 'deployment_id', c.deployment_id, 'schedule', json(c.schedule), 'active', json(CASE c.active WHEN 0 "
        "THEN 'false' ELSE 'true' END), 'max_scheduled_runs', c.max_scheduled_runs, 'parameters', json(c.parameters), "
        "'slug', c.slug) AS one FROM deployment_schedule c WHERE c.deployment_id = d.id ORDER BY c.updated DESC, "
        "c.position DESC) x)",
        Kind::kJson},
    Column{
        "schedule",
        "(SELECT c.schedule FROM deployment_schedule c WHERE c.deployment_id = d.id ORDER BY c.active DESC, c.position "
        "LIMIT 1)",
        Kind::kJson},
    Column{"is_schedule_active", kScheduleActive, Kind::kBool},
    Column{"concurrency_limit", "", Kind::kNull},
    Column{
        "global_concurrency_limit",
        "CASE WHEN d.shared_limit_id IS NOT NULL THEN (SELECT json_object('id', c.id, 'created', "
        "strftime('%Y-%m-%dT%H:%M:%S', c.created / 1000000, 'unixepoch') || printf('.%06dZ', c.created % 1000000), "
        "'updated', strftime('%Y-%m-%dT%H:%M:%S', c.updated / 1000000, 'unixepoch') || printf('.%06dZ', c.updated % "
        "1000000), 'name', c.name, 'limit', c.slots, 'active', json(CASE c.active WHEN 0 THEN 'false' ELSE 'true' "
        "END), "
        "'slot_decay_per_second', c.decay_per_second, 'active_slots', " TIDEMILL_SLOTS_TAKEN
        ") FROM concurrency_limit c WHERE c.id = d.shared_limit_id) "
        "WHEN d.concurrency_limit IS NOT NULL THEN json_object('id', d.id, 'created', "
        "strftime('%Y-%m-%dT%H:%M:%S', d.created / 1000000, 'unixepoch') || printf('.%06dZ', d.created % 1000000), "
        "'updated', strftime('%Y-%m-%dT%H:%M:%S', d.updated / 1000000, 'unixepoch') || printf('.%06dZ', d.updated % "
        "1000000), 'name', 'deployment:' || d.id, "
        "'limit', d.concurrency_limit, 'active', json('true'), 'slot_decay_per_second', 0.0, 'active_slots', (SELECT "
        "count(*) FROM flow_run x WHERE x.deployment_id = d.id AND x.state_type IN ('PENDING', 'RUNNING', "
        "'CANCELLING'))) END",
        Kind::kJson},
    Column{"concurrency_options", "d.concurrency_options", Kind::kJson},
    Column{"catch_up", "coalesce(d.catch_up, 'latest')"},
    Column{"max_lateness", "d.max_lateness", Kind::kSeconds},
    Column{"job_variables", "d.job_variables", Kind::kJson},
    Column{"infra_overrides", "d.job_variables", Kind::kJson},
    Column{"parameters", "d.parameters", Kind::kJson},
    Column{"tags", "d.tags", Kind::kJson},
    Column{"labels", "d.labels", Kind::kJson},
    Column{"work_queue_name", "coalesce(q.name, d.work_queue_name)"},
    Column{"work_queue_id", "d.work_queue_id"},
    Column{"last_polled", "d.last_polled", Kind::kInstant},
    Column{"parameter_openapi_schema", "coalesce(d.parameter_schema, '{}')", Kind::kJson},
    Column{"path", "d.path"},
    Column{"pull_steps", "d.pull_steps", Kind::kJson},
    Column{"entrypoint", "d.entrypoint"},
    Column{"manifest_path", "", Kind::kNull},
    Column{"storage_document_id", "d.storage_document_id"},
    Column{"infrastructure_document_id", "d.infrastructure_document_id"},
    Column{"created_by", "d.created_by", Kind::kJson},
    Column{"updated_by", "d.updated_by", Kind::kJson},
    Column{"work_pool_name", "p.name"},
    Column{"status", "CASE WHEN d.last_polled > ?1 - 60000000 THEN 'READY' ELSE 'NOT_READY' END"},
    Column{"enforce_parameter_schema", "d.enforce_schema", Kind::kBool}};
constexpr Entity kDeploymentEntity{
    "Deployment", "deployment d", kDeploymentColumns,
    "LEFT JOIN work_queue q ON q.id = d.work_queue_id LEFT JOIN work_pool p ON p.id = q.work_pool_id"};
constexpr std::array kDeploymentMembers{
    FilterMember{"id", "d.id", Leaf::kId},
    FilterMember{"name", "d.name"},
    FilterMember{"flow_or_deployment_name", "((SELECT x.name FROM flow x WHERE x.id = d.flow_id) || '/' || d.name)"},
    FilterMember{"paused", "d.paused", Leaf::kBool},
    FilterMember{"is_schedule_active", kScheduleActive, Leaf::kBool},
    FilterMember{"tags", "d.tags", Leaf::kTags},
    FilterMember{"work_queue_name",
                 "coalesce((SELECT x.name FROM work_queue x WHERE x.id = d.work_queue_id), d.work_queue_name)"},
    FilterMember{"work_queue_id", "d.work_queue_id", Leaf::kId},
    FilterMember{"concurrency_limit", "d.concurrency_limit", Leaf::kNumber}};
constexpr FilterTable kDeploymentTable{"deployments", "d", kDeploymentMembers};
constexpr std::array kDeploymentOrders{
    SortOrder{"NAME_ASC", "d.name, d.id"}, SortOrder{"NAME_DESC", "d.name DESC, d.id"},
    SortOrder{"CREATED_DESC", "d.created DESC, d.id"}, SortOrder{"UPDATED_DESC", "d.updated DESC, d.id"}};

// ---- work pools and queues
constexpr std::array kWorkPoolColumns{
    Column{"id", "p.id"},
    Column{"created", "p.created", Kind::kInstant},
    Column{"updated", "p.updated", Kind::kInstant},
    Column{"name", "p.name"},
    Column{"description", "p.description"},
    Column{"type", "p.type"},
    Column{"base_job_template", "p.base_job_template", Kind::kJson},
    Column{"is_paused", "p.is_paused", Kind::kBool},
    Column{"concurrency_limit", "p.concurrency_limit", Kind::kInt},
    Column{"status",
           "CASE WHEN p.type = 'prefect-agent' THEN NULL WHEN p.is_paused THEN 'PAUSED' WHEN EXISTS(SELECT 1 FROM "
           "worker w WHERE w.work_pool_id = p.id AND "
           "w.last_heartbeat > ?1 - 3000000 * coalesce(w.heartbeat_interval, 30)) THEN 'READY' ELSE 'NOT_READY' END"},
    Column{"default_queue_id", "p.default_queue_id"},
    Column{"storage_configuration", "p.storage", Kind::kJson},
    Column{
        "active_slots",
        "CASE WHEN p.concurrency_limit IS NOT NULL THEN (SELECT count(*) FROM flow_run x JOIN work_queue y ON y.id = "
        "x.work_queue_id WHERE y.work_pool_id = p.id AND x.state_type IN ('RUNNING', 'PENDING')) END",
        Kind::kInt}};
constexpr Entity kWorkPoolEntity{"Work pool", "work_pool p", kWorkPoolColumns};
constexpr std::array kWorkPoolMembers{FilterMember{"id", "p.id", Leaf::kId}, FilterMember{"name", "p.name"},
                                      FilterMember{"type", "p.type"}};
constexpr FilterTable kWorkPoolTable{"work_pools", "p", kWorkPoolMembers};
constexpr std::array kWorkPoolOrders{SortOrder{"NAME_ASC", "p.name"}};

constexpr std::array kWorkQueueColumns{
    Column{"id", "q.id"},
    Column{"created", "q.created", Kind::kInstant},
    Column{"updated", "q.updated", Kind::kInstant},
    Column{"name", "q.name"},
    Column{"description", "q.description"},
    Column{"is_paused", "q.is_paused", Kind::kBool},
    Column{"concurrency_limit", "q.concurrency_limit", Kind::kInt},
    Column{"priority", "q.priority", Kind::kInt},
    Column{"work_pool_id", "q.work_pool_id"},
    Column{"filter", "q.filter", Kind::kJson},
    Column{"last_polled", "q.last_polled", Kind::kInstant},
    Column{"work_pool_name", "(SELECT p.name FROM work_pool p WHERE p.id = q.work_pool_id)"},
    Column{"status",
           "CASE WHEN q.is_paused THEN 'PAUSED' WHEN q.last_polled > ?1 - 60000000 THEN 'READY' ELSE 'NOT_READY' END"},
    Column{"active_slots",
           "CASE WHEN q.concurrency_limit IS NOT NULL THEN (SELECT count(*) FROM flow_run x WHERE x.work_queue_id = "
           "q.id AND x.state_type IN ('RUNNING', 'PENDING')) END",
           Kind::kInt}};
constexpr Entity kWorkQueueEntity{"Work queue", "work_queue q", kWorkQueueColumns};
constexpr std::array kWorkQueueMembers{FilterMember{"id", "q.id", Leaf::kId}, FilterMember{"name", "q.name"}};
constexpr FilterTable kWorkQueueTable{"work_queues", "q", kWorkQueueMembers};
constexpr std::array kWorkQueueOrders{SortOrder{"NAME_ASC", "q.name, q.id"}};
constexpr std::array kPoolQueueOrders{SortOrder{"PRIORITY_ASC", "q.priority, q.name"}};

// ---- logs, variables, artifacts, block types
constexpr std::array kLogColumns{Column{"id", "l.id"},
                                 Column{"created", "l.created", Kind::kInstant},
                                 Column{"updated", "l.created", Kind::kInstant},
                                 Column{"name", "l.name"},
                                 Column{"level", "l.level", Kind::kInt},
                                 Column{"message", "l.message"},
                                 Column{"timestamp", "l.at", Kind::kInstant},
                                 Column{"flow_run_id", "l.flow_run_id"},
                                 Column{"task_run_id", "l.task_run_id"}};
constexpr Entity kLogEntity{"Log", "log l", kLogColumns};
constexpr std::array kLogMembers{
    FilterMember{"level", "l.level", Leaf::kNumber}, FilterMember{"timestamp", "l.at", Leaf::kInstant},
    FilterMember{"flow_run_id", "l.flow_run_id", Leaf::kId}, FilterMember{"task_run_id", "l.task_run_id", Leaf::kId}};
constexpr FilterTable kLogTable{"logs", "l", kLogMembers, "text"};
constexpr std::array kLogOrders{SortOrder{"TIMESTAMP_ASC", "l.at, l.number"},
                                SortOrder{"TIMESTAMP_DESC", "l.at DESC, l.number DESC"}};

constexpr std::array kVariableColumns{Column{"id", "v.id"},
                                      Column{"created", "v.created", Kind::kInstant},
                                      Column{"updated", "v.updated", Kind::kInstant},
                                      Column{"name", "v.name"},
                                      Column{"value", "v.value", Kind::kJson},
                                      Column{"tags", "v.tags", Kind::kJson}};
constexpr Entity kVariableEntity{"Variable", "variable v", kVariableColumns};
constexpr std::array kVariableMembers{FilterMember{"id", "v.id", Leaf::kId}, FilterMember{"name", "v.name"},
                                      FilterMember{"value", "v.value ->> '$'"},  // of 2.11, where it is a text
                                      FilterMember{"tags", "v.tags", Leaf::kTags}};
constexpr FilterTable kVariableTable{"variables", "v", kVariableMembers};
constexpr std::array kVariableOrders{SortOrder{"NAME_ASC", "v.name"}, SortOrder{"NAME_DESC", "v.name DESC"},
                                     SortOrder{"CREATED_DESC", "v.created DESC"},
                                     SortOrder{"UPDATED_DESC", "v.updated DESC"}};

constexpr std::array kArtifactColumns{Column{"id", "a.id"},
                                      Column{"created", "a.created", Kind::kInstant},
                                      Column{"updated", "a.updated", Kind::kInstant},
                                      Column{"key", "a.key"},
                                      Column{"type", "a.type"},
                                      Column{"description", "a.description"},
                                      Column{"data", "a.data", Kind::kJson},
                                      Column{"metadata_", "a.metadata", Kind::kJson},
                                      Column{"flow_run_id", "a.flow_run_id"},
                                      Column{"task_run_id", "a.task_run_id"}};
constexpr Entity kArtifactEntity{"Artifact", "artifact a", kArtifactColumns};
// Of each key the newest, as clients ask for it by another name.
constexpr std::array kLatestColumns = And(kArtifactColumns, Column{"latest_id", "a.id"});
constexpr Entity kLatestEntity{"Artifact", "artifact a", kLatestColumns};
constexpr std::array kArtifactMembers{FilterMember{"id", "a.id", Leaf::kId},
                                      FilterMember{"latest_id", "a.id", Leaf::kId},
                                      FilterMember{"key", "a.key"},
                                      FilterMember{"flow_run_id", "a.flow_run_id", Leaf::kId},
                                      FilterMember{"task_run_id", "a.task_run_id", Leaf::kId},
                                      FilterMember{"type", "a.type"}};
constexpr FilterTable kArtifactTable{"artifacts", "a", kArtifactMembers};
constexpr std::array kArtifactOrders{SortOrder{"ID_DESC", "a.number DESC"}, SortOrder{"CREATED_DESC", "a.number DESC"},
                                     SortOrder{"UPDATED_DESC", "a.updated DESC"},
                                     SortOrder{"KEY_ASC", "a.key, a.number"},
                                     SortOrder{"KEY_DESC", "a.key DESC, a.number DESC"}};

constexpr std::array kBlockTypeColumns{Column{"id", "b.id"},
                                       Column{"created", "b.created", Kind::kInstant},
                                       Column{"updated", "b.updated", Kind::kInstant},
                                       Column{"name", "b.name"},
                                       Column{"slug", "b.slug"},
                                       Column{"logo_url", "b.logo_url"},
                                       Column{"documentation_url", "b.documentation_url"},
                                       Column{"description", "b.description"},
                                       Column{"code_example", "b.code_example"},
                                       Column{"is_protected", "b.is_protected", Kind::kBool}};
constexpr Entity kBlockTypeEntity{"Block type", "block_type b", kBlockTypeColumns};
constexpr std::array kBlockTypeMembers{FilterMember{"name", "b.name"}, FilterMember{"slug", "b.slug"}};
constexpr FilterTable kBlockTypeTable{"block_types", "b", kBlockTypeMembers};
constexpr std::array kBlockTypeOrders{SortOrder{"NAME_ASC", "b.name, b.id"}};
constexpr std::array kSchemaMembers{
    FilterMember{"id", "c.id", Leaf::kId}, FilterMember{"block_type_id", "c.block_type_id", Leaf::kId},
    FilterMember{"block_capabilities", "c.capabilities", Leaf::kTags}, FilterMember{"version", "c.version"}};
constexpr FilterTable kSchemaTable{"block_schemas", "c", kSchemaMembers};

// ---- how they hang together
constexpr std::array kFlowRelations{
    Relation{"flow_runs", kFlowRunTable, "f.id IN (SELECT r.flow_id FROM flow_run r WHERE {})"},
    Relation{"task_runs", kTaskRunTable,
             "f.id IN (SELECT r.flow_id FROM flow_run r JOIN task_run t ON t.flow_run_id = r.id WHERE {})"},
    Relation{"deployments", kDeploymentTable, "f.id IN (SELECT d.flow_id FROM deployment d WHERE {})"},
    Relation{
        "work_pools", kWorkPoolTable,
        "f.id IN (SELECT d.flow_id FROM deployment d JOIN work_queue q ON q.id = d.work_queue_id JOIN work_pool p ON "
        "p.id = q.work_pool_id WHERE {})"}};
constexpr std::array kFlowRunRelations{
    Relation{"flows", kFlowTable, "r.flow_id IN (SELECT f.id FROM flow f WHERE {})"},
    Relation{"task_runs", kTaskRunTable, "r.id IN (SELECT t.flow_run_id FROM task_run t WHERE {})"},
    Relation{"deployments", kDeploymentTable, "r.deployment_id IN (SELECT d.id FROM deployment d WHERE {})"},
    Relation{"work_pools", kWorkPoolTable,
             "r.work_queue_id IN (SELECT q.id FROM work_queue q JOIN work_pool p ON p.id = q.work_pool_id WHERE {})"},
    Relation{"work_pool_queues", kWorkQueueTable, "r.work_queue_id IN (SELECT q.id FROM work_queue q WHERE {})"},
    Relation{"work_queues", kWorkQueueTable, "r.work_queue_id IN (SELECT q.id FROM work_queue q WHERE {})"}};
constexpr std::array kTaskRunRelations{
    Relation{"flows", kFlowTable,
             "t.flow_run_id IN (SELECT r.id FROM flow_run r JOIN flow f ON f.id = r.flow_id WHERE {})"},
    Relation{"flow_runs", kFlowRunTable, "t.flow_run_id IN (SELECT r.id FROM flow_run r WHERE {})"},
    Relation{"deployments", kDeploymentTable,
             "t.flow_run_id IN (SELECT r.id FROM flow_run r JOIN deployment d ON d.id = r.deployment_id WHERE {})"}};
constexpr std::array kDeploymentRelations{
    Relation{"flows", kFlowTable, "d.flow_id IN (SELECT f.id FROM flow f WHERE {})"},
    Relation{"flow_runs", kFlowRunTable, "d.id IN (SELECT r.deployment_id FROM flow_run r WHERE {})"},
    Relation{"task_runs", kTaskRunTable,
             "d.id IN (SELECT r.deployment_id FROM flow_run r JOIN task_run t ON t.flow_run_id = r.id WHERE {})"},
    Relation{"work_pools", kWorkPoolTable,
             "d.work_queue_id IN (SELECT q.id FROM work_queue q JOIN work_pool p ON p.id = q.work_pool_id WHERE {})"},
    Relation{"work_pool_queues", kWorkQueueTable, "d.work_queue_id IN (SELECT q.id FROM work_queue q WHERE {})"},
    Relation{"work_queues", kWorkQueueTable, "d.work_queue_id IN (SELECT q.id FROM work_queue q WHERE {})"}};
constexpr std::array kArtifactRelations{
    Relation{"flow_runs", kFlowRunTable, "a.flow_run_id IN (SELECT r.id FROM flow_run r WHERE {})"},
    Relation{"task_runs", kTaskRunTable, "a.task_run_id IN (SELECT t.id FROM task_run t WHERE {})"},
    Relation{"flows", kFlowTable,
             "a.flow_run_id IN (SELECT r.id FROM flow_run r JOIN flow f ON f.id = r.flow_id WHERE {})"},
    Relation{"deployments", kDeploymentTable,
             "a.flow_run_id IN (SELECT r.id FROM flow_run r JOIN deployment d ON d.id = r.deployment_id WHERE {})"}};
constexpr std::array kBlockTypeRelations{
    Relation{"block_schemas", kSchemaTable, "b.id IN (SELECT c.block_type_id FROM block_schema c WHERE {})"}};

}  // namespace

const Entity kTaskDependencies{"Task run", "task_run t", kDependencyColumns, kStateOfTask};
const Searchable kFlows{kFlowEntity, kFlowTable, kFlowRelations, kFlowOrders};
const Searchable kFlowRuns{kFlowRunEntity, kFlowRunTable, kFlowRunRelations, kFlowRunOrders};
const Searchable kTaskRuns{kTaskRunEntity, kTaskRunTable, kTaskRunRelations, kTaskRunOrders};
const Searchable kDeployments{kDeploymentEntity, kDeploymentTable, kDeploymentRelations, kDeploymentOrders};
const Searchable kWorkPools{kWorkPoolEntity, kWorkPoolTable, {}, kWorkPoolOrders};
const Searchable kWorkQueues{kWorkQueueEntity, kWorkQueueTable, {}, kWorkQueueOrders};
const Searchable kPoolQueues{kWorkQueueEntity, kWorkQueueTable, {}, kPoolQueueOrders};
const Searchable kLogs{kLogEntity, kLogTable, {}, kLogOrders};
const Searchable kVariables{kVariableEntity, kVariableTable, {}, kVariableOrders};
const Searchable kArtifacts{kArtifactEntity, kArtifactTable, kArtifactRelations, kArtifactOrders};
const Searchable kLatestArtifacts{kLatestEntity, kArtifactTable, kArtifactRelations, kArtifactOrders};
const Searchable kBlockTypes{kBlockTypeEntity, kBlockTypeTable, kBlockTypeRelations, kBlockTypeOrders};

}  // namespace tidemill::orchestrator
