// SPDX-License-Identifier: Apache-2.0
#include "task_runs.h"

#include <string>
#include <utility>

#include <boost/json/serialize.hpp>

#include "body.h"
#include "instant.h"
#include "runs.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoTask = "Task not found";

Outcome<std::string> LabelsOf(Call& call, const json::object& sent, const std::optional<std::string>& flow_run) {
  json::object labels;
  if (flow_run) {
    TIDEMILL_ASSIGN(const db::Value flow, SelectValue(call, "SELECT flow_id FROM flow_run WHERE id = ?1", {*flow_run}));
    if (!db::IsNull(flow)) labels["prefect.flow.id"] = db::TextOf(flow);
    labels["prefect.flow-run.id"] = *flow_run;
  }
  for (const auto& [name, value] : sent) labels[name] = value;
  return json::serialize(labels);
}

Outcome<Answer> AnswerTaskRun(Call& call, const std::string& id, int status) {
  return AnswerOne(call, kTaskRuns.entity, {.where = "t.id = ?2", .arguments = {id}}, kNoTask, status);
}

// What each parameter takes: a list.
Outcome<void> CheckInputs(const json::object* inputs) {
  if (inputs == nullptr) return {};
  for (const auto& [name, value] : *inputs) {
    if (!value.is_array()) return RefuseMember("task_inputs." + std::string(name), "a list was expected");
  }
  return {};
}

struct Sent {
  Cells cells;
  std::string key, dynamic_key;
  std::optional<std::string> flow_run;
};

Outcome<Sent> ReadTaskRun(Call& call, Members& members) {
  Sent sent{.cells = {},
            .key = members.RequiredText("task_key"),
            .dynamic_key = members.RequiredText("dynamic_key"),
            .flow_run = members.Id("flow_run_id")};
  const auto optional = [](const std::optional<std::string>& text) { return text ? db::Value(*text) : db::Value(); };
  const auto expires = members.Instant("cache_expiration");
  sent.cells = {{"created", Micros(call.now)},
                {"updated", Micros(call.now)},
                {"flow_run_id", optional(sent.flow_run)},
                {"name", members.Text("name").value_or(sent.key + "-" + sent.dynamic_key)},
                {"task_key", sent.key},
                {"dynamic_key", sent.dynamic_key},
                {"cache_key", optional(members.Text("cache_key"))},
                {"cache_expires", expires ? db::Value(Micros(*expires)) : db::Value()},
                {"task_version", optional(members.Text("task_version"))},
                {"policy", TaskPolicyText(members.Object("empirical_policy"))},
                {"tags", members.JsonTexts("tags")},
                {"inputs", members.JsonObject("task_inputs")},
                {"run_count", std::int64_t{0}},
                {"flow_run_run_count", std::int64_t{0}},
                {"total_run", std::int64_t{0}}};
  const json::object* labels = members.Object("labels");
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(CheckPolicy(members.Object("empirical_policy")));
  TIDEMILL_CHECK(CheckInputs(members.Object("task_inputs")));
  TIDEMILL_ASSIGN(std::string text, LabelsOf(call, labels != nullptr ? *labels : EmptyObject(), sent.flow_run));
  sent.cells.emplace_back("labels", std::move(text));
  return sent;
}

}  // namespace

Outcome<Answer> CreateTaskRun(Call& call) {
  Members members(call.body);
  const auto wanted = members.Id("id");
  TIDEMILL_ASSIGN(Sent sent, ReadTaskRun(call, members));
  TIDEMILL_ASSIGN(
      const db::Value known,
      SelectValue(call, "SELECT id FROM task_run WHERE flow_run_id IS ?1 AND task_key = ?2 AND dynamic_key = ?3",
                  {sent.flow_run ? db::Value(*sent.flow_run) : db::Value(), sent.key, sent.dynamic_key}));
  if (!db::IsNull(known)) return AnswerTaskRun(call, db::TextOf(known), 200);
  const std::string id = wanted.value_or(call.NewIdAt());
  sent.cells.emplace_back("id", id);
  TIDEMILL_CHECK(Insert(call, "task_run", sent.cells));
  State state = MakeState(StateType::kPending, "Pending");
  if (const json::value* state_sent = Find(members.object(), "state")) {
    TIDEMILL_ASSIGN(state, ParseState(*state_sent, call.now));
  }
  TIDEMILL_ASSIGN(const auto run, LoadRun(call, RunKind::kTask, id));
  TIDEMILL_CHECK(TakeState(call, RunKind::kTask, *run, state, run->policy));
  return AnswerTaskRun(call, id, 201);
}

Outcome<Answer> GetTaskRun(Call& call) {
  return AnswerTaskRun(call, call.path.at(0), 200);
}

Outcome<Answer> PatchTaskRun(Call& call) {
  Members members(call.body);
  Cells cells;
  if (const auto name = members.Text("name")) cells.emplace_back("name", *name);
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(const std::int64_t count, Update(call, "task_run", call.path.at(0), cells));
  if (count == 0) return Refuse(404, "Task run not found");
  return NoContent();
}

Outcome<Answer> DeleteTaskRun(Call& call) {
  TIDEMILL_CHECK(call.db.Change("DELETE FROM run_state WHERE run_id = ?1", {call.path.at(0)}));
  return DeleteByPath(call, "task_run", kNoTask);
}

Outcome<Answer> SetTaskRunState(Call& call) {
  return SetState(call, RunKind::kTask, "Task run with id " + call.path.at(0) + " not found");
}

Outcome<Answer> FilterTaskRuns(Call& call) {
  return AnswerFilter(call, kTaskRuns);
}
Outcome<Answer> CountTaskRuns(Call& call) {
  return AnswerFilterCount(call, kTaskRuns);
}
Outcome<Answer> PageTaskRuns(Call& call) {
  return AnswerPage(call, kTaskRuns);
}

}  // namespace tidemill::orchestrator
