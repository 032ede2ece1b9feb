// SPDX-License-Identifier: Apache-2.0
#include "deployments.h"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "body.h"
#include "catch_up.h"
#include "flow_runs.h"
#include "flows.h"
#include "instant.h"
#include "parameters.h"
#include "runs.h"
#include "scheduling.h"
#include "searchables.h"
#include "work.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoDeployment = "Deployment not found";

Outcome<Answer> AnswerDeployment(Call& call, const std::string& id, int status) {
  return AnswerOne(call, kDeployments.entity, {.where = "d.id = ?2", .arguments = {id}}, kNoDeployment, status);
}

// The schedules of a body in either shape; nothing where it says nothing of them.
Outcome<std::optional<std::vector<ScheduleSeed>>> ReadSchedules(Members& members, base::Time now) {
  std::vector<ScheduleSeed> seeds;
  const json::value* list = Find(members.object(), "schedules");
  if (list != nullptr && list->is_array()) {
    for (const json::value& one : list->get_array()) {
      TIDEMILL_ASSIGN(ScheduleSeed seed, ReadSchedule(one, now));
      seeds.push_back(std::move(seed));
    }
    return std::optional(std::move(seeds));
  }
  if (!members.Has("schedule")) return std::optional<std::vector<ScheduleSeed>>();
  const json::value* one = Find(members.object(), "schedule");
  if (one != nullptr) {
    const json::value wrapped =
        json::object{{"schedule", *one}, {"active", members.Bool("is_schedule_active").value_or(true)}};
    TIDEMILL_ASSIGN(ScheduleSeed seed, ReadSchedule(wrapped, now));
    seeds.push_back(std::move(seed));
  }
  return std::optional(std::move(seeds));
}

Outcome<void> ReplaceSchedules(Call& call, const std::string& deployment, const std::vector<ScheduleSeed>& seeds) {
  TIDEMILL_CHECK(DeleteSchedules(call, deployment));
  for (const ScheduleSeed& seed : seeds) TIDEMILL_CHECK(InsertSchedule(call, deployment, seed));
  return {};
}

// After any change: what was planned goes, what is to come now is planned.
Outcome<void> Replan(Call& call, const std::string& deployment) {
  TIDEMILL_CHECK(DeletePlannedRuns(call, deployment));
  return PlanFirstRuns(call, deployment);
}

// What both a new deployment and a change may say.
void AddPlainCells(Members& members, Cells& cells) {
  constexpr std::array<std::string_view, 4> kTexts{"version", "description", "path", "entrypoint"};
  for (const std::string_view name : kTexts) {
    if (members.Has(name)) cells.emplace_back(name, db::OrNull(members.Text(name)));
  }
  for (const std::string_view name : {"storage_document_id", "infrastructure_document_id"}) {
    if (members.Has(name)) cells.emplace_back(name, db::OrNull(members.Id(name)));
  }
  if (members.Has("parameters")) cells.emplace_back("parameters", members.JsonObject("parameters"));
  if (members.Has("tags")) cells.emplace_back("tags", members.JsonList("tags"));
  if (members.Has("infra_overrides")) cells.emplace_back("job_variables", members.JsonObject("infra_overrides"));
  if (members.Has("job_variables")) cells.emplace_back("job_variables", members.JsonObject("job_variables"));
  if (members.Has("pull_steps")) cells.emplace_back("pull_steps", db::TextOrNull(members.JsonList("pull_steps", "")));
  if (members.Has("parameter_openapi_schema")) {
    cells.emplace_back("parameter_schema", db::TextOrNull(members.JsonObject("parameter_openapi_schema", "")));
  }
  if (members.Has("concurrency_limit")) {
    const auto limit = members.Int("concurrency_limit");
    cells.emplace_back("concurrency_limit", limit ? db::Value(*limit) : db::Value());
  }
  if (members.Has("concurrency_options")) {
    cells.emplace_back("concurrency_options", db::TextOrNull(members.JsonObject("concurrency_options", "")));
  }
  if (const auto enforce = members.Bool("enforce_parameter_schema"))
    cells.emplace_back("enforce_schema", std::int64_t{*enforce ? 1 : 0});
  if (const auto paused = members.Bool("paused")) cells.emplace_back("paused", std::int64_t{*paused ? 1 : 0});
}

Outcome<void> AddQueueCells(Call& call, Members& members, Cells& cells) {
  const auto queue = members.Text("work_queue_name");
  const auto pool = members.Text("work_pool_name");
  TIDEMILL_CHECK(members.Check());
  if (!queue && !pool) return {};
  TIDEMILL_ASSIGN(const std::string id, FindQueue(call, pool, queue.value_or("")));
  cells.emplace_back("work_queue_name", db::OrNull(queue));
  cells.emplace_back("work_queue_id", id);
  return {};
}

Outcome<std::string> InsertDeployment(Call& call, const std::string& flow, const std::string& name,
                                      const std::string& labels) {
  const std::string id = call.NewId();
  json::object all{{"prefect.flow.id", flow}};
  const json::value given = json::parse(labels);
  for (const auto& [key, value] : given.as_object()) all[key] = value;
  TIDEMILL_CHECK(Insert(call, "deployment",
                        {{"id", id},
                         {"created", Micros(call.now)},
                         {"updated", Micros(call.now)},
                         {"flow_id", flow},
                         {"name", name},
                         {"paused", std::int64_t{0}},
                         {"parameters", std::string("{}")},
                         {"enforce_schema", std::int64_t{0}},
                         {"tags", std::string("[]")},
                         {"labels", json::serialize(all)},
                         {"job_variables", std::string("{}")}}));
  return id;
}

Outcome<Answer> SetPaused(Call& call, bool paused) {
  const std::string& id = call.path.at(0);
  TIDEMILL_ASSIGN(const std::int64_t count, Update(call, "deployment", id, {{"paused", std::int64_t{paused ? 1 : 0}}}));
  if (count == 0) return Refuse(404, kNoDeployment);
  if (!paused) {
    TIDEMILL_CHECK(
        call.db.Change("UPDATE deployment_schedule SET active = 1 WHERE deployment_id = ?1 AND NOT EXISTS(SELECT 1 "
                       "FROM deployment_schedule WHERE deployment_id = ?1 AND active)",
                       {id}));
  }
  TIDEMILL_CHECK(Replan(call, id));
  return Answer{.status = 200, .body = "null"};
}

}  // namespace

Outcome<Answer> CreateDeployment(Call& call) {
  Members members(call.body);
  const std::string flow = members.RequiredId("flow_id");
  const std::string name = members.RequiredText("name");
  const std::string labels = members.JsonObject("labels");
  Cells cells;
  AddPlainCells(members, cells);
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(CheckName(name));
  TIDEMILL_CHECK(AddCatchUpCells(members, cells));
  TIDEMILL_ASSIGN(const auto schedules, ReadSchedules(members, call.now));
  TIDEMILL_CHECK(AddQueueCells(call, members, cells));
  TIDEMILL_ASSIGN(const db::Value known,
                  SelectValue(call, "SELECT id FROM deployment WHERE flow_id = ?1 AND name = ?2", {flow, name}));
  std::string id = db::TextOf(known);
  if (id.empty()) {
    TIDEMILL_ASSIGN(id, InsertDeployment(call, flow, name, labels));
  }
  TIDEMILL_CHECK(Update(call, "deployment", id, cells));
  TIDEMILL_CHECK(ReplaceSchedules(call, id, schedules.value_or(std::vector<ScheduleSeed>())));
  TIDEMILL_CHECK(Replan(call, id));
  return AnswerDeployment(call, id, db::IsNull(known) ? 201 : 200);
}

Outcome<Answer> GetDeployment(Call& call) {
  return AnswerDeployment(call, call.path.at(0), 200);
}

Outcome<Answer> GetDeploymentByName(Call& call) {
  return AnswerOne(call, kDeployments.entity,
                   {.where = "d.name = ?3 AND d.flow_id = (SELECT f.id FROM flow f WHERE f.name = ?2)",
                    .arguments = {call.path.at(0), call.path.at(1)}},
                   kNoDeployment);
}

Outcome<Answer> PatchDeployment(Call& call) {
  Members members(call.body);
  const std::string& id = call.path.at(0);
  Cells cells;
  AddPlainCells(members, cells);
  const auto active = members.Bool("is_schedule_active");
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(AddCatchUpCells(members, cells));
  TIDEMILL_ASSIGN(const auto schedules, ReadSchedules(members, call.now));
  TIDEMILL_CHECK(AddQueueCells(call, members, cells));
  TIDEMILL_ASSIGN(const std::int64_t count, Update(call, "deployment", id, cells));
  if (count == 0) return Refuse(404, kNoDeployment);
  if (schedules) TIDEMILL_CHECK(ReplaceSchedules(call, id, *schedules));
  if (active) {
    TIDEMILL_CHECK(call.db.Change("UPDATE deployment_schedule SET active = ?2 WHERE deployment_id = ?1",
                                  {id, std::int64_t{*active ? 1 : 0}}));
    if (*active) TIDEMILL_CHECK(Update(call, "deployment", id, {{"paused", std::int64_t{0}}}));
  }
  TIDEMILL_CHECK(Replan(call, id));
  return NoContent();
}

Outcome<Answer> DeleteDeployment(Call& call) {
  TIDEMILL_CHECK(DeletePlannedRuns(call, call.path.at(0)));
  return DeleteByPath(call, "deployment", kNoDeployment);
}

Outcome<Answer> FilterDeployments(Call& call) {
  return AnswerFilter(call, kDeployments);
}
Outcome<Answer> CountDeployments(Call& call) {
  return AnswerFilterCount(call, kDeployments);
}
Outcome<Answer> PageDeployments(Call& call) {
  return AnswerPage(call, kDeployments);
}
Outcome<Answer> PauseDeployment(Call& call) {
  return SetPaused(call, true);
}
Outcome<Answer> ResumeDeployment(Call& call) {
  return SetPaused(call, false);
}

Outcome<Answer> CheckWorkQueueOfDeployment(Call& call) {
  return AnswerList(
      call, kWorkQueues.entity,
      {.where = "q.id = (SELECT d.work_queue_id FROM deployment d WHERE d.id = ?2)", .arguments = {call.path.at(0)}});
}

Outcome<Answer> CreateFlowRunOfDeployment(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(
      const db::Rows rows,
      call.db.Query("SELECT flow_id, version, parameters, tags, work_queue_id, work_queue_name, "
                    "infrastructure_document_id, parameter_schema, enforce_schema FROM deployment WHERE id = ?1",
                    {call.path.at(0)}));
  if (rows.empty()) return Refuse(404, kNoDeployment);
  const db::Row& row = rows.front();
  const auto optional = [](const db::Value& value) {
    return db::IsNull(value) ? std::nullopt : std::optional<std::string>(db::TextOf(value));
  };
  json::object parameters = json::parse(db::TextOf(row[2])).as_object();
  if (const json::object* sent = FindObject(members.object(), "parameters")) {
    for (const auto& [name, value] : *sent) parameters[name] = value;
  }
  // Blocks and other things that stand for values are the client's to check.
  if (db::IntOf(row[8]) != 0 && !db::IsNull(row[7])) {
    const json::value schema = json::parse(db::TextOf(row[7]));
    if (schema.is_object()) TIDEMILL_CHECK(CheckParameters(schema.get_object(), parameters));
  }
  json::array tags = json::parse(db::TextOf(row[3])).as_array();
  const json::array sent_tags = json::parse(members.JsonList("tags")).as_array();
  for (const json::value& tag : sent_tags) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
  }
  FlowRunSeed seed{.flow_id = db::TextOf(row[0]),
                   .name = members.Text("name").value_or(""),
                   .deployment_id = call.path.at(0),
                   .deployment_version = optional(row[1]),
                   .idempotency_key = members.Text("idempotency_key"),
                   .parent_task_run_id = members.Id("parent_task_run_id"),
                   .work_queue_id = optional(row[4]),
                   .work_queue_name = optional(row[5]),
                   .infrastructure_document_id = optional(row[6]),
                   .parameters = json::serialize(parameters),
                   .context = members.JsonObject("context"),
                   .tags = json::serialize(tags),
                   .policy = FlowPolicyText(FindObject(members.object(), "empirical_policy")),
                   .job_variables = members.JsonObject("job_variables")};
  if (const auto document = members.Id("infrastructure_document_id")) seed.infrastructure_document_id = *document;
  if (const json::object* labels = FindObject(members.object(), "labels")) seed.labels = *labels;
  TIDEMILL_CHECK(members.Check());
  const json::value* state = Find(members.object(), "state");
  seed.state = MakeState(StateType::kScheduled, "Scheduled");
  seed.state->details["scheduled_time"] = InstantText(call.now);
  if (state != nullptr) {
    TIDEMILL_ASSIGN(seed.state, ParseState(*state, call.now));
  }
  TIDEMILL_ASSIGN(const MadeFlowRun made, MakeFlowRun(call, std::move(seed)));
  return AnswerFlowRun(call, made.id, made.fresh ? 201 : 200);
}

Outcome<Answer> GetScheduledRunsOfDeployments(Call& call) {
  Members members(call.body);
  const std::string ids = members.JsonList("deployment_ids");
  const auto before = members.Instant("scheduled_before");
  const std::int64_t limit = std::clamp<std::int64_t>(members.Int("limit").value_or(200), 0, 200);
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(call.db.Change("UPDATE deployment SET last_polled = ?2 WHERE id IN (SELECT value FROM json_each(?1))",
                                {ids, Micros(call.now)}));
  return AnswerList(
      call, kFlowRuns.entity,
      {.where = "r.deployment_id IN (SELECT value FROM json_each(?2)) AND r.state_type = 'SCHEDULED' AND "
                "(?3 IS NULL OR r.next_start <= ?3) AND coalesce(json_extract(r.policy, '$.retry_type'), '') "
                "<> 'in_process'",
       .order = "r.next_start, r.id",
       .arguments = {ids, before ? db::Value(Micros(*before)) : db::Value()},
       .limit = limit});
}

Outcome<Answer> ListSchedules(Call& call) {
  TIDEMILL_ASSIGN(const db::Value known,
                  SelectValue(call, "SELECT id FROM deployment WHERE id = ?1", {call.path.at(0)}));
  if (db::IsNull(known)) return Refuse(404, "Deployment not found.");
  TIDEMILL_ASSIGN(const Answer whole, AnswerDeployment(call, call.path.at(0), 200));
  return Answer{.status = 200, .body = json::serialize(json::parse(whole.body).as_object().at("schedules"))};
}

Outcome<Answer> CreateSchedules(Call& call) {
  if (!call.body.is_array()) return RefuseMember("", "a list of schedules was expected");
  for (const json::value& one : call.body.get_array()) {
    TIDEMILL_ASSIGN(const ScheduleSeed seed, ReadSchedule(one, call.now));
    TIDEMILL_CHECK(InsertSchedule(call, call.path.at(0), seed));
  }
  TIDEMILL_CHECK(Replan(call, call.path.at(0)));
  TIDEMILL_ASSIGN(Answer answer, ListSchedules(call));
  answer.status = 201;
  return answer;
}

Outcome<Answer> PatchSchedule(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT schedule, active, parameters, slug FROM deployment_schedule WHERE id = ?1 AND "
                                "deployment_id = ?2",
                                {call.path.at(1), call.path.at(0)}));
  if (rows.empty()) return Refuse(404, "Schedule not found.");
  Cells cells;
  if (const auto active = members.Bool("active")) cells.emplace_back("active", std::int64_t{*active ? 1 : 0});
  if (members.Has("parameters")) cells.emplace_back("parameters", members.JsonObject("parameters"));
  if (members.Has("slug")) cells.emplace_back("slug", db::OrNull(members.Text("slug")));
  TIDEMILL_CHECK(members.Check());
  if (FindObject(members.object(), "schedule") != nullptr) {
    TIDEMILL_ASSIGN(const ScheduleSeed seed, ReadSchedule(call.body, call.now));
    cells.emplace_back("schedule", json::serialize(seed.schedule));
  }
  TIDEMILL_CHECK(Update(call, "deployment_schedule", call.path.at(1), cells));
  TIDEMILL_CHECK(Replan(call, call.path.at(0)));
  return NoContent();
}

Outcome<Answer> DeleteSchedule(Call& call) {
  TIDEMILL_ASSIGN(const std::int64_t count,
                  call.db.Change("DELETE FROM deployment_schedule WHERE id = ?1 AND deployment_id = ?2",
                                 {call.path.at(1), call.path.at(0)}));
  if (count == 0) return Refuse(404, "Schedule not found.");
  TIDEMILL_CHECK(Replan(call, call.path.at(0)));
  return NoContent();
}

}  // namespace tidemill::orchestrator
