// SPDX-License-Identifier: Apache-2.0
#include "concurrency_limits.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "entity.h"
#include "filter.h"
#include "instant.h"
#include "limit_slots.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoSuchLimit = "Concurrency Limit not found";
constexpr double kLongestLease = 366.0 * 86'400;

constexpr std::array kLimitColumns{Column{"id", "c.id"},
                                   Column{"created", "c.created", Kind::kInstant},
                                   Column{"updated", "c.updated", Kind::kInstant},
                                   Column{"active", "c.active", Kind::kBool},
                                   Column{"name", "c.name"},
                                   Column{"limit", "c.slots", Kind::kInt},
                                   Column{"active_slots", kSlotsTaken, Kind::kInt},
                                   Column{"denied_slots", "c.denied_slots", Kind::kInt},
                                   Column{"slot_decay_per_second", "c.decay_per_second", Kind::kNumber}};
constexpr Entity kLimit{"Concurrency limit", "concurrency_limit c", kLimitColumns};
constexpr std::array kLimitMembers{FilterMember{"name", "c.name"}};
constexpr FilterTable kLimitTable{"concurrency_limits", "c", kLimitMembers};
constexpr std::array kLimitOrders{SortOrder{"NAME_ASC", "c.name"}};

Outcome<std::string> IdByPath(Call& call) {
  TIDEMILL_ASSIGN(
      const db::Value id,
      SelectValue(call, "SELECT id FROM concurrency_limit WHERE id = lower(?1) OR name = ?1", {call.path.at(0)}));
  if (db::IsNull(id)) return Refuse(404, kNoSuchLimit);
  return db::TextOf(id);
}

// The members that may be set.
Outcome<Cells> LimitCells(Members& members) {
  Cells cells;
  if (const auto name = members.Text("name")) cells.emplace_back("name", *name);
  if (const auto active = members.Bool("active")) cells.emplace_back("active", std::int64_t{*active ? 1 : 0});
  for (const auto& [name, column] : std::array<std::pair<std::string_view, std::string_view>, 3>{
           {{"limit", "slots"}, {"active_slots", "active_slots"}, {"denied_slots", "denied_slots"}}}) {
    const auto count = members.Int(name);
    if (!count) continue;
    if (*count < 0) return RefuseMember(name, "a number of 0 or more was expected");
    cells.emplace_back(column, *count);
  }
  if (const auto decay = members.Number("slot_decay_per_second")) {
    if (!(*decay >= 0)) return RefuseMember("slot_decay_per_second", "a number of 0 or more was expected");
    cells.emplace_back("decay_per_second", *decay);
  }
  TIDEMILL_CHECK(members.Check());
  return cells;
}

struct Wish {
  std::int64_t slots = 1;
  std::string names;
  bool is_rate = false;
};

Outcome<Wish> ReadWish(Members& members) {
  Wish wish{members.Int("slots").value_or(1), members.JsonTexts("names"),
            members.Text("mode").value_or("concurrency") == "rate_limit"};
  TIDEMILL_CHECK(members.Check());
  if (wish.slots < 1) return RefuseMember("slots", "a number of 1 or more was expected");
  return wish;
}

// The limits of a wish, their slots taken; or the refusal: 423 where one has to wait.
Outcome<std::vector<Limit>> Take(Call& call, const Wish& wish) {
  TIDEMILL_ASSIGN(std::vector<Limit> limits, LoadLimits(call, wish.names));
  for (const Limit& limit : limits) {
    if (!limit.active) continue;
    if (limit.slots > 0 && limit.slots < wish.slots) return Refuse(422, "Slots requested is greater than the limit");
    if (wish.is_rate && limit.decay <= 0)
      return Refuse(422, "Only concurrency limits with slot decay can be used for rate limiting.");
  }
  const std::int64_t wait = SecondsUntilFree(limits, wish.slots);
  if (wait > 0) {
    Refused refused = Refuse(423, "Concurrency limit reached").value();
    refused.answer.retry_after = static_cast<int>(wait);
    return tl::unexpected(std::move(refused));
  }
  for (const Limit& limit : limits) {
    if (limit.active) TIDEMILL_CHECK(AddTaken(call, limit, wish.slots));
  }
  return limits;
}

Outcome<std::int64_t> LeaseEnd(const Call& call, Members& members) {
  const double seconds = members.Number("lease_duration").value_or(60);
  TIDEMILL_CHECK(members.Check());
  if (!(seconds > 0 && seconds <= kLongestLease))
    return RefuseMember("lease_duration", "a number of seconds was expected");
  return Micros(call.now) + std::llround(seconds * kMicros);
}

}  // namespace

Outcome<std::optional<DeploymentSlots>> LookAtDeploymentSlots(Call& call, const std::string& flow_run) {
  TIDEMILL_ASSIGN(
      const db::Rows rows,
      call.db.Query(
          "SELECT coalesce(c.slots, d.concurrency_limit), json_extract(d.concurrency_options, "
          "'$.collision_strategy'), CASE WHEN c.id IS NOT NULL THEN " TIDEMILL_SLOTS_TAKEN
          " ELSE (SELECT count(*) FROM flow_run x WHERE x.deployment_id = d.id AND x.state_type IN ('PENDING', "
          "'RUNNING', 'CANCELLING')) END FROM flow_run r JOIN deployment d ON d.id = r.deployment_id LEFT JOIN "
          "concurrency_limit c ON c.id = d.shared_limit_id AND c.active WHERE r.id = ?2",
          {Micros(call.now), flow_run}));
  if (rows.empty() || db::IsNull(rows[0][0])) return std::optional<DeploymentSlots>();
  return std::optional(
      DeploymentSlots{db::IntOf(rows[0][0]), db::IntOf(rows[0][2]), db::TextOf(rows[0][1]) == "CANCEL_NEW"});
}

Outcome<Answer> CreateLimit(Call& call) {
  Members members(call.body);
  const std::string name = members.RequiredText("name");
  if (!members.Int("limit")) return RefuseMember("limit", "a number was expected");
  TIDEMILL_ASSIGN(Cells cells, LimitCells(members));
  const std::string id = call.NewId();
  TIDEMILL_CHECK(Insert(call, "concurrency_limit",
                        {{"id", id},
                         {"created", Micros(call.now)},
                         {"updated", Micros(call.now)},
                         {"name", name},
                         {"active", std::int64_t{1}},
                         {"slots", std::int64_t{0}},
                         {"active_slots", std::int64_t{0}},
                         {"denied_slots", std::int64_t{0}},
                         {"decay_per_second", 0.0},
                         {"decayed_at", Micros(call.now)}}));
  TIDEMILL_CHECK(Update(call, "concurrency_limit", id, cells));
  return AnswerOne(call, kLimit, {.where = "c.id = ?2", .arguments = {id}}, kNoSuchLimit, 201);
}

Outcome<Answer> GetLimit(Call& call) {
  TIDEMILL_ASSIGN(const std::string id, IdByPath(call));
  return AnswerOne(call, kLimit, {.where = "c.id = ?2", .arguments = {id}}, kNoSuchLimit);
}

Outcome<Answer> PatchLimit(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const std::string id, IdByPath(call));
  TIDEMILL_ASSIGN(const Cells cells, LimitCells(members));
  TIDEMILL_CHECK(Update(call, "concurrency_limit", id, cells));
  return NoContent();
}

Outcome<Answer> DeleteLimit(Call& call) {
  TIDEMILL_ASSIGN(const std::string id, IdByPath(call));
  TIDEMILL_CHECK(Delete(call, "concurrency_limit", id));
  return NoContent();
}

Outcome<Answer> FilterLimits(Call& call) {
  return AnswerFilter(call, {kLimit, kLimitTable, {}, kLimitOrders});
}

Outcome<Answer> IncrementLimits(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const Wish wish, ReadWish(members));
  TIDEMILL_ASSIGN(const auto limits, Take(call, wish));
  return Answer{.status = 200, .body = ShortLimits(limits)};
}

Outcome<Answer> DecrementLimits(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const Wish wish, ReadWish(members));
  TIDEMILL_ASSIGN(const auto limits, LoadLimits(call, wish.names));
  for (const Limit& limit : limits) {
    if (limit.active) TIDEMILL_CHECK(AddTaken(call, limit, -wish.slots));
  }
  return Answer{.status = 200, .body = ShortLimits(limits)};
}

Outcome<Answer> IncrementLimitsWithLease(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const Wish wish, ReadWish(members));
  TIDEMILL_ASSIGN(const std::int64_t end, LeaseEnd(call, members));
  std::string holder;
  if (const json::object* sent = members.Object("holder"))
    holder = TextMember(*sent, "type").value_or("") + " " + TextMember(*sent, "id").value_or("");
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(const auto limits, Take(call, wish));
  const std::string lease = call.NewId();
  for (const Limit& limit : limits) {
    // What decays gives its slots back by itself.
    const bool held = limit.active && limit.decay <= 0;
    TIDEMILL_CHECK(InsertLease(call, lease, limit.id, held ? wish.slots : 0, holder, end));
  }
  return Answer{.status = 200, .body = fmt::format(R"({{"lease_id":"{}","limits":{}}})", lease, ShortLimits(limits))};
}

Outcome<Answer> DecrementLimitsWithLease(Call& call) {
  Members members(call.body);
  const std::string lease = members.RequiredId("lease_id");
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(EndLeasesWhere(call, "id = ?1", {lease}));
  return NoContent();
}

Outcome<Answer> RenewLease(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const std::int64_t end, LeaseEnd(call, members));
  TIDEMILL_ASSIGN(const std::int64_t count,
                  call.db.Change("UPDATE lease SET expires = ?3 WHERE id = ?1 AND expires > ?2",
                                 {call.path.at(0), Micros(call.now), end}));
  if (count == 0) return Refuse(410, "Lease not found - it may have expired or been revoked");
  return NoContent();
}

}  // namespace tidemill::orchestrator
