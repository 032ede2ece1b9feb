// SPDX-License-Identifier: Apache-2.0
#include "backfills.h"

#include <array>
#include <map>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "backfill_slots.h"
#include "body.h"
#include "deployments.h"
#include "entity.h"
#include "instant.h"
#include "rounds.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoBackfill = "Backfill not found";
constexpr std::int64_t kMostParallel = 1000;
constexpr std::size_t kInstantEnd = 28;  // " 2026-01-01T00:00:00.000000Z" ends a scheduled run's key

constexpr std::string_view kEnded = "r.state_type IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED')";

constexpr std::array kBackfillColumns{
    Column{"id", "b.id"},
    Column{"created", "b.created", Kind::kInstant},
    Column{"deployment_id", "b.deployment_id"},
    Column{"parallel", "b.parallel", Kind::kInt},
    Column{"tags", "b.tags", Kind::kJson},
    Column{"slots", "(SELECT count(*) FROM backfill_slot s WHERE s.backfill_id = b.id)", Kind::kInt},
    Column{"waiting",
           "(SELECT count(*) FROM backfill_slot s WHERE s.backfill_id = b.id AND s.run_id IS NULL AND s.refused IS "
           "NULL)",
           Kind::kInt},
    Column{"running",
           "(SELECT count(*) FROM backfill_slot s JOIN flow_run r ON r.id = s.run_id WHERE s.backfill_id = b.id AND "
           "r.state_type NOT IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'))",
           Kind::kInt},
    Column{"completed",
           "(SELECT count(*) FROM backfill_slot s JOIN flow_run r ON r.id = s.run_id WHERE s.backfill_id = b.id AND "
           "r.state_type = 'COMPLETED')",
           Kind::kInt}};
constexpr Entity kBackfill{"Backfill", "backfill b", kBackfillColumns};

constexpr std::array kSlotColumns{Column{"slot", "s.slot"},
                                  Column{"parameters", "s.parameters", Kind::kJson},
                                  Column{"run_id", "s.run_id"},
                                  Column{"state_name", "r.state_name"},
                                  Column{"state_type", "r.state_type"},
                                  Column{"refused", "s.refused"}};
constexpr Entity kSlot{"Slot", "backfill_slot s", kSlotColumns, "LEFT JOIN flow_run r ON r.id = s.run_id"};

std::string RunKey(const std::string& deployment, const std::string& slot) {
  return fmt::format("backfill {} {}", deployment, slot);
}

struct Filled {
  std::string run_id, by;  // no run yet: a backfill has it before it
};

// Which slots have a run, or wait for one. A run that was passed over filled nothing.
Outcome<std::map<std::string, Filled>> FilledSlots(Call& call, const std::string& deployment) {
  std::map<std::string, Filled> filled;
  TIDEMILL_ASSIGN(const db::Rows scheduled,
                  call.db.Query("SELECT id, idempotency_key FROM flow_run WHERE deployment_id = ?1 AND auto_scheduled "
                                "AND idempotency_key >= 'scheduled ' AND idempotency_key < 'scheduled!' AND "
                                "state_name IS NOT 'Skipped'",
                                {deployment}));
  for (const db::Row& row : scheduled) {
    const std::string& key = db::TextOf(row[1]);
    if (key.size() < kInstantEnd) continue;
    const std::string instant = key.substr(key.size() - kInstantEnd + 1);
    filled[instant.substr(0, 19) + "Z"] = {db::TextOf(row[0]), "schedule"};
  }
  const std::string prefix = RunKey(deployment, "");
  TIDEMILL_ASSIGN(const db::Rows made,
                  call.db.Query("SELECT id, idempotency_key FROM flow_run WHERE deployment_id = ?1 AND "
                                "idempotency_key >= ?2 AND substr(idempotency_key, 1, length(?2)) = ?2",
                                {deployment, prefix}));
  for (const db::Row& row : made) filled[db::TextOf(row[1]).substr(prefix.size())] = {db::TextOf(row[0]), "backfill"};
  TIDEMILL_ASSIGN(const db::Rows waiting,
                  call.db.Query("SELECT s.slot FROM backfill b JOIN backfill_slot s ON s.backfill_id = b.id WHERE "
                                "b.deployment_id = ?1 AND s.run_id IS NULL AND s.refused IS NULL",
                                {deployment}));
  for (const db::Row& row : waiting) filled.try_emplace(db::TextOf(row[0]), Filled{"", "waits"});
  return filled;
}

// The active schedules; where none is active, all.
Outcome<std::vector<json::object>> SchedulesOf(Call& call, const std::string& deployment) {
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT schedule FROM deployment_schedule c WHERE deployment_id = ?1 AND (active OR "
                                "NOT EXISTS(SELECT 1 FROM deployment_schedule a WHERE a.deployment_id = ?1 AND "
                                "a.active)) ORDER BY position",
                                {deployment}));
  std::vector<json::object> schedules;
  for (const db::Row& row : rows) schedules.push_back(json::parse(db::TextOf(row[0])).as_object());
  return schedules;
}

Outcome<Answer> AskFor(Call& call, Handler handler, const std::string& id, const json::value& body) {
  Call other{.db = call.db,
             .now = call.now,
             .random = call.random,
             .path = {id},
             .body = body,
             .secret_key = call.secret_key,
             .noted = call.noted};
  return handler(other);
}

// The run of a slot: the deployment's own, with the slot's parameters.
Outcome<std::string> MakeRun(Call& call, const std::string& backfill, const std::string& deployment,
                             const std::string& slot, const std::string& parameters, const std::string& tags) {
  json::array all = json::parse(tags).as_array();
  all.emplace_back("backfill");
  const json::value body =
      json::object{{"name", "backfill " + slot},
                   {"idempotency_key", RunKey(deployment, slot)},
                   {"parameters", json::parse(parameters)},
                   {"tags", std::move(all)},
                   {"labels", json::object{{"tidemill.backfill", backfill}, {"tidemill.slot", slot}}}};
  TIDEMILL_ASSIGN(const Answer made, AskFor(call, CreateFlowRunOfDeployment, deployment, body));
  return std::string(json::parse(made.body).as_object().at("id").as_string());
}

Outcome<void> Note(Call& call, const std::string& backfill, const db::Value& number, std::string_view column,
                   const std::string& value) {
  TIDEMILL_CHECK(
      call.db.Change(fmt::format("UPDATE backfill_slot SET {} = ?3 WHERE backfill_id = ?1 AND number = ?2", column),
                     {backfill, number, value}));
  return {};
}

// The next runs of a backfill, as many as may run beside those that run. What is refused is noted and passed over;
// `strict`: it refuses all.
Outcome<void> Release(Call& call, const std::string& id, std::int64_t most, bool strict) {
  TIDEMILL_ASSIGN(const db::Rows known,
                  call.db.Query("SELECT deployment_id, parallel, tags FROM backfill WHERE id = ?1", {id}));
  if (known.empty()) return {};
  TIDEMILL_ASSIGN(
      const db::Value running,
      SelectValue(call,
                  fmt::format("SELECT count(*) FROM backfill_slot s JOIN flow_run r ON r.id = s.run_id WHERE "
                              "s.backfill_id = ?1 AND NOT {}",
                              kEnded),
                  {id}));
  const std::int64_t free = std::min(db::IntOf(known[0][1]) - db::IntOf(running), most);
  if (free <= 0) return {};
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT number, slot, parameters FROM backfill_slot WHERE backfill_id = ?1 AND run_id "
                                "IS NULL AND refused IS NULL ORDER BY number LIMIT ?2",
                                {id, free}));
  for (const db::Row& row : rows) {
    const auto run =
        MakeRun(call, id, db::TextOf(known[0][0]), db::TextOf(row[1]), db::TextOf(row[2]), db::TextOf(known[0][2]));
    if (!run && strict) return tl::unexpected(run.error());
    TIDEMILL_CHECK(run ? Note(call, id, row[0], "run_id", *run)
                       : Note(call, id, row[0], "refused", run.error().answer.body));
  }
  return {};
}

struct WantedSlot {
  Slot slot;
  std::string parameters;
};

Outcome<std::string> Keep(Call& call, const std::vector<WantedSlot>& slots, std::int64_t parallel,
                          const std::string& tags) {
  const std::string id = call.NewId();
  TIDEMILL_CHECK(Insert(call, "backfill",
                        {{"id", id},
                         {"created", Micros(call.now)},
                         {"deployment_id", call.path.at(0)},
                         {"parallel", parallel},
                         {"tags", tags}}));
  std::int64_t number = 0;
  for (const WantedSlot& one : slots) {
    TIDEMILL_CHECK(
        Insert(call, "backfill_slot",
               {{"backfill_id", id}, {"number", ++number}, {"slot", one.slot.text}, {"parameters", one.parameters}}));
  }
  TIDEMILL_CHECK(Release(call, id, parallel, true));
  return id;
}

json::object ToJson(const WantedSlot& one, const std::map<std::string, Filled>& filled) {
  json::object out{{"slot", one.slot.text}, {"parameters", json::parse(one.parameters)}};
  const auto known = filled.find(one.slot.text);
  out["filled_by"] = known == filled.end() ? json::value() : json::value(json::string(known->second.by));
  out["run_id"] = known == filled.end() || known->second.run_id.empty()
                      ? json::value()
                      : json::value(json::string(known->second.run_id));
  return out;
}

}  // namespace

Outcome<Answer> CreateBackfill(Call& call) {
  Members members(call.body);
  const std::string& deployment = call.path.at(0);
  const std::int64_t parallel = members.Int("parallel").value_or(1);
  const bool dry = members.Bool("dry_run").value_or(false);
  const std::string tags = members.JsonTexts("tags");
  const std::string parameters = members.JsonObject("parameters");
  TIDEMILL_CHECK(members.Check());
  if (parallel < 1 || parallel > kMostParallel) return RefuseMember("parallel", "a number from 1 to 1000 was expected");
  TIDEMILL_ASSIGN(const db::Value known, SelectValue(call, "SELECT id FROM deployment WHERE id = ?1", {deployment}));
  if (db::IsNull(known)) return Refuse(404, "Deployment not found");
  TIDEMILL_ASSIGN(const auto schedules, SchedulesOf(call, deployment));
  TIDEMILL_ASSIGN(const auto slots, ReadSlots(members.object(), schedules, call.now));
  TIDEMILL_ASSIGN(const auto filled, FilledSlots(call, deployment));
  const json::value pattern = json::parse(parameters);
  std::vector<WantedSlot> fresh;
  json::array told;
  for (const Slot& slot : slots) {
    TIDEMILL_ASSIGN(const json::value own, FillSlot(pattern, slot));
    WantedSlot one{slot, json::serialize(own)};
    told.push_back(ToJson(one, filled));
    if (!filled.contains(slot.text)) fresh.push_back(std::move(one));
  }
  json::object out{{"id", nullptr}, {"parallel", parallel}, {"new", fresh.size()}};
  if (!dry && !fresh.empty()) {
    TIDEMILL_ASSIGN(const std::string id, Keep(call, fresh, parallel, tags));
    out["id"] = id;
  }
  out["slots"] = std::move(told);
  return Answer{.status = out["id"].is_null() ? 200 : 201, .body = json::serialize(out)};
}

Outcome<Answer> ListBackfills(Call& call) {
  return AnswerList(call, kBackfill,
                    {.where = "b.deployment_id = ?2", .order = "b.created DESC, b.id", .arguments = {call.path.at(0)}});
}

Outcome<Answer> GetBackfill(Call& call) {
  TIDEMILL_ASSIGN(const Answer whole,
                  AnswerOne(call, kBackfill, {.where = "b.id = ?2", .arguments = {call.path.at(0)}}, kNoBackfill));
  TIDEMILL_ASSIGN(
      const Answer slots,
      AnswerList(call, kSlot, {.where = "s.backfill_id = ?2", .order = "s.number", .arguments = {call.path.at(0)}}));
  json::object out = json::parse(whole.body).as_object();
  out["slots"] = json::parse(slots.body);
  return Answer{.status = 200, .body = json::serialize(out)};
}

Outcome<Answer> DeleteBackfill(Call& call) {
  return DeleteByPath(call, "backfill", kNoBackfill);
}

Outcome<bool> ReleaseBackfills(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT DISTINCT backfill_id FROM backfill_slot WHERE run_id IS NULL AND refused IS "
                                "NULL",
                                {}));
  for (const db::Row& row : rows) TIDEMILL_CHECK(Release(call, db::TextOf(row[0]), most, false));
  return false;
}

}  // namespace tidemill::orchestrator
