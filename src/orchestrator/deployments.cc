// SPDX-License-Identifier: Apache-2.0
#include "deployments.h"

#include <array>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "body.h"
#include "catch_up.h"
#include "deployment_schedules.h"
#include "flow_runs.h"
#include "flows.h"
#include "hydration.h"
#include "instant.h"
#include "job_variables.h"
#include "searchables.h"
#include "work.h"

namespace tidemill::orchestrator {
namespace {

Outcome<Answer> AnswerDeployment(Call& call, const std::string& id, int status) {
  return AnswerOne(call, kDeployments.entity, {.where = "d.id = ?2", .arguments = {id}}, kNoDeployment, status);
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
  if (members.Has("tags")) cells.emplace_back("tags", members.JsonTexts("tags"));
  if (members.Has("infra_overrides")) cells.emplace_back("job_variables", members.JsonObject("infra_overrides"));
  if (members.Has("job_variables")) cells.emplace_back("job_variables", members.JsonObject("job_variables"));
  if (members.Has("pull_steps"))
    cells.emplace_back("pull_steps", db::TextOrNull(members.JsonObjects("pull_steps", "")));
  if (members.Has("parameter_openapi_schema")) {
    cells.emplace_back("parameter_schema", db::TextOrNull(members.JsonObject("parameter_openapi_schema", "")));
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
                                      const std::string& labels, bool enforces) {
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
                         {"enforce_schema", std::int64_t{enforces ? 1 : 0}},
                         {"tags", std::string("[]")},
                         {"labels", json::serialize(all)},
                         {"job_variables", std::string("{}")}}));
  return id;
}

Outcome<Answer> SetPaused(Call& call, bool paused) {
  const std::string& id = call.path.at(0);
  TIDEMILL_ASSIGN(const std::int64_t count, Update(call, "deployment", id, {{"paused", std::int64_t{paused ? 1 : 0}}}));
  if (count == 0) return Refuse(404, kNoDeployment);
  TIDEMILL_CHECK(Replan(call, id));
  return Answer{.status = 200, .body = "null"};
}

// A limit of its own, or one by name that it shares with others.
struct RunLimit {
  bool says_own = false, says_shared = false;
  std::optional<std::int64_t> own = {};
  std::optional<std::string> shared = {};
};

Outcome<RunLimit> ReadRunLimit(Call& call, Members& members) {
  const RunLimit limit{members.Has("concurrency_limit"), members.Has("global_concurrency_limit_id"),
                       members.Int("concurrency_limit"), members.Id("global_concurrency_limit_id")};
  const json::object* options = members.Object("concurrency_options");
  TIDEMILL_CHECK(members.Check());
  if (limit.own.value_or(0) < 0) return RefuseMember("concurrency_limit", "a number of 0 or more was expected");
  if (options != nullptr) {
    const std::string strategy = TextMember(*options, "collision_strategy").value_or("");
    if (strategy != "ENQUEUE" && strategy != "CANCEL_NEW")
      return RefuseMember("concurrency_options.collision_strategy", "ENQUEUE or CANCEL_NEW was expected");
  }
  if (!limit.shared) return limit;
  if (limit.own.value_or(0) != 0)
    return RefuseMember("global_concurrency_limit_id", "a deployment has this limit or a concurrency_limit, not both");
  TIDEMILL_ASSIGN(const db::Value known,
                  SelectValue(call, "SELECT id FROM concurrency_limit WHERE id = ?1", {*limit.shared}));
  if (db::IsNull(known)) return Refuse(404, "Concurrency limit not found");
  return limit;
}

// A number of its own goes to the limit that it shares, as with Prefect; no number takes it out of that, which stays.
Outcome<void> SetRunLimit(Call& call, const std::string& id, const RunLimit& limit) {
  if (limit.says_shared || (limit.says_own && !limit.own)) {
    TIDEMILL_CHECK(call.db.Change("UPDATE deployment SET shared_limit_id = ?2, concurrency_limit = NULL WHERE id = ?1",
                                  {id, db::OrNull(limit.shared)}));
  }
  if (!limit.own) return {};
  TIDEMILL_ASSIGN(const std::int64_t shared,
                  call.db.Change("UPDATE concurrency_limit SET slots = ?2, updated = ?3 WHERE id = (SELECT "
                                 "shared_limit_id FROM deployment WHERE id = ?1)",
                                 {id, *limit.own, Micros(call.now)}));
  if (shared == 0)
    TIDEMILL_CHECK(call.db.Change("UPDATE deployment SET concurrency_limit = ?2 WHERE id = ?1", {id, *limit.own}));
  return {};
}

// What 2.11 says of the schedule. A deployment without one remembers it by being paused.
Outcome<void> SetScheduleActive(Call& call, const std::string& id, bool active) {
  TIDEMILL_CHECK(call.db.Change("UPDATE deployment_schedule SET active = ?2 WHERE deployment_id = ?1",
                                {id, std::int64_t{active ? 1 : 0}}));
  TIDEMILL_CHECK(
      call.db.Change("UPDATE deployment SET paused = NOT ?2 WHERE id = ?1 AND (?2 OR NOT EXISTS(SELECT 1 FROM "
                     "deployment_schedule WHERE deployment_id = ?1))",
                     {id, std::int64_t{active ? 1 : 0}}));
  return {};
}

Outcome<void> CheckDocuments(Call& call, Members& members) {
  for (const std::string_view name : {"storage_document_id", "infrastructure_document_id"}) {
    const auto id = members.Id(name);
    if (!id) continue;
    TIDEMILL_ASSIGN(const db::Value known, SelectValue(call, "SELECT id FROM block_document WHERE id = ?1", {*id}));
    if (db::IsNull(known))
      return Refuse(409, fmt::format("Error creating deployment. There is no block with id {}.", *id));
  }
  return {};
}

Outcome<void> AddParameterCells(Call& call, Members& members, Cells& cells) {
  constexpr std::size_t kMostBytes = 524'288;
  if (!members.Has("parameters")) return {};
  const json::object* found = members.Object("parameters");
  TIDEMILL_CHECK(members.Check());
  const json::object& sent = found != nullptr ? *found : EmptyObject();
  TIDEMILL_ASSIGN(const json::object parameters, HydrateOrRefuse(call, sent, "Error hydrating deployment parameters"));
  std::string text = json::serialize(parameters);
  if (text.size() > kMostBytes) return RefuseMember("parameters", "512 KiB at most were expected");
  cells.emplace_back("parameters", std::move(text));
  return {};
}

// What a client of 3.x means where it does not say whether parameters are checked; those of 2.11 know no such thing.
bool EnforcesUnasked(Members& members) {
  return !members.Has("infra_overrides") && !members.Has("manifest_path") && !members.Has("is_schedule_active");
}

// Whether parameters and schema, as they are in the database now, go together.
Outcome<void> CheckKept(Call& call, const std::string& id, int status, std::string_view context) {
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT parameters, parameter_schema FROM deployment WHERE id = ?1 AND enforce_schema "
                                "AND parameter_schema IS NOT NULL",
                                {id}));
  if (rows.empty()) return {};
  const json::value parameters = json::parse(db::TextOf(rows[0][0]));
  const json::value schema = json::parse(db::TextOf(rows[0][1]));
  if (const std::string why = WhyNoSchema(schema.as_object()); !why.empty()) return Refuse(422, why);
  const std::string why = WhyUnfit(schema.as_object(), parameters.as_object(), Required::kIgnored);
  if (!why.empty()) return Refuse(status, fmt::format("{}: {}", context, why));
  return {};
}

Outcome<void> CheckKeptVariables(Call& call, const std::string& id) {
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query("SELECT work_queue_id, job_variables FROM deployment WHERE id = "
                                                     "?1 AND work_queue_id IS NOT NULL",
                                                     {id}));
  if (rows.empty()) return {};
  const json::value variables = json::parse(db::TextOf(rows[0][1]));
  return CheckJobVariables(call, db::TextOf(rows[0][0]), variables.as_object(), Required::kIgnored,
                           "Error creating deployment");
}

}  // namespace

Outcome<Answer> CreateDeployment(Call& call) {
  Members members(call.body);
  const std::string flow = members.RequiredId("flow_id");
  const std::string name = members.RequiredText("name");
  const std::string labels = members.JsonObject("labels");
  const auto active = members.Bool("is_schedule_active");
  Cells cells;
  AddPlainCells(members, cells);
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(CheckName(name));
  TIDEMILL_ASSIGN(const RunLimit limit, ReadRunLimit(call, members));
  TIDEMILL_CHECK(CheckDocuments(call, members));
  TIDEMILL_CHECK(AddCatchUpCells(members, cells));
  TIDEMILL_ASSIGN(const auto schedules, SchedulesIn(members));
  TIDEMILL_CHECK(AddParameterCells(call, members, cells));
  TIDEMILL_CHECK(AddQueueCells(call, members, cells));
  TIDEMILL_ASSIGN(const db::Value known,
                  SelectValue(call, "SELECT id FROM deployment WHERE flow_id = ?1 AND name = ?2", {flow, name}));
  std::string id = db::TextOf(known);
  if (id.empty()) {
    TIDEMILL_ASSIGN(id, InsertDeployment(call, flow, name, labels, EnforcesUnasked(members)));
  }
  TIDEMILL_CHECK(Update(call, "deployment", id, cells));
  TIDEMILL_CHECK(SetRunLimit(call, id, limit));
  if (members.Bool("enforce_parameter_schema").value_or(false))
    TIDEMILL_CHECK(CheckKept(call, id, 422, "Error creating deployment"));
  TIDEMILL_CHECK(CheckKeptVariables(call, id));
  TIDEMILL_CHECK(SetSchedules(call, id, schedules.value_or(json::array())));
  if (active) TIDEMILL_CHECK(SetScheduleActive(call, id, *active));
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
  TIDEMILL_ASSIGN(const RunLimit limit, ReadRunLimit(call, members));
  TIDEMILL_CHECK(AddCatchUpCells(members, cells));
  TIDEMILL_ASSIGN(const auto schedules, SchedulesIn(members));
  TIDEMILL_CHECK(AddParameterCells(call, members, cells));
  TIDEMILL_CHECK(AddQueueCells(call, members, cells));
  TIDEMILL_ASSIGN(const std::int64_t count, Update(call, "deployment", id, cells));
  if (count == 0) return Refuse(404, kNoDeployment);
  TIDEMILL_CHECK(SetRunLimit(call, id, limit));
  if (members.Has("parameters") || members.Has("parameter_openapi_schema") || members.Has("enforce_parameter_schema"))
    TIDEMILL_CHECK(CheckKept(call, id, 409, "Error updating deployment"));
  if (schedules) TIDEMILL_CHECK(ChangeSchedules(call, id, *schedules));
  if (active) TIDEMILL_CHECK(SetScheduleActive(call, id, *active));
  TIDEMILL_CHECK(Replan(call, id));
  return NoContent();
}

Outcome<std::int64_t> EraseDeployment(Call& call, const std::string& id) {
  constexpr std::string_view kWaiting =
      "SELECT id FROM flow_run WHERE deployment_id = ?1 AND state_type = 'SCHEDULED' AND run_count = 0";
  TIDEMILL_ASSIGN(const db::Rows waiting, call.db.Query(kWaiting, {id}));
  for (const db::Row& run : waiting) TIDEMILL_CHECK(EraseFlowRun(call, db::TextOf(run[0])));
  return Delete(call, "deployment", id);
}

Outcome<Answer> DeleteDeployment(Call& call) {
  TIDEMILL_ASSIGN(const std::int64_t count, EraseDeployment(call, call.path.at(0)));
  if (count == 0) return Refuse(404, kNoDeployment);
  return NoContent();
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

Outcome<Answer> ActivateSchedules(Call& call) {
  const std::string& id = call.path.at(0);
  TIDEMILL_CHECK(
      call.db.Change("UPDATE deployment_schedule SET active = 1 WHERE deployment_id = ?1 AND NOT EXISTS(SELECT 1 "
                     "FROM deployment_schedule WHERE deployment_id = ?1 AND active)",
                     {id}));
  return SetPaused(call, false);
}

Outcome<Answer> CheckWorkQueueOfDeployment(Call& call) {
  TIDEMILL_ASSIGN(const db::Value known,
                  SelectValue(call, "SELECT id FROM deployment WHERE id = ?1", {call.path.at(0)}));
  if (db::IsNull(known)) return Refuse(404, kNoDeployment);
  return AnswerList(
      call, kWorkQueues.entity,
      {.where = "q.id = (SELECT d.work_queue_id FROM deployment d WHERE d.id = ?2)", .arguments = {call.path.at(0)}});
}

}  // namespace tidemill::orchestrator
