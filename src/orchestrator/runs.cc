// SPDX-License-Identifier: Apache-2.0
#include "runs.h"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "body.h"
#include "concurrency_limits.h"
#include "entity.h"
#include "events.h"
#include "instant.h"

namespace tidemill::orchestrator {
namespace {

std::optional<base::Time> TimeOf(const db::Value& value) {
  if (db::IsNull(value)) return std::nullopt;
  return FromMicros(db::IntOf(value));
}
db::Value ValueOf(const std::optional<base::Time>& time) {
  return time ? db::Value(Micros(*time)) : db::Value();
}

constexpr std::string_view kFlowFacts =
    "SELECT r.state_id, r.policy, r.run_count, r.expected_start, r.next_start, r.start, r.end, r.total_run, "
    "r.deployment_id, r.parent_task_run_id, r.infrastructure_pid FROM flow_run r WHERE r.id = ?1";
constexpr std::string_view kTaskFacts =
    "SELECT t.state_id, t.policy, t.run_count, t.expected_start, t.next_start, t.start, t.end, t.total_run, "
    "t.cache_key, f.state_type, f.run_count, t.flow_run_id FROM task_run t LEFT JOIN flow_run f ON f.id = "
    "t.flow_run_id WHERE t.id = "
    "?1";

void ReadFlowFacts(const db::Row& row, RunFacts& run) {
  run.has_deployment = !db::IsNull(row[8]);
  run.parent_task_run_id = db::TextOf(row[9]);
  run.has_pid = !db::IsNull(row[10]);
}

void ReadTaskFacts(const db::Row& row, RunFacts& run) {
  if (!db::IsNull(row[8])) run.cache_key = db::TextOf(row[8]);
  run.flow_state = ParseStateType(db::TextOf(row[9]));
  run.flow_run_count = db::IntOf(row[10]);
  run.flow_run_id = db::TextOf(row[11]);
}

std::string_view TableOf(RunKind kind) {
  return kind == RunKind::kFlow ? "flow_run" : "task_run";
}

// What a task's result may be taken for by later ones.
Outcome<void> RememberForCache(Call& call, const State& state) {
  const auto key = TextMember(state.details, "cache_key");
  if (state.type != StateType::kCompleted || state.name == "Cached" || !key) return {};
  TIDEMILL_CHECK(Insert(
      call, "task_cache",
      {{"cache_key", *key}, {"state_id", state.id}, {"expires", ValueOf(InstantIn(state.details, "cache_expiration"))}},
      "ON CONFLICT(cache_key) DO UPDATE SET state_id = excluded.state_id, expires = excluded.expires"));
  return {};
}

Outcome<void> FindCached(Call& call, const State& proposed, RunFacts& run) {
  const auto key = TextMember(proposed.details, "cache_key");
  if (proposed.type != StateType::kRunning || !key) return {};
  TIDEMILL_ASSIGN(
      const db::Value state,
      SelectValue(call, "SELECT state_id FROM task_cache WHERE cache_key = ?1 AND (expires IS NULL OR expires > ?2)",
                  {*key, Micros(call.now)}));
  if (db::IsNull(state)) return {};
  TIDEMILL_ASSIGN(run.cached, LoadState(call, db::TextOf(state)));
  return {};
}

Outcome<std::string> TagsOf(Call& call, const std::string& task_run) {
  TIDEMILL_ASSIGN(const db::Value tags, SelectValue(call, "SELECT tags FROM task_run WHERE id = ?1", {task_run}));
  return db::TextOf(tags);
}

// What the rules must know of limits before a run is claimed or a task runs.
Outcome<void> LookAtSlots(Call& call, RunKind kind, const State& proposed, bool force, RunFacts& run) {
  if (force) return {};
  if (kind == RunKind::kFlow && proposed.type == StateType::kPending && run.has_deployment) {
    TIDEMILL_ASSIGN(run.deployment_slots, LookAtDeploymentSlots(call, run.id));
  }
  if (kind == RunKind::kTask && proposed.type == StateType::kRunning) {
    TIDEMILL_ASSIGN(const std::string tags, TagsOf(call, run.id));
    TIDEMILL_ASSIGN(run.tag_slots, LookAtTagSlots(call, tags, run.id));
  }
  return {};
}

std::string ProposalJson(const State* state, std::string_view status, std::string_view kind, const std::string* reason,
                         std::int64_t delay = -1) {
  base::JsonWriter json;
  json.BeginObject().Key("state").Raw(state != nullptr ? ToJson(*state) : "null").Key("status").String(status);
  json.Key("details").BeginObject().Key("type").String(kind);
  if (delay >= 0) json.Key("delay_seconds").Int(delay);
  if (reason != nullptr) json.Key("reason").String(*reason);
  return json.EndObject().EndObject().Take();
}

struct Answering {
  Call& call;
  RunKind kind;
  const RunFacts& run;
  Transition& transition;

  Outcome<Proposal> Accept() {
    TIDEMILL_CHECK(TakeState(call, kind, run, transition.to, transition.policy));
    return Proposal{true, ProposalJson(&transition.to, "ACCEPT", "accept_details", nullptr), true};
  }
  Outcome<Proposal> operator()(Reject& reject) {
    if (!reject.instead) {
      return Proposal{false,
                      ProposalJson(run.state ? &*run.state : nullptr, "REJECT", "reject_details", &reject.reason)};
    }
    TIDEMILL_CHECK(TakeState(call, kind, run, *reject.instead, transition.policy));
    return Proposal{true, ProposalJson(&*reject.instead, "REJECT", "reject_details", &reject.reason)};
  }
  Outcome<Proposal> operator()(Wait& wait) {
    return Proposal{false, ProposalJson(nullptr, "WAIT", "wait_details", &wait.reason, wait.seconds)};
  }
  Outcome<Proposal> operator()(Abort& abort) {
    return Proposal{false, ProposalJson(nullptr, "ABORT", "abort_details", &abort.reason)};
  }
};

void FillDefaults(json::object& policy, std::initializer_list<std::pair<std::string_view, json::value>> defaults) {
  for (const auto& [name, value] : defaults) {
    const boost::core::string_view key(name.data(), name.size());
    if (policy.if_contains(key) == nullptr) policy[key] = value;
  }
}

// What clients before 2.7 sent, where they say nothing else.
void FillFrom(json::object& policy, std::string_view name, std::string_view older) {
  const auto counts = [](const json::value* value) {
    return value != nullptr && *value != json::value(0) && *value != json::value(0.0);
  };
  const json::value* old = Find(policy, older);
  if (!counts(Find(policy, name)) && counts(old)) policy[name] = json::value(*old);
}

void FillFromOlder(json::object& policy) {
  FillFrom(policy, "retries", "max_retries");
  FillFrom(policy, "retry_delay", "retry_delay_seconds");
}

}  // namespace

Outcome<void> CheckPolicy(const json::object* policy) {
  constexpr std::size_t kMostDelays = 50;
  if (policy == nullptr) return {};
  Members members(*policy);
  for (const std::string_view name : {"retries", "max_retries"}) static_cast<void>(members.Int(name));
  if (const auto jitter = members.Number("retry_jitter_factor"); jitter && *jitter < 0)
    return RefuseMember("empirical_policy.retry_jitter_factor", "a number of 0 or more was expected");
  TIDEMILL_CHECK(members.Check());
  const json::value* delay = Find(*policy, "retry_delay");
  if (delay == nullptr || delay->is_number()) return {};
  const auto is_number = [](const json::value& one) { return one.is_number(); };
  if (!delay->is_array() || !std::all_of(delay->get_array().begin(), delay->get_array().end(), is_number))
    return RefuseMember("empirical_policy.retry_delay", "a number of seconds or a list of them was expected");
  if (delay->get_array().size() > kMostDelays)
    return RefuseMember("empirical_policy.retry_delay", "50 delays at most were expected");
  return {};
}

std::string FlowPolicyText(const json::object* sent) {
  json::object policy = sent != nullptr ? *sent : json::object();
  FillFromOlder(policy);
  FillDefaults(policy, {{"max_retries", 0},
                        {"retry_delay_seconds", 0.0},
                        {"retries", nullptr},
                        {"retry_delay", nullptr},
                        {"pause_keys", json::array()},
                        {"resuming", false},
                        {"retry_type", nullptr}});
  return json::serialize(policy);
}

std::string TaskPolicyText(const json::object* sent) {
  json::object policy = sent != nullptr ? *sent : json::object();
  FillFromOlder(policy);
  FillDefaults(policy, {{"max_retries", 0},
                        {"retry_delay_seconds", 0.0},
                        {"retries", nullptr},
                        {"retry_delay", nullptr},
                        {"retry_jitter_factor", nullptr}});
  return json::serialize(policy);
}

Outcome<std::optional<RunFacts>> LoadRun(Call& call, RunKind kind, std::string_view id) {
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query(kind == RunKind::kFlow ? kFlowFacts : kTaskFacts, {std::string(id)}));
  if (rows.empty()) return std::optional<RunFacts>();
  const db::Row& row = rows.front();
  RunFacts run{.id = std::string(id), .run_count = db::IntOf(row[2])};
  run.policy = json::parse(db::TextOf(row[1])).as_object();
  run.expected_start = TimeOf(row[3]);
  run.next_start = TimeOf(row[4]);
  run.start = TimeOf(row[5]);
  run.end = TimeOf(row[6]);
  run.total_run = base::Duration(db::IntOf(row[7]));
  if (kind == RunKind::kFlow) {
    ReadFlowFacts(row, run);
  } else {
    ReadTaskFacts(row, run);
  }
  if (!db::IsNull(row[0])) {
    TIDEMILL_ASSIGN(run.state, LoadState(call, db::TextOf(row[0])));
  }
  return std::optional<RunFacts>(std::move(run));
}

Outcome<Cells> StoreState(Call& call, RunKind kind, const RunFacts& run, State& state, const json::object& policy) {
  state.details[kind == RunKind::kFlow ? "flow_run_id" : "task_run_id"] = run.id;
  if (!run.parent_task_run_id.empty()) state.details["task_run_id"] = run.parent_task_run_id;
  if (!run.flow_run_id.empty()) state.details["flow_run_id"] = run.flow_run_id;
  TIDEMILL_CHECK(SaveState(call, run.id, state));
  const json::value* resuming = Find(policy, "resuming");
  const bool resumes = state.type == StateType::kRunning && resuming != nullptr && *resuming == json::value(true);
  const RunAfter after = Advance(run, state, resumes);
  json::object kept = policy;
  if (resumes) kept["resuming"] = false;
  Cells cells{{"state_id", state.id},
              {"state_type", std::string(flow::ToText(state.type))},
              {"state_name", state.name},
              {"state_at", Micros(state.at)},
              {"policy", json::serialize(kept)},
              {"run_count", after.run_count},
              {"expected_start", ValueOf(after.expected_start)},
              {"next_start", ValueOf(after.next_start)},
              {"start", ValueOf(after.start)},
              {"end", ValueOf(after.end)},
              {"total_run", after.total_run.count()}};
  if (kind == RunKind::kTask && state.type == StateType::kRunning)
    cells.emplace_back("flow_run_run_count", run.flow_run_count);
  return cells;
}

Outcome<void> TellState(Call& call, const RunFacts& run, const State& state) {
  TIDEMILL_CHECK(EmitFlowRunEvent(call, run.id, run.state, state));
  if (run.parent_task_run_id.empty()) return {};
  TIDEMILL_ASSIGN(const auto task, LoadRun(call, RunKind::kTask, run.parent_task_run_id));
  if (!task) return {};
  State copy = state;
  copy.details["child_flow_run_id"] = run.id;
  copy.details["flow_run_id"] = task->flow_run_id;
  return TakeState(call, RunKind::kTask, *task, copy, task->policy);
}

Outcome<void> TakeState(Call& call, RunKind kind, const RunFacts& run, State& state, const json::object& policy) {
  TIDEMILL_ASSIGN(const Cells cells, StoreState(call, kind, run, state, policy));
  TIDEMILL_CHECK(Update(call, TableOf(kind), run.id, cells));
  if (kind == RunKind::kFlow) return TellState(call, run, state);
  if (state.type != StateType::kRunning) TIDEMILL_CHECK(GiveTagSlotsBack(call, run.id));
  return RememberForCache(call, state);
}

Outcome<Proposal> Propose(Call& call, RunKind kind, const RunFacts& run, State proposed, bool force) {
  Transition transition{run, run.state, std::move(proposed), run.policy, call.now};
  std::optional<Verdict> verdict;
  if (kind == RunKind::kFlow) {
    verdict = Ask(force ? ForcedFlowRules() : FlowRules(), transition);
  } else if (!force) {
    verdict = Ask(TaskRules(), transition);
  }
  Answering answering{call, kind, run, transition};
  return verdict ? std::visit(answering, *verdict) : answering.Accept();
}

Outcome<Answer> SetState(Call& call, RunKind kind, std::string_view missing) {
  Members members(call.body);
  const json::value* sent = Find(members.object(), "state");
  if (sent == nullptr) return RefuseMember("state", "field required");
  const bool force = members.Bool("force").value_or(false);
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(State proposed, ParseState(*sent, call.now));
  TIDEMILL_ASSIGN(auto run, LoadRun(call, kind, call.path.at(0)));
  if (!run) return RefuseWithMessage(404, missing);
  if (kind == RunKind::kTask) TIDEMILL_CHECK(FindCached(call, proposed, *run));
  TIDEMILL_CHECK(LookAtSlots(call, kind, proposed, force, *run));
  const bool claims = kind == RunKind::kFlow && proposed.type == StateType::kPending;
  const bool runs_task = kind == RunKind::kTask && proposed.type == StateType::kRunning && !force;
  TIDEMILL_ASSIGN(Proposal proposal, Propose(call, kind, *run, std::move(proposed), force));
  if (claims && proposal.accepted) {
    TIDEMILL_CHECK(
        call.db.Change("UPDATE flow_run SET claimed_by = ?2 WHERE id = ?1", {run->id, db::TextOrNull(call.worker)}));
  }
  if (runs_task && proposal.accepted) {
    TIDEMILL_ASSIGN(const std::string tags, TagsOf(call, run->id));
    TIDEMILL_CHECK(TakeTagSlots(call, tags, run->id));
  }
  return Answer{.status = proposal.written ? 201 : 200, .body = std::move(proposal.answer)};
}

}  // namespace tidemill::orchestrator
