// SPDX-License-Identifier: Apache-2.0
#include "flow_runs.h"

#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tidemill/base/text.h"

#include "body.h"
#include "hydration.h"
#include "instant.h"
#include "job_variables.h"
#include "runs.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoFlowRun = "Flow run not found";

// Once a run is taken, nobody looks at its job variables any more.
Outcome<void> CheckNewVariables(Call& call, const RunFacts& run, const json::object& variables) {
  if (!run.state || run.state->type != StateType::kScheduled)
    return Refuse(400, "Job variables of a run that is not scheduled cannot be changed.");
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query("SELECT d.job_variables, d.work_queue_id FROM deployment d JOIN "
                                                     "flow_run r ON r.deployment_id = d.id WHERE r.id = ?1",
                                                     {run.id}));
  if (rows.empty()) return Refuse(400, "Job variables of a run without a deployment cannot be changed.");
  if (db::IsNull(rows[0][1])) return {};
  json::object all = json::parse(db::TextOf(rows[0][0])).as_object();
  for (const auto& [name, value] : variables) all[name] = value;
  return CheckJobVariables(call, db::TextOf(rows[0][1]), all, Required::kAsked, "Error updating flow run");
}

// {"state", "status", "details"} of a pause that stays.
Answer NotResumed(const State& paused, std::string_view reason) {
  return Answer{.status = 200,
                .body = R"({"state":)" + ToJson(paused) +
                        R"(,"status":"REJECT","details":{"type":"reject_details","reason":)" +
                        base::JsonString(reason) + "}}"};
}

// A pause may wait for input: what was sent must fit the schema that stands among the run's inputs. Nothing where it
// does, and is kept among them.
Outcome<std::optional<Answer>> TakeInput(Call& call, const State& paused) {
  const json::object* keys = FindObject(paused.details, "run_input_keyset");
  if (keys == nullptr) return std::optional<Answer>();
  Members members(call.body);
  const json::object* sent = members.Object("run_input");
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(const Hydrated input, Hydrate(call, sent != nullptr ? *sent : EmptyObject()));
  if (!input.wrong.empty()) return NotResumed(paused, "Error hydrating run input: " + input.wrong);
  TIDEMILL_ASSIGN(const db::Value text,
                  SelectValue(call, "SELECT value FROM flow_run_input WHERE flow_run_id = ?1 AND key = ?2",
                              {call.path.at(0), TextMember(*keys, "schema").value_or("")}));
  if (db::IsNull(text)) return NotResumed(paused, "Run input schema not found.");
  boost::system::error_code error;
  const json::value schema = json::parse(db::TextOf(text), error);
  if (error || !schema.is_object()) return NotResumed(paused, "Run input schema is not valid JSON.");
  const std::string why = WhyUnfit(schema.get_object(), input.values, Required::kAsked);
  if (!why.empty()) return NotResumed(paused, "Reason: " + why);
  TIDEMILL_CHECK(Insert(call, "flow_run_input",
                        {{"flow_run_id", call.path.at(0)},
                         {"key", TextMember(*keys, "response").value_or("")},
                         {"id", call.NewId()},
                         {"created", Micros(call.now)},
                         {"updated", Micros(call.now)},
                         {"value", json::serialize(input.values)},
                         {"sender", db::Value()}},
                        "ON CONFLICT DO NOTHING"));
  return std::optional<Answer>();
}

}  // namespace

Outcome<Answer> AnswerFlowRun(Call& call, const std::string& id, int status) {
  return AnswerOne(call, kFlowRuns.entity, {.where = "r.id = ?2", .arguments = {id}}, kNoFlowRun, status);
}

Outcome<MadeFlowRun> MakeFlowRun(Call& call, FlowRunSeed seed) {
  if (seed.idempotency_key) {
    TIDEMILL_ASSIGN(const db::Value known,
                    SelectValue(call, "SELECT id FROM flow_run WHERE flow_id = ?1 AND idempotency_key = ?2",
                                {seed.flow_id, *seed.idempotency_key}));
    if (!db::IsNull(known)) return MadeFlowRun{db::TextOf(known), false};
  }
  MadeFlowRun made{call.NewIdAt(), true};
  json::object labels{{"prefect.flow.id", seed.flow_id}};
  if (seed.deployment_id) labels["prefect.deployment.id"] = *seed.deployment_id;
  for (const auto& [name, value] : seed.labels) labels[name] = value;
  if (seed.policy.empty()) seed.policy = FlowPolicyText(nullptr);
  Cells cells{{"id", made.id},
              {"created", Micros(call.now)},
              {"updated", Micros(call.now)},
              {"flow_id", seed.flow_id},
              {"deployment_id", db::OrNull(seed.deployment_id)},
              {"deployment_version", db::OrNull(seed.deployment_version)},
              {"name", seed.name.empty() ? call.NewName() : seed.name},
              {"flow_version", db::OrNull(seed.flow_version)},
              {"parameters", seed.parameters},
              {"context", seed.context},
              {"labels", json::serialize(labels)},
              {"tags", seed.tags},
              {"idempotency_key", db::OrNull(seed.idempotency_key)},
              {"parent_task_run_id", db::OrNull(seed.parent_task_run_id)},
              {"auto_scheduled", std::int64_t{seed.auto_scheduled ? 1 : 0}},
              {"work_queue_name", db::OrNull(seed.work_queue_name)},
              {"work_queue_id", db::OrNull(seed.work_queue_id)},
              {"job_variables", seed.job_variables},
              {"infrastructure_document_id", db::OrNull(seed.infrastructure_document_id)},
              {"created_by", db::OrNull(seed.created_by)}};
  const RunFacts run{.id = made.id,
                     .has_deployment = seed.deployment_id.has_value(),
                     .parent_task_run_id = seed.parent_task_run_id.value_or("")};
  TIDEMILL_ASSIGN(Cells of_state,
                  StoreState(call, RunKind::kFlow, run, seed.state, json::parse(seed.policy).as_object()));
  cells.insert(cells.end(), of_state.begin(), of_state.end());
  TIDEMILL_CHECK(Insert(call, "flow_run", cells));
  TIDEMILL_CHECK(TellState(call, run, seed.state));
  return made;
}

Outcome<Answer> CreateFlowRun(Call& call) {
  Members members(call.body);
  FlowRunSeed seed{.flow_id = members.RequiredId("flow_id"),
                   .name = members.Text("name").value_or(""),
                   .flow_version = members.Text("flow_version"),
                   .deployment_id = members.Id("deployment_id"),
                   .idempotency_key = members.Text("idempotency_key"),
                   .parent_task_run_id = members.Id("parent_task_run_id"),
                   .work_queue_name = members.Text("work_queue_name"),
                   .infrastructure_document_id = members.Id("infrastructure_document_id"),
                   .parameters = members.JsonObject("parameters"),
                   .context = members.JsonObject("context"),
                   .tags = members.JsonTexts("tags"),
                   .policy = FlowPolicyText(members.Object("empirical_policy")),
                   .job_variables = members.JsonObject("job_variables")};
  if (const json::object* labels = members.Object("labels")) seed.labels = *labels;
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(CheckPolicy(members.Object("empirical_policy")));
  if (const json::value* state = Find(members.object(), "state")) {
    TIDEMILL_ASSIGN(seed.state, ParseState(*state, call.now));
  }
  TIDEMILL_ASSIGN(const MadeFlowRun made, MakeFlowRun(call, std::move(seed)));
  return AnswerFlowRun(call, made.id, made.fresh ? 201 : 200);
}

Outcome<Answer> GetFlowRun(Call& call) {
  return AnswerFlowRun(call, call.path.at(0), 200);
}

Outcome<Answer> PatchFlowRun(Call& call) {
  Members members(call.body);
  Cells cells;
  const auto text = [&](std::string_view name, std::string_view column) {
    if (members.Has(name)) cells.emplace_back(column, db::OrNull(members.Text(name)));
  };
  if (const auto name = members.Text("name")) cells.emplace_back("name", *name);
  text("flow_version", "flow_version");
  text("infrastructure_pid", "infrastructure_pid");
  if (members.Has("parameters")) cells.emplace_back("parameters", members.JsonObject("parameters"));
  if (members.Has("tags")) cells.emplace_back("tags", members.JsonTexts("tags"));
  TIDEMILL_ASSIGN(const auto run, LoadRun(call, RunKind::kFlow, call.path.at(0)));
  if (!run) return Refuse(404, kNoFlowRun);
  if (const json::object* variables = members.Object("job_variables")) {
    TIDEMILL_CHECK(CheckNewVariables(call, *run, *variables));
    cells.emplace_back("job_variables", json::serialize(*variables));
  }
  if (const json::object* policy = members.Object("empirical_policy")) {
    TIDEMILL_CHECK(CheckPolicy(policy));
    json::object merged = run->policy;
    for (const auto& [name, value] : *policy) merged[name] = value;
    cells.emplace_back("policy", FlowPolicyText(&merged));
  }
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(Update(call, "flow_run", run->id, cells));
  return NoContent();
}

Outcome<Answer> PatchFlowRunLabels(Call& call) {
  Members members(call.body);
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(const db::Value text,
                  SelectValue(call, "SELECT labels FROM flow_run WHERE id = ?1", {call.path.at(0)}));
  if (db::IsNull(text)) return Refuse(404, kNoFlowRun);
  json::object labels = json::parse(db::TextOf(text)).as_object();
  for (const auto& [name, value] : members.object()) labels[name] = value;
  TIDEMILL_CHECK(Update(call, "flow_run", call.path.at(0), {{"labels", json::serialize(labels)}}));
  return NoContent();
}

Outcome<std::int64_t> EraseFlowRun(Call& call, const std::string& id) {
  const db::Row run{id};
  TIDEMILL_CHECK(
      call.db.Change("DELETE FROM run_state WHERE run_id = ?1 OR run_id IN (SELECT id FROM task_run WHERE "
                     "flow_run_id = ?1)",
                     run));
  TIDEMILL_CHECK(call.db.Change("DELETE FROM task_run WHERE flow_run_id = ?1", run));
  TIDEMILL_CHECK(call.db.Change("DELETE FROM log WHERE flow_run_id = ?1", run));
  return Delete(call, "flow_run", id);
}

Outcome<Answer> DeleteFlowRun(Call& call) {
  TIDEMILL_ASSIGN(const std::int64_t count, EraseFlowRun(call, call.path.at(0)));
  if (count == 0) return Refuse(404, kNoFlowRun);
  return NoContent();
}

Outcome<Answer> SetFlowRunState(Call& call) {
  return SetState(call, RunKind::kFlow, "Flow run with id " + call.path.at(0) + " not found");
}

Outcome<Answer> ResumeFlowRun(Call& call) {
  TIDEMILL_ASSIGN(const auto run, LoadRun(call, RunKind::kFlow, call.path.at(0)));
  if (!run) return RefuseWithMessage(404, kNoFlowRun);
  if (!run->state || run->state->type != StateType::kPaused) {
    return Answer{
        .status = 200,
        .body =
            R"({"state":null,"status":"ABORT","details":{"type":"abort_details","reason":"Cannot resume a flow run that is not paused."}})"};
  }
  TIDEMILL_ASSIGN(std::optional<Answer> unfit, TakeInput(call, *run->state));
  if (unfit) return *std::move(unfit);
  const json::value* reschedule = Find(run->state->details, "pause_reschedule");
  State state = MakeState(StateType::kRunning, "Running");
  if (reschedule != nullptr && *reschedule == json::value(true)) {
    state = MakeState(StateType::kScheduled, "Resuming");
    state.details["scheduled_time"] = InstantText(call.now);
  }
  TIDEMILL_ASSIGN(Proposal proposal, Propose(call, RunKind::kFlow, *run, std::move(state), false));
  return Answer{.status = proposal.written ? 201 : 200, .body = std::move(proposal.answer)};
}

Outcome<Answer> FilterFlowRuns(Call& call) {
  return AnswerFilter(call, kFlowRuns);
}
Outcome<Answer> CountFlowRuns(Call& call) {
  return AnswerFilterCount(call, kFlowRuns);
}
Outcome<Answer> PageFlowRuns(Call& call) {
  return AnswerPage(call, kFlowRuns);
}

Outcome<Answer> GetFlowRunGraph(Call& call) {
  constexpr std::int64_t kMostTasks = 10'000;
  const std::string& id = call.path.at(0);
  TIDEMILL_ASSIGN(const db::Value known, SelectValue(call, "SELECT id FROM flow_run WHERE id = ?1", {id}));
  if (db::IsNull(known)) return Refuse(404, kNoFlowRun);
  return AnswerList(
      call, kTaskDependencies,
      {.where = "t.flow_run_id = ?2", .order = "t.expected_start, t.id", .arguments = {id}, .limit = kMostTasks});
}

}  // namespace tidemill::orchestrator
