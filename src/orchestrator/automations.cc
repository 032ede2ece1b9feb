// SPDX-License-Identifier: Apache-2.0
#include "automations.h"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "event_filter.h"
#include "events.h"
#include "filter.h"
#include "instant.h"
#include "rounds.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kMissing = "Automation not found";
constexpr std::string_view kPrefix = "prefect.automation.";

constexpr std::array kColumns{Column{"id", "a.id"},
                              Column{"created", "a.created", Kind::kInstant},
                              Column{"updated", "a.updated", Kind::kInstant},
                              Column{"name", "a.name"},
                              Column{"description", "a.description"},
                              Column{"enabled", "a.enabled", Kind::kBool},
                              Column{"tags", "a.tags", Kind::kJson},
                              Column{"trigger", "a.trigger", Kind::kJson},
                              Column{"actions", "a.actions", Kind::kJson},
                              Column{"actions_on_trigger", "a.actions_on_trigger", Kind::kJson},
                              Column{"actions_on_resolve", "a.actions_on_resolve", Kind::kJson},
                              Column{"owner_resource", "a.owner_resource"}};
constexpr Entity kAutomation{"Automation", "automation a", kColumns};
constexpr std::array kMembers{FilterMember{"name", "a.name"}, FilterMember{"tags", "a.tags", Leaf::kTags}};
constexpr FilterTable kTable{"automations", "a", kMembers};
constexpr std::array kOrders{SortOrder{"NAME_ASC", "a.name, a.id"}, SortOrder{"NAME_DESC", "a.name DESC, a.id"},
                             SortOrder{"CREATED_DESC", "a.created DESC, a.id"},
                             SortOrder{"UPDATED_DESC", "a.updated DESC, a.id"}};
constexpr Searchable kAutomations{kAutomation, kTable, {}, kOrders};

// A trigger's conditions on an event.
Outcome<void> AddTrigger(const json::object& trigger, Selection& selection) {
  if (const json::value* expect = Find(trigger, "expect")) TIDEMILL_CHECK(AddEventNames(*expect, selection));
  if (const json::object* match = FindObject(trigger, "match")) TIDEMILL_CHECK(AddResourceLabels(*match, selection));
  const json::value* related = Find(trigger, "match_related");
  if (related == nullptr) return {};
  json::array list;
  if (related->is_array()) {
    list = related->get_array();
  } else {
    list.push_back(*related);
  }
  for (const json::value& one : list) {
    if (!one.is_object()) return RefuseMember("trigger.match_related", "an object was expected");
    TIDEMILL_CHECK(AddRelatedLabels(one.get_object(), selection));
  }
  return {};
}

Outcome<void> CheckTrigger(const json::object& trigger) {
  Members members(trigger);
  const std::string type = members.Text("type").value_or("event");
  const std::string posture = members.Text("posture").value_or("Reactive");
  const std::int64_t threshold = members.Int("threshold").value_or(1);
  const double within = members.Number("within").value_or(0);
  TIDEMILL_CHECK(members.Check());
  if (type != "event") return RefuseMember("trigger.type", "only triggers of type event are there yet");
  if (posture != "Reactive") return RefuseMember("trigger.posture", "only Reactive triggers are there yet");
  if (threshold < 1 || !(within >= 0)) return RefuseMember("trigger.threshold", "1 or more, within 0 or more seconds");
  Selection unused;
  return AddTrigger(trigger, unused);
}

Outcome<Cells> ReadAutomation(Members& members) {
  const std::string name = members.RequiredText("name");
  const json::object* trigger = FindObject(members.object(), "trigger");
  const std::string actions = members.JsonList("actions");
  Cells cells{{"name", name},
              {"description", members.Text("description").value_or("")},
              {"enabled", std::int64_t{members.Bool("enabled").value_or(true) ? 1 : 0}},
              {"tags", members.JsonList("tags")},
              {"actions", actions},
              {"actions_on_trigger", members.JsonList("actions_on_trigger")},
              {"actions_on_resolve", members.JsonList("actions_on_resolve")}};
  TIDEMILL_CHECK(members.Check());
  if (trigger == nullptr) return RefuseMember("trigger", "an object was expected");
  TIDEMILL_CHECK(CheckTrigger(*trigger));
  const json::value list = json::parse(actions);
  for (const json::value& action : list.as_array()) TIDEMILL_CHECK(CheckAction(action));
  cells.emplace_back("trigger", json::serialize(*trigger));
  return cells;
}

struct Running {
  std::string id, name;
  json::object trigger;
  json::array actions;
  std::int64_t last = 0;
};

// True where this event makes the trigger's count full, for the thing that it counts for itself.
Outcome<bool> CountUp(Call& call, const Running& automation, const json::object& event) {
  Members members(automation.trigger);
  const std::int64_t threshold = members.Int("threshold").value_or(1);
  const double within = members.Number("within").value_or(0);
  if (threshold <= 1) return true;
  std::string key;
  const json::object* resource = FindObject(event, "resource");
  if (const json::value* each = Find(automation.trigger, "for_each"); each != nullptr && each->is_array()) {
    for (const json::value& label : each->get_array()) {
      if (label.is_string() && resource != nullptr)
        key += TextOf(*resource, std::string_view(label.get_string())) + "\n";
    }
  }
  const std::int64_t span = static_cast<std::int64_t>(std::min(within, 1e9) * 1e6);
  TIDEMILL_CHECK(
      call.db.Change("INSERT INTO automation_count(automation_id, key, count, since) VALUES(?1, ?2, 1, ?3) ON "
                     "CONFLICT(automation_id, key) DO UPDATE SET count = CASE WHEN ?4 > 0 AND since < ?3 - ?4 "
                     "THEN 1 ELSE count + 1 END, since = CASE WHEN ?4 > 0 AND since < ?3 - ?4 THEN ?3 ELSE "
                     "since END",
                     {automation.id, key, Micros(call.now), span}));
  TIDEMILL_ASSIGN(const std::int64_t full,
                  call.db.Change("DELETE FROM automation_count WHERE automation_id = ?1 AND key = ?2 AND count >= ?3",
                                 {automation.id, key, threshold}));
  return full > 0;
}

Outcome<void> TellTriggered(Call& call, const Running& automation, const json::object& cause) {
  Event event{.id = call.NewIdAt(),
              .occurred = call.now,
              .name = "prefect.automation.triggered",
              .resource_id = std::string(kPrefix) + automation.id};
  event.resource = {{"prefect.resource.id", event.resource_id}, {"prefect.resource.name", automation.name}};
  event.payload = {{"triggering_event", TextOf(cause, "id")}};
  return StoreEvent(call, event);
}

Outcome<void> TakeEvent(Call& call, const Running& automation, const std::string& body) {
  const json::value event = json::parse(body);
  TIDEMILL_ASSIGN(const bool full, CountUp(call, automation, event.as_object()));
  if (!full) return {};
  TIDEMILL_CHECK(TellTriggered(call, automation, event.as_object()));
  for (const json::value& action : automation.actions) {
    TIDEMILL_CHECK(Act(call, automation.id, action.as_object(), event.as_object()));
  }
  return {};
}

// True where it has more events to look at.
Outcome<bool> Run(Call& call, const Running& automation, std::int64_t newest, std::int64_t most) {
  Selection selection{.where = "e.number > ?2 AND e.number <= ?3",
                      .order = "e.number",
                      .arguments = {automation.last, newest},
                      .limit = most};
  TIDEMILL_CHECK(AddTrigger(automation.trigger, selection));
  TIDEMILL_ASSIGN(const auto numbers, SelectIds(call, kEvent, "CAST(e.number AS TEXT)", selection));
  TIDEMILL_ASSIGN(const auto events, SelectIds(call, kEvent, "e.body", selection));
  for (const std::string& event : events) TIDEMILL_CHECK(TakeEvent(call, automation, event));
  const bool more = static_cast<std::int64_t>(events.size()) == most;
  const std::string last = more ? numbers.back() : std::to_string(newest);
  TIDEMILL_CHECK(
      call.db.Change("UPDATE automation SET last_event = CAST(?2 AS INTEGER) WHERE id = ?1", {automation.id, last}));
  return more;
}

}  // namespace

Outcome<bool> RunAutomations(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const db::Value newest, SelectValue(call, "SELECT max(number) FROM event", {}));
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT id, name, trigger, actions, last_event FROM automation WHERE enabled AND "
                                "last_event < ?1 ORDER BY id",
                                {db::IntOf(newest)}));
  bool more = false;
  for (const db::Row& row : rows) {
    const Running automation{db::TextOf(row[0]), db::TextOf(row[1]), json::parse(db::TextOf(row[2])).as_object(),
                             json::parse(db::TextOf(row[3])).as_array(), db::IntOf(row[4])};
    TIDEMILL_ASSIGN(const bool left, Run(call, automation, db::IntOf(newest), most));
    more = more || left;
  }
  return more;
}

Outcome<Answer> CreateAutomation(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(Cells cells, ReadAutomation(members));
  const std::string id = call.NewId();
  TIDEMILL_ASSIGN(const db::Value newest, SelectValue(call, "SELECT max(number) FROM event", {}));
  cells.insert(
      cells.end(),
      {{"id", id}, {"created", Micros(call.now)}, {"updated", Micros(call.now)}, {"last_event", db::IntOf(newest)}});
  if (const auto owner = members.Text("owner_resource")) cells.emplace_back("owner_resource", *owner);
  TIDEMILL_CHECK(Insert(call, "automation", cells));
  return AnswerOne(call, kAutomation, {.where = "a.id = ?2", .arguments = {id}}, kMissing, 201);
}

Outcome<Answer> GetAutomation(Call& call) {
  return AnswerOne(call, kAutomation, {.where = "a.id = ?2", .arguments = {call.path.at(0)}}, kMissing);
}

Outcome<Answer> PutAutomation(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const Cells cells, ReadAutomation(members));
  TIDEMILL_ASSIGN(const std::int64_t count, Update(call, "automation", call.path.at(0), cells));
  if (count == 0) return Refuse(404, kMissing);
  return NoContent();
}

// Switched on again, it begins with what happens then.
Outcome<Answer> PatchAutomation(Call& call) {
  Members members(call.body);
  const auto enabled = members.Bool("enabled");
  TIDEMILL_CHECK(members.Check());
  if (!enabled) return RefuseMember("enabled", "true or false was expected");
  TIDEMILL_ASSIGN(
      const std::int64_t count,
      call.db.Change("UPDATE automation SET last_event = CASE WHEN enabled THEN last_event ELSE "
                     "coalesce((SELECT max(number) FROM event), 0) END, enabled = ?2, updated = ?3 WHERE id = "
                     "?1",
                     {call.path.at(0), std::int64_t{*enabled ? 1 : 0}, Micros(call.now)}));
  if (count == 0) return Refuse(404, kMissing);
  return NoContent();
}

Outcome<Answer> DeleteAutomation(Call& call) {
  return DeleteByPath(call, "automation", kMissing);
}
Outcome<Answer> FilterAutomations(Call& call) {
  return AnswerFilter(call, kAutomations);
}
Outcome<Answer> CountAutomations(Call& call) {
  return AnswerFilterCount(call, kAutomations);
}

// Those that name it, or that belong to it.
Outcome<Answer> ListAutomationsRelatedTo(Call& call) {
  const std::string& resource = call.path.at(0);
  return AnswerList(call, kAutomation,
                    {.where = "(a.owner_resource = ?2 OR instr(a.trigger, ?2) > 0 OR (length(?3) = 36 AND "
                              "instr(a.actions, ?3) > 0))",
                     .order = "a.name",
                     .arguments = {resource, resource.substr(resource.rfind('.') + 1)}});
}

Outcome<Answer> DeleteAutomationsOwnedBy(Call& call) {
  TIDEMILL_CHECK(call.db.Change("DELETE FROM automation WHERE owner_resource = ?1", {call.path.at(0)}));
  return Answer{.status = 202, .body = "null"};
}

}  // namespace tidemill::orchestrator
