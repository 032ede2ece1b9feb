// SPDX-License-Identifier: Apache-2.0
#include "state.h"

#include <array>
#include <string>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

#include "entity.h"
#include "instant.h"
#include "query_text.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::array kStateTypes{StateType::kScheduled, StateType::kPending, StateType::kRunning,
                                 StateType::kCompleted, StateType::kFailed,  StateType::kCancelled,
                                 StateType::kCrashed,   StateType::kPaused,  StateType::kCancelling};

constexpr std::array<std::string_view, 16> kNullDetails{
    "flow_run_id",   "task_run_id",        "child_flow_run_id", "scheduled_time",    "cache_key", "cache_expiration",
    "deferred",      "untrackable_result", "pause_timeout",     "pause_reschedule",  "pause_key", "run_input_keyset",
    "refresh_cache", "retriable",          "transition_id",     "task_parameters_id"};
constexpr std::array<std::string_view, 2> kMoreNullDetails{"traceparent", "deployment_concurrency_lease_id"};
constexpr std::array<std::string_view, 3> kInstants{"scheduled_time", "cache_expiration", "pause_timeout"};

json::value DefaultOf(std::string_view name) {
  if (name == "deferred" || name == "untrackable_result" || name == "pause_reschedule") return false;
  return nullptr;
}

std::string TitleOf(StateType type) {
  std::string name(flow::ToText(type));
  for (std::size_t i = 1; i < name.size(); ++i) name[i] = static_cast<char>(name[i] - 'A' + 'a');
  return name;
}

const json::object& UsualDetails() {
  static const json::object usual = [] {
    json::object details;
    for (const std::string_view name : kNullDetails) details[{name.data(), name.size()}] = DefaultOf(name);
    for (const std::string_view name : kMoreNullDetails) details[{name.data(), name.size()}] = DefaultOf(name);
    return details;
  }();
  return usual;
}

json::object WithUsual(const json::object& known) {
  json::object details = UsualDetails();
  for (const auto& [name, value] : known) details[name] = value;
  return details;
}

Outcome<json::object> Details(const json::object& sent) {
  json::object details = WithUsual(sent);
  Members members(sent);
  for (const std::string_view name : kInstants) {
    const auto time = members.Instant(name);
    if (time) details[{name.data(), name.size()}] = InstantText(*time);
  }
  TIDEMILL_CHECK(members.Check());
  return details;
}

// 2.x clients describe a result that they did not keep; only that it was not kept is worth keeping.
std::string DataText(const json::value* data) {
  if (data == nullptr) return {};
  if (data->is_object() && TextMember(data->get_object(), "type") == "unpersisted") return R"({"type":"unpersisted"})";
  return json::serialize(*data);
}

Outcome<void> InsertState(Call& call, std::string_view run_id, const State& state) {
  TIDEMILL_CHECK(Insert(call, "run_state",
                        {{"id", state.id},
                         {"run_id", std::string(run_id)},
                         {"type", std::string(flow::ToText(state.type))},
                         {"name", state.name},
                         {"at", Micros(state.at)},
                         {"message", state.message ? db::Value(*state.message) : db::Value()},
                         {"details", KeptDetails(state.details)},
                         {"data", db::TextOrNull(state.data)}},
                        "ON CONFLICT(id) DO NOTHING"));
  return {};
}

constexpr std::array<Column, 1> kStateColumn{
    {{"state", "s.id, s.type, s.name, s.at, s.message, s.details, s.data", Kind::kState}}};
constexpr Entity kStateEntity{"State", "run_state s", kStateColumn};

// Entities are objects; a state alone is what stands in {"state": …}.
std::string Unwrap(const std::string& object) {
  constexpr std::size_t kWrapper = std::string_view(R"({"state":)").size();
  return object.substr(kWrapper, object.size() - kWrapper - 1);
}

}  // namespace

std::optional<StateType> ParseStateType(std::string_view text) {
  for (const StateType type : kStateTypes) {
    if (flow::ToText(type) == text) return type;
  }
  return std::nullopt;
}

Outcome<State> ParseState(const json::value& value, base::Time now) {
  Members members(value);
  const std::string type_name = members.RequiredText("type");
  const auto name = members.Text("name");
  State state{.message = members.Text("message")};
  const json::object* details = members.Object("state_details");
  TIDEMILL_CHECK(members.Check());
  const auto type = ParseStateType(type_name);
  if (!type) return RefuseMember("state.type", "no such state type: " + base::Quoted(type_name));
  state.type = *type;
  state.name = name.value_or(TitleOf(*type));
  TIDEMILL_ASSIGN(state.details, Details(details != nullptr ? *details : EmptyObject()));
  if (state.type == StateType::kScheduled && !TextMember(state.details, "scheduled_time")) {
    state.details["scheduled_time"] = InstantText(now);
  }
  state.data = DataText(Find(members.object(), "data"));
  return state;
}

State MakeState(StateType type, std::string_view name, std::optional<std::string> message) {
  State state{.type = type, .name = std::string(name), .message = std::move(message)};
  state.details = UsualDetails();
  return state;
}

std::string KeptDetails(const json::object& details) {
  json::object kept;
  for (const auto& [name, value] : details) {
    const json::value* usual = UsualDetails().if_contains(name);
    if (usual == nullptr || *usual != value) kept[name] = value;
  }
  return json::serialize(kept);
}

json::object WholeDetails(std::string_view kept) {
  return WithUsual(json::parse(json::string_view(kept.data(), kept.size())).as_object());
}

std::string ToJson(const State& state) {
  base::JsonWriter json;
  json.BeginObject().Key("id").String(state.id).Key("type").String(flow::ToText(state.type));
  json.Key("name").String(state.name).Key("timestamp").String(InstantText(state.at)).Key("message");
  if (state.message) {
    json.String(*state.message);
  } else {
    json.Null();
  }
  json.Key("data").Raw(state.data.empty() ? "null" : std::string_view(state.data));
  return json.Key("state_details").Raw(json::serialize(state.details)).EndObject().Take();
}

Outcome<std::optional<State>> LoadState(Call& call, std::string_view id) {
  TIDEMILL_ASSIGN(
      const db::Rows rows,
      call.db.Query("SELECT type, name, at, message, details, data FROM run_state WHERE id = ?1", {std::string(id)}));
  if (rows.empty()) return std::optional<State>();
  const db::Row& row = rows.front();
  State state{.id = std::string(id), .name = db::TextOf(row[1]), .at = FromMicros(db::IntOf(row[2]))};
  state.type = ParseStateType(db::TextOf(row[0])).value_or(StateType::kPending);
  if (!db::IsNull(row[3])) state.message = db::TextOf(row[3]);
  state.details = WholeDetails(db::TextOf(row[4]));
  state.data = db::TextOf(row[5]);
  return std::optional<State>(std::move(state));
}

Outcome<void> SaveGivenState(Call& call, std::string_view run_id, State& state) {
  // No two states of a run have one time: the next that is free is taken.
  TIDEMILL_ASSIGN(const db::Rows taken,
                  call.db.Query("SELECT at FROM run_state WHERE run_id = ?1 AND at >= ?2 ORDER BY at LIMIT 100",
                                {std::string(run_id), Micros(state.at)}));
  for (const db::Row& row : taken) {
    if (db::IntOf(row[0]) == Micros(state.at)) state.at += base::Duration(1);
  }
  return InsertState(call, run_id, state);
}

Outcome<void> SaveState(Call& call, std::string_view run_id, State& state) {
  state.id = call.NewIdAt();
  state.at = call.now;
  TIDEMILL_ASSIGN(const db::Value last,
                  SelectValue(call, "SELECT max(at) FROM run_state WHERE run_id = ?1", {std::string(run_id)}));
  if (!db::IsNull(last) && db::IntOf(last) >= Micros(state.at)) state.at = FromMicros(db::IntOf(last) + 1);
  return InsertState(call, run_id, state);
}

std::optional<base::Time> InstantIn(const json::object& details, std::string_view name) {
  const auto text = TextMember(details, name);
  return text ? ParseInstant(*text) : std::nullopt;
}

Outcome<Answer> GetState(Call& call) {
  Selection selection{.where = "s.id = ?2", .arguments = {call.path.at(0)}};
  TIDEMILL_ASSIGN(Answer answer, AnswerOne(call, kStateEntity, selection, "State not found"));
  answer.body = Unwrap(answer.body);
  return answer;
}

Outcome<Answer> ListStates(Call& call) {
  std::string run = QueryValue(call.query, "flow_run_id").value_or("");
  if (run.empty()) run = QueryValue(call.query, "task_run_id").value_or("");
  const auto id = ParseId(run);
  if (!id) return RefuseMember("flow_run_id", "a UUID was expected");
  TIDEMILL_ASSIGN(auto list,
                  SelectJson(call, kStateEntity, {.where = "s.run_id = ?2", .order = "s.at", .arguments = {*id}}));
  for (std::string& state : list) state = Unwrap(state);
  return Answer{.status = 200, .body = "[" + base::Join(list, ",") + "]"};
}

}  // namespace tidemill::orchestrator
