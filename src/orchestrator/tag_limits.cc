// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "concurrency_limits.h"
#include "entity.h"
#include "filter.h"
#include "instant.h"
#include "limit_slots.h"

// Limits by tag, as clients of 2.x and the command line of both know them.
namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoTagLimit = "Concurrency limit not found";
// A task run that tells of itself gives its slots back when it ends, however long that takes.
constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

constexpr std::string_view kHolders =
    "(SELECT json_group_array(substr(x.holder, 10)) FROM lease x WHERE x.limit_id = c.id AND x.holder LIKE 'task_run "
    "%' "
    "AND x.expires > ?1)";
constexpr std::array kTagLimitColumns{Column{"id", "c.id"},
                                      Column{"created", "c.created", Kind::kInstant},
                                      Column{"updated", "c.updated", Kind::kInstant},
                                      Column{"tag", "substr(c.name, 5)"},
                                      Column{"concurrency_limit", "c.slots", Kind::kInt},
                                      Column{"active_slots", kHolders, Kind::kJson}};
constexpr Entity kTagLimit{"Concurrency limit", "concurrency_limit c", kTagLimitColumns};
constexpr std::array kTagLimitMembers{FilterMember{"tag", "substr(c.name, 5)"}};
constexpr FilterTable kTagLimitTable{"concurrency_limits", "c", kTagLimitMembers};
constexpr std::array kTagLimitOrders{SortOrder{"TAG_ASC", "c.name"}};

std::string NameOf(const std::string& tag) {
  return "tag:" + tag;
}

// ["a"] as ["tag:a"].
std::string NamesOf(const std::string& tags) {
  json::array names;
  const json::value list = json::parse(tags);
  for (const json::value& tag : list.as_array()) {
    if (tag.is_string()) names.emplace_back(NameOf(std::string(tag.get_string())));
  }
  return json::serialize(names);
}

Outcome<Answer> AnswerByName(Call& call, const std::string& name, int status = 200) {
  return AnswerOne(call, kTagLimit, {.where = "c.name = ?2", .arguments = {name}}, kNoTagLimit, status);
}

// What clients of tags know by their tags.
std::string ShortTagLimits(std::vector<Limit> limits) {
  for (Limit& limit : limits) limit.name.erase(0, NameOf("").size());
  return ShortLimits(limits);
}

Outcome<bool> Holds(Call& call, const Limit& limit, const std::string& task_run) {
  TIDEMILL_ASSIGN(const db::Value lease, SelectValue(call, "SELECT id FROM lease WHERE limit_id = ?1 AND holder = ?2",
                                                     {limit.id, TaskHolder(task_run)}));
  return !db::IsNull(lease);
}

Outcome<std::pair<std::string, std::string>> ReadTagWish(Members& members) {
  const std::string names = members.JsonTexts("names");
  const std::string task_run = members.RequiredId("task_run_id");
  TIDEMILL_CHECK(members.Check());
  return std::pair(names, task_run);
}

}  // namespace

Outcome<TagSlots> LookAtTagSlots(Call& call, const std::string& tags, const std::string& task_run) {
  TagSlots slots;
  if (tags == "[]") return slots;
  TIDEMILL_ASSIGN(const auto limits, LoadLimits(call, NamesOf(tags)));
  for (const Limit& limit : limits) {
    if (!limit.active) continue;
    if (limit.slots == 0) slots.closed = limit.name;
    if (limit.taken + limit.of_runs < limit.slots) continue;
    TIDEMILL_ASSIGN(const bool held, Holds(call, limit, task_run));
    if (!held) slots.full = limit.name;
  }
  return slots;
}

Outcome<void> TakeTagSlots(Call& call, const std::string& tags, const std::string& task_run) {
  if (tags == "[]") return {};
  TIDEMILL_ASSIGN(const auto limits, LoadLimits(call, NamesOf(tags)));
  for (const Limit& limit : limits) {
    TIDEMILL_ASSIGN(const bool held, Holds(call, limit, task_run));
    if (!limit.active || held) continue;
    TIDEMILL_CHECK(AddTaken(call, limit, 1));
    TIDEMILL_CHECK(InsertLease(call, call.NewId(), limit.id, 1, TaskHolder(task_run), kForever));
  }
  return {};
}

Outcome<void> GiveTagSlotsBack(Call& call, const std::string& task_run) {
  TIDEMILL_CHECK(EndLeasesWhere(call, "holder = ?1 AND expires = ?2", {TaskHolder(task_run), kForever}));
  return {};
}

Outcome<Answer> CreateTagLimit(Call& call) {
  Members members(call.body);
  const std::string tag = members.RequiredText("tag");
  const auto slots = members.Int("concurrency_limit");
  TIDEMILL_CHECK(members.Check());
  if (tag.empty() || !slots || *slots < 0)
    return RefuseMember("concurrency_limit", "a number of 0 or more was expected");
  TIDEMILL_ASSIGN(const db::Value known,
                  SelectValue(call, "SELECT id FROM concurrency_limit WHERE name = ?1", {NameOf(tag)}));
  TIDEMILL_CHECK(Insert(call, "concurrency_limit",
                        {{"id", call.NewId()},
                         {"created", Micros(call.now)},
                         {"updated", Micros(call.now)},
                         {"name", NameOf(tag)},
                         {"active", std::int64_t{1}},
                         {"slots", *slots},
                         {"active_slots", std::int64_t{0}},
                         {"denied_slots", std::int64_t{0}},
                         {"decay_per_second", 0.0},
                         {"decayed_at", Micros(call.now)}},
                        "ON CONFLICT(name) DO UPDATE SET slots = excluded.slots, updated = excluded.updated"));
  return AnswerByName(call, NameOf(tag), db::IsNull(known) ? 201 : 200);
}

Outcome<Answer> GetTagLimit(Call& call) {
  return AnswerOne(call, kTagLimit, {.where = "c.id = ?2 AND c.name LIKE 'tag:%'", .arguments = {call.path.at(0)}},
                   kNoTagLimit);
}
Outcome<Answer> GetTagLimitByTag(Call& call) {
  return AnswerByName(call, NameOf(call.path.at(0)));
}

Outcome<Answer> DeleteTagLimit(Call& call) {
  TIDEMILL_ASSIGN(const std::int64_t count, Delete(call, "concurrency_limit", call.path.at(0)));
  if (count == 0) return Refuse(404, kNoTagLimit);
  return Answer{.status = 200, .body = "null"};
}

Outcome<Answer> DeleteTagLimitByTag(Call& call) {
  TIDEMILL_ASSIGN(const std::int64_t count,
                  call.db.Change("DELETE FROM concurrency_limit WHERE name = ?1", {NameOf(call.path.at(0))}));
  if (count == 0) return Refuse(404, kNoTagLimit);
  return Answer{.status = 200, .body = "null"};
}

Outcome<Answer> FilterTagLimits(Call& call) {
  TIDEMILL_ASSIGN(Selection selection, ReadSearch({kTagLimit, kTagLimitTable, {}, kTagLimitOrders}, call.body));
  selection.where += " AND c.name LIKE 'tag:%'";
  return AnswerList(call, kTagLimit, selection);
}

Outcome<Answer> ResetTagLimit(Call& call) {
  Members members(call.body);
  const std::string holders = members.JsonTexts("slot_override");
  TIDEMILL_CHECK(members.Check());
  const std::string name = NameOf(call.path.at(0));
  TIDEMILL_CHECK(EndLeasesWhere(call, "limit_id = (SELECT id FROM concurrency_limit WHERE name = ?1)", {name}));
  TIDEMILL_CHECK(call.db.Change("UPDATE concurrency_limit SET active_slots = 0 WHERE name = ?1", {name}));
  const json::value list = json::parse(holders);
  for (const json::value& one : list.as_array()) {
    const auto id = one.is_string() ? ParseId(std::string_view(one.get_string())) : std::nullopt;
    if (!id) return RefuseMember("slot_override", "a list of UUIDs was expected");
    TIDEMILL_CHECK(TakeTagSlots(call, json::serialize(json::array{call.path.at(0)}), *id));
  }
  return AnswerByName(call, name);
}

Outcome<Answer> IncrementTagLimits(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const auto wish, ReadTagWish(members));
  TIDEMILL_ASSIGN(const TagSlots slots, LookAtTagSlots(call, wish.first, wish.second));
  if (slots.closed || slots.full) {
    Refused refused =
        Refuse(423, "Concurrency limit reached for " + slots.closed.value_or(slots.full.value_or(""))).value();
    refused.answer.retry_after = 1;
    return tl::unexpected(std::move(refused));
  }
  TIDEMILL_CHECK(TakeTagSlots(call, wish.first, wish.second));
  TIDEMILL_ASSIGN(const auto limits, LoadLimits(call, NamesOf(wish.first)));
  return Answer{.status = 200, .body = ShortTagLimits(limits)};
}

Outcome<Answer> DecrementTagLimits(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const auto wish, ReadTagWish(members));
  const std::string names = NamesOf(wish.first);
  TIDEMILL_CHECK(EndLeasesWhere(call,
                                "holder = ?1 AND limit_id IN (SELECT id FROM concurrency_limit WHERE name IN (SELECT "
                                "value FROM json_each(?2)))",
                                {TaskHolder(wish.second), names}));
  TIDEMILL_ASSIGN(const auto limits, LoadLimits(call, names));
  return Answer{.status = 200, .body = ShortTagLimits(limits)};
}

}  // namespace tidemill::orchestrator
