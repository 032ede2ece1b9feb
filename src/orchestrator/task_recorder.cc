// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "entity.h"
#include "events.h"
#include "instant.h"
#include "runs.h"

// Task runs as Prefect 3 tells of them: in events, which may come twice and in any order.
namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kTaskEventPrefix = "prefect.task-run.";

// What an event says of a task run.
struct Told {
  std::string id;
  std::optional<std::string> flow_run;
  std::string key, dynamic_key;
  State state;
  const json::object& task;
};

// Nothing where the event tells of none, or not enough of it: events are kept in any case.
std::optional<Told> ReadTold(const Event& event, base::Time now) {
  if (!event.name.starts_with(kTaskEventPrefix) || TextOf(event.resource, "prefect.orchestration") != "client")
    return std::nullopt;
  if (!event.resource_id.starts_with(kTaskEventPrefix)) return std::nullopt;
  const auto id = ParseId(event.resource_id.substr(kTaskEventPrefix.size()));
  const json::object* task = FindObject(event.payload, "task_run");
  const json::value* sent = Find(event.payload, "validated_state");
  if (!id || task == nullptr || sent == nullptr) return std::nullopt;
  auto state = ParseState(*sent, now);
  if (!state) return std::nullopt;
  state->id = event.id;
  state->at = event.occurred;
  Told told{*id, {}, TextOf(*task, "task_key"), TextOf(*task, "dynamic_key"), *std::move(state), *task};
  if (const auto run = RelatedId(event, "flow-run", "prefect.flow-run.")) told.flow_run = ParseId(*run);
  told.state.details["task_run_id"] = told.id;
  if (told.flow_run) told.state.details["flow_run_id"] = *told.flow_run;
  return told;
}

struct Known {
  std::string id;
  std::optional<std::string> state;
  std::int64_t at = 0;
};

Outcome<std::optional<Known>> FindKnown(Call& call, const Told& told) {
  TIDEMILL_ASSIGN(db::Rows rows, call.db.Query("SELECT id, state_id, state_at FROM task_run WHERE id = ?1", {told.id}));
  if (rows.empty() && told.flow_run) {
    TIDEMILL_ASSIGN(rows, call.db.Query("SELECT id, state_id, state_at FROM task_run WHERE flow_run_id = ?1 AND "
                                        "task_key = ?2 AND dynamic_key = ?3",
                                        {*told.flow_run, told.key, told.dynamic_key}));
  }
  if (rows.empty()) return std::optional<Known>();
  const db::Row& row = rows.front();
  Known known{.id = db::TextOf(row[0]), .at = db::IntOf(row[2])};
  if (!db::IsNull(row[1])) known.state = db::TextOf(row[1]);
  return std::optional(std::move(known));
}

// What the event says, and nothing for what it does not: a later event may know less.
Outcome<Cells> CellsOf(const Told& told) {
  Members members(told.task);
  Cells cells{{"state_id", told.state.id},
              {"state_type", std::string(flow::ToText(told.state.type))},
              {"state_name", told.state.name},
              {"state_at", Micros(told.state.at)}};
  const auto text = [&](std::string_view name) {
    if (const auto value = members.Text(name)) cells.emplace_back(name, *value);
  };
  const auto whole = [&](std::string_view name) {
    if (const auto value = members.Int(name)) cells.emplace_back(name, *value);
  };
  const auto instant = [&](std::string_view name, std::string_view column, bool otherwise) {
    const auto value = members.Instant(name);
    if (value || otherwise) cells.emplace_back(column, Micros(value.value_or(told.state.at)));
  };
  for (const std::string_view name : {"name", "task_version", "cache_key"}) text(name);
  for (const std::string_view name : {"run_count", "flow_run_run_count"}) whole(name);
  instant("expected_start_time", "expected_start", false);
  instant("cache_expiration", "cache_expires", false);
  instant("start_time", "start", false);
  instant("end_time", "end", flow::IsFinal(told.state.type));
  const auto next = InstantIn(told.state.details, "scheduled_time");
  const bool waits = told.state.type == StateType::kScheduled && next;
  cells.emplace_back("next_start", waits ? db::Value(Micros(*next)) : db::Value());
  if (const auto seconds = members.Number("total_run_time"); seconds && *seconds >= 0 && *seconds < 1e9)
    cells.emplace_back("total_run", static_cast<std::int64_t>(*seconds * kMicros));
  if (const json::object* policy = FindObject(told.task, "empirical_policy"))
    cells.emplace_back("policy", TaskPolicyText(policy));
  if (Find(told.task, "tags") != nullptr) cells.emplace_back("tags", members.JsonTexts("tags"));
  if (Find(told.task, "labels") != nullptr) cells.emplace_back("labels", members.JsonObject("labels"));
  if (Find(told.task, "task_inputs") != nullptr) cells.emplace_back("inputs", members.JsonObject("task_inputs"));
  TIDEMILL_CHECK(members.Check());
  return cells;
}

Outcome<void> InsertTaskRun(Call& call, const Told& told) {
  TIDEMILL_CHECK(Insert(call, "task_run",
                        {{"id", told.id},
                         {"created", Micros(call.now)},
                         {"updated", Micros(call.now)},
                         {"flow_run_id", told.flow_run ? db::Value(*told.flow_run) : db::Value()},
                         {"name", told.key},
                         {"task_key", told.key},
                         {"dynamic_key", told.dynamic_key},
                         {"policy", TaskPolicyText(nullptr)},
                         {"tags", std::string("[]")},
                         {"labels", std::string("{}")},
                         {"inputs", std::string("{}")},
                         {"run_count", std::int64_t{0}},
                         {"flow_run_run_count", std::int64_t{0}},
                         {"expected_start", Micros(told.state.at)},
                         {"total_run", std::int64_t{0}}}));
  return {};
}

}  // namespace

Outcome<void> RecordTaskRun(Call& call, const Event& event) {
  auto told = ReadTold(event, call.now);
  if (!told) return {};
  const auto cells = CellsOf(*told);
  if (!cells) return {};
  TIDEMILL_ASSIGN(const auto known, FindKnown(call, *told));
  if (!known) TIDEMILL_CHECK(InsertTaskRun(call, *told));
  const std::string id = known ? known->id : told->id;
  const std::int64_t at = Micros(told->state.at);
  TIDEMILL_CHECK(SaveGivenState(call, id, told->state));
  const bool newer = !known || !known->state || known->at < at || (known->at == at && event.follows == known->state);
  if (newer) TIDEMILL_CHECK(Update(call, "task_run", id, *cells));
  return {};
}

}  // namespace tidemill::orchestrator
