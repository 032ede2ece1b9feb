// SPDX-License-Identifier: Apache-2.0
#include "automations.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "automation_checks.h"
#include "event_filter.h"
#include "events.h"
#include "filter.h"
#include "instant.h"
#include "rounds.h"
#include "searchables.h"
#include "triggers.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoAutomation = "Automation not found";
constexpr std::string_view kResourcePrefix = "prefect.automation.";

constexpr std::array kAutomationColumns{Column{"id", "a.id"},
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
constexpr Entity kAutomation{"Automation", "automation a", kAutomationColumns};
constexpr std::array kAutomationMembers{FilterMember{"name", "a.name"}, FilterMember{"tags", "a.tags", Leaf::kTags}};
constexpr FilterTable kAutomationTable{"automations", "a", kAutomationMembers};
constexpr std::array kAutomationOrders{
    SortOrder{"NAME_ASC", "a.name, a.id"}, SortOrder{"NAME_DESC", "a.name DESC, a.id"},
    SortOrder{"CREATED_DESC", "a.created DESC, a.id"}, SortOrder{"UPDATED_DESC", "a.updated DESC, a.id"}};

Outcome<Cells> ReadAutomation(Call& call, Members& members) {
  const std::string name = members.RequiredText("name");
  const json::object* trigger = members.Object("trigger");
  const bool enabled = members.Bool("enabled").value_or(true);
  const std::array lists{members.JsonObjects("actions"), members.JsonObjects("actions_on_trigger"),
                         members.JsonObjects("actions_on_resolve")};
  Cells cells{{"name", name},
              {"description", members.Text("description").value_or("")},
              {"enabled", std::int64_t{enabled ? 1 : 0}},
              {"tags", members.JsonTexts("tags")},
              {"actions", lists[0]},
              {"actions_on_trigger", lists[1]},
              {"actions_on_resolve", lists[2]}};
  TIDEMILL_CHECK(members.Check());
  if (trigger == nullptr) return RefuseMember("trigger", "an object was expected");
  const json::object whole = WholeTrigger(call, *trigger);
  TIDEMILL_CHECK(CheckTrigger(whole));
  for (const std::string& actions : lists) {
    const json::value list = json::parse(actions);
    for (const json::value& action : list.as_array()) TIDEMILL_CHECK(CheckAction(action));
    TIDEMILL_CHECK(CheckVariablesOfActions(call, list.as_array()));
    if (enabled) TIDEMILL_CHECK(CheckIsNoLoop(whole, list.as_array()));
  }
  cells.emplace_back("trigger", json::serialize(whole));
  return cells;
}

struct Running {
  std::string id, name;
  json::object trigger;
  json::array actions, actions_on_trigger, actions_on_resolve;
  std::int64_t last = 0;
};
constexpr std::string_view kRunning =
    "SELECT a.id, a.name, a.trigger, a.actions, a.actions_on_trigger, a.actions_on_resolve, a.last_event";
constexpr std::size_t kRunningColumns = 7;

Running ReadRunning(const db::Row& row) {
  const auto actions = [&](std::size_t at) { return json::parse(db::TextOf(row[at])).as_array(); };
  return {db::TextOf(row[0]), db::TextOf(row[1]), json::parse(db::TextOf(row[2])).as_object(), actions(3), actions(4),
          actions(5),         db::IntOf(row[6])};
}

// An event within an event within an event has an end: of what tells of an automation the payload is left out.
json::object WithoutItsCause(json::object event) {
  if (TextOf(event, "event").starts_with(kResourcePrefix)) event.erase("payload");
  return event;
}

// Tells of the change, and gives what it told: that is what the actions on this change are about.
Outcome<json::object> TellChange(Call& call, const Running& automation, Change change, const json::object& cause) {
  Event event{.id = call.NewIdAt(),
              .occurred = call.now,
              .name = std::string(kResourcePrefix) + (change == Change::kResolved ? "resolved" : "triggered"),
              .resource_id = std::string(kResourcePrefix) + automation.id};
  event.resource = {{"prefect.resource.id", event.resource_id}, {"prefect.resource.name", automation.name}};
  event.related = {RelatedResource("prefect.event." + TextOf(cause, "id"), "triggering-event")};
  event.payload = {{"triggering_event", WithoutItsCause(cause)}};
  TIDEMILL_CHECK(StoreEvent(call, event));
  return json::object{{"id", event.id},
                      {"event", event.name},
                      {"occurred", InstantText(event.occurred)},
                      {"resource", std::move(event.resource)},
                      {"related", std::move(event.related)},
                      {"payload", std::move(event.payload)}};
}

Outcome<void> ActAll(Call& call, const Running& automation, const json::array& actions, const json::object& event) {
  for (const json::value& action : actions) TIDEMILL_CHECK(Act(call, automation.id, action.as_object(), event));
  return {};
}

// The whole trigger has fired, or what it missed has come: `cause` is the event that it was last about.
Outcome<void> DoIt(Call& call, const Running& automation, Change change, const json::object& cause) {
  if (change == Change::kNone) return {};
  TIDEMILL_ASSIGN(const json::object told, TellChange(call, automation, change, cause));
  if (change == Change::kResolved) return ActAll(call, automation, automation.actions_on_resolve, told);
  TIDEMILL_CHECK(ActAll(call, automation, automation.actions, cause));
  return ActAll(call, automation, automation.actions_on_trigger, told);
}

struct Hit {
  std::int64_t number;  // of the event
  std::size_t part;
  bool is_after;  // it is what the part comes after; what the part expects is looked at before
  std::string event;
};

// Adds the events that the conditions let through; the last number up to which it has seen all.
Outcome<std::int64_t> AddHits(Call& call, const Selection& selection, const Hit& kind, std::int64_t newest,
                              std::vector<Hit>& hits) {
  TIDEMILL_ASSIGN(const auto numbers, SelectIds(call, kEvent, "CAST(e.number AS TEXT)", selection));
  TIDEMILL_ASSIGN(const auto events, SelectIds(call, kEvent, "e.body", selection));
  for (std::size_t i = 0; i < events.size(); ++i) {
    hits.push_back({base::ParseInt(numbers[i]).value_or(0), kind.part, kind.is_after, events[i]});
  }
  const bool all = static_cast<std::int64_t>(events.size()) < selection.limit;
  return all ? newest : hits.back().number;
}

// What is new to the parts of a trigger, in the order of the events; true where there is more.
Outcome<std::int64_t> FindHits(Call& call, const Running& automation, const Trigger& trigger, std::int64_t newest,
                               std::int64_t most, std::vector<Hit>& hits) {
  std::int64_t seen = newest;
  for (std::size_t part = 0; part < trigger.parts().size(); ++part) {
    if (!trigger.IsEvent(part)) continue;
    const json::object& own = *trigger.parts()[part].trigger;
    for (const bool is_after : {false, true}) {
      Selection selection{.where = "e.number > ?2 AND e.number <= ?3",
                          .order = "e.number",
                          .arguments = {automation.last, newest},
                          .limit = most};
      if (is_after) {
        TIDEMILL_ASSIGN(const bool has, AddAfter(own, selection));
        if (!has) continue;
      } else {
        TIDEMILL_CHECK(AddExpected(own, selection));
      }
      TIDEMILL_ASSIGN(const std::int64_t last, AddHits(call, selection, {0, part, is_after, ""}, newest, hits));
      seen = std::min(seen, last);
    }
  }
  std::erase_if(hits, [&](const Hit& hit) { return hit.number > seen; });
  std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return std::tie(a.number, a.is_after, a.part) < std::tie(b.number, b.is_after, b.part);
  });
  return seen;
}

// True where it has more events to look at.
Outcome<bool> Run(Call& call, const Running& automation, std::int64_t newest, std::int64_t most) {
  const Trigger trigger(automation.trigger);
  std::vector<Hit> hits;
  TIDEMILL_ASSIGN(const std::int64_t seen, FindHits(call, automation, trigger, newest, most, hits));
  std::set<std::pair<std::int64_t, std::size_t>> awaited;  // events, with the part that each was the end of waiting for
  for (const Hit& hit : hits) {
    const json::value event = json::parse(hit.event);
    if (hit.is_after) {
      // An event that is both begins nothing where it was counted.
      if (awaited.contains({hit.number, hit.part})) continue;
      TIDEMILL_CHECK(TakeAfter(call, automation.id, trigger, hit.part, event.as_object()));
      continue;
    }
    TIDEMILL_ASSIGN(const Taken taken, TakeExpected(call, automation.id, trigger, hit.part, event.as_object()));
    if (taken.was_awaited) awaited.emplace(hit.number, hit.part);
    TIDEMILL_CHECK(DoIt(call, automation, taken.change, event.as_object()));
  }
  TIDEMILL_CHECK(call.db.Change("UPDATE automation SET last_event = ?2 WHERE id = ?1", {automation.id, seen}));
  return seen < newest;
}

// What the absence of events is about: the event after which they were expected, else the automation itself.
json::object CauseOfAbsence(Call& call, const Running& automation, const db::Value& event) {
  if (!db::IsNull(event)) return json::parse(db::TextOf(event)).as_object();
  return {{"id", call.NewIdAt()},
          {"event", "tidemill.automation.missed"},
          {"occurred", InstantText(call.now)},
          {"resource", json::object{{"prefect.resource.id", std::string(kResourcePrefix) + automation.id},
                                    {"prefect.resource.name", automation.name}}},
          {"related", json::array()},
          {"payload", json::object()}};
}

// Lets those act whose events did not come in time; they have looked at all that there is.
Outcome<bool> TellAbsences(Call& call, std::int64_t newest, std::int64_t most) {
  TIDEMILL_ASSIGN(
      const db::Rows rows,
      call.db.Query(fmt::format("{}, w.part, w.key, w.event FROM automation_wait w JOIN automation a ON a.id = "
                                "w.automation_id WHERE w.due <= ?1 AND a.enabled AND a.last_event >= ?2 ORDER BY "
                                "w.due LIMIT ?3",
                                kRunning),
                    {Micros(call.now), newest, most}));
  for (const db::Row& row : rows) {
    const Running automation = ReadRunning(row);
    const Trigger trigger(automation.trigger);
    const auto part = static_cast<std::size_t>(db::IntOf(row[kRunningColumns]));
    if (part >= trigger.parts().size()) continue;
    TIDEMILL_ASSIGN(const bool fires,
                    TakeAbsence(call, automation.id, trigger, part, db::TextOf(row[kRunningColumns + 1])));
    if (!fires) continue;
    const json::object cause = CauseOfAbsence(call, automation, row[kRunningColumns + 2]);
    TIDEMILL_CHECK(DoIt(call, automation, Change::kTriggered, cause));
  }
  return static_cast<std::int64_t>(rows.size()) == most;
}

// What was waited for is forgotten.
Outcome<void> BeginAnew(Call& call, const std::string& id) {
  TIDEMILL_ASSIGN(const db::Value text, SelectValue(call, "SELECT trigger FROM automation WHERE id = ?1", {id}));
  if (db::IsNull(text)) return {};
  const json::value trigger = json::parse(db::TextOf(text));
  return BeginToWait(call, id, Trigger(trigger.as_object()));
}

}  // namespace

const Searchable kAutomations{kAutomation, kAutomationTable, {}, kAutomationOrders};

Outcome<bool> RunAutomations(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const db::Value newest, SelectValue(call, "SELECT max(number) FROM event", {}));
  TIDEMILL_ASSIGN(
      const db::Rows rows,
      call.db.Query(fmt::format("{} FROM automation a WHERE a.enabled AND a.last_event < ?1 ORDER BY a.id", kRunning),
                    {db::IntOf(newest)}));
  bool more = false;
  for (const db::Row& row : rows) {
    TIDEMILL_ASSIGN(const bool left, Run(call, ReadRunning(row), db::IntOf(newest), most));
    more = more || left;
  }
  TIDEMILL_ASSIGN(const bool absent, TellAbsences(call, db::IntOf(newest), most));
  return more || absent;
}

Outcome<Answer> CreateAutomation(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(Cells cells, ReadAutomation(call, members));
  const std::string id = call.NewId();
  TIDEMILL_ASSIGN(const db::Value newest, SelectValue(call, "SELECT max(number) FROM event", {}));
  cells.insert(
      cells.end(),
      {{"id", id}, {"created", Micros(call.now)}, {"updated", Micros(call.now)}, {"last_event", db::IntOf(newest)}});
  if (const auto owner = members.Text("owner_resource")) cells.emplace_back("owner_resource", *owner);
  TIDEMILL_CHECK(Insert(call, "automation", cells));
  TIDEMILL_CHECK(BeginAnew(call, id));
  return AnswerOne(call, kAutomation, {.where = "a.id = ?2", .arguments = {id}}, kNoAutomation, 201);
}

Outcome<Answer> GetAutomation(Call& call) {
  return AnswerOne(call, kAutomation, {.where = "a.id = ?2", .arguments = {call.path.at(0)}}, kNoAutomation);
}

Outcome<Answer> PutAutomation(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const Cells cells, ReadAutomation(call, members));
  TIDEMILL_ASSIGN(const std::int64_t count, Update(call, "automation", call.path.at(0), cells));
  if (count == 0) return Refuse(404, kNoAutomation);
  TIDEMILL_CHECK(BeginAnew(call, call.path.at(0)));
  return NoContent();
}

// Switched on again, it begins with what happens then.
Outcome<Answer> PatchAutomation(Call& call) {
  Members members(call.body);
  const auto enabled = members.Bool("enabled");
  TIDEMILL_CHECK(members.Check());
  if (!enabled) return RefuseMember("enabled", "true or false was expected");
  TIDEMILL_ASSIGN(const db::Rows was,
                  call.db.Query("SELECT enabled, trigger, actions FROM automation WHERE id = ?1", {call.path.at(0)}));
  if (was.empty()) return Refuse(404, kNoAutomation);
  if (*enabled) {
    const json::value trigger = json::parse(db::TextOf(was[0][1]));
    const json::value actions = json::parse(db::TextOf(was[0][2]));
    TIDEMILL_CHECK(CheckIsNoLoop(trigger.as_object(), actions.as_array()));
  }
  TIDEMILL_CHECK(
      call.db.Change("UPDATE automation SET last_event = CASE WHEN enabled THEN last_event ELSE "
                     "coalesce((SELECT max(number) FROM event), 0) END, enabled = ?2, updated = ?3 WHERE id = "
                     "?1",
                     {call.path.at(0), std::int64_t{*enabled ? 1 : 0}, Micros(call.now)}));
  if (*enabled && db::IntOf(was[0][0]) == 0) TIDEMILL_CHECK(BeginAnew(call, call.path.at(0)));
  return NoContent();
}

Outcome<Answer> DeleteAutomation(Call& call) {
  return DeleteByPath(call, "automation", kNoAutomation);
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
