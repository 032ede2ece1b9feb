// SPDX-License-Identifier: Apache-2.0
#include "limit_slots.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "concurrency_limits.h"
#include "entity.h"
#include "instant.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kLongestWait = 60;  // seconds

// What decayed since the last look; whole slots only, so the instant moves by what they took.
void Decay(Limit& limit, std::int64_t now) {
  if (limit.decay <= 0 || limit.taken == 0) {
    limit.decayed_at = now;
    return;
  }
  const double seconds = static_cast<double>(std::max<std::int64_t>(0, now - limit.decayed_at)) / kMicros;
  const double gone = std::floor(seconds * limit.decay);
  if (gone >= static_cast<double>(limit.taken)) {
    limit.taken = 0;
    limit.decayed_at = now;
    return;
  }
  limit.taken -= static_cast<std::int64_t>(gone);
  limit.decayed_at += static_cast<std::int64_t>(gone / limit.decay * kMicros);
}

}  // namespace

std::string TaskHolder(const std::string& task_run) {
  return "task_run " + task_run;
}

Outcome<std::int64_t> EndLeasesWhere(Call& call, std::string_view where, const db::Row& arguments) {
  TIDEMILL_CHECK(call.db.Change(
      fmt::format("UPDATE concurrency_limit SET active_slots = max(0, active_slots - (SELECT sum(slots) FROM lease "
                  "WHERE limit_id = concurrency_limit.id AND {0})) WHERE id IN (SELECT limit_id FROM lease WHERE {0})",
                  where),
      arguments));
  TIDEMILL_ASSIGN(const std::int64_t count,
                  call.db.Change(fmt::format("DELETE FROM lease WHERE {}", where), arguments));
  return count;
}

Outcome<std::vector<Limit>> LoadLimits(Call& call, const std::string& names) {
  TIDEMILL_CHECK(EndLeasesWhere(call, "expires <= ?1", {Micros(call.now)}));
  TIDEMILL_ASSIGN(
      const db::Rows rows,
      call.db.Query(
          "SELECT id, name, active, slots, active_slots, decay_per_second, decayed_at, " TIDEMILL_SLOTS_OF_RUNS
          " FROM concurrency_limit c WHERE name IN (SELECT value FROM json_each(?1)) ORDER BY name",
          {names}));
  std::vector<Limit> limits;
  for (const db::Row& row : rows) {
    Limit limit{db::TextOf(row[0]), db::TextOf(row[1]),   db::IntOf(row[2]) != 0, db::IntOf(row[3]),
                db::IntOf(row[4]),  db::DoubleOf(row[5]), db::IntOf(row[6]),      db::IntOf(row[7])};
    Decay(limit, Micros(call.now));
    limits.push_back(std::move(limit));
  }
  return limits;
}

Outcome<void> AddTaken(Call& call, const Limit& limit, std::int64_t slots) {
  TIDEMILL_CHECK(
      Update(call, "concurrency_limit", limit.id,
             {{"active_slots", std::max<std::int64_t>(0, limit.taken + slots)}, {"decayed_at", limit.decayed_at}}));
  return {};
}

std::int64_t SecondsUntilFree(const std::vector<Limit>& limits, std::int64_t slots) {
  std::int64_t longest = 0;
  for (const Limit& limit : limits) {
    const std::int64_t missing = limit.taken + limit.of_runs + slots - limit.slots;
    if (!limit.active || missing <= 0) continue;
    const double wait = limit.decay > 0 ? std::ceil(static_cast<double>(missing) / limit.decay) : 1;
    longest = std::max(longest, static_cast<std::int64_t>(std::min(wait, static_cast<double>(kLongestWait))));
  }
  return longest;
}

Outcome<void> InsertLease(Call& call, const std::string& lease, const std::string& limit, std::int64_t slots,
                          const std::string& holder, std::int64_t expires) {
  TIDEMILL_CHECK(Insert(call, "lease",
                        {{"id", lease},
                         {"limit_id", limit},
                         {"slots", slots},
                         {"holder", db::TextOrNull(holder)},
                         {"expires", expires}}));
  return {};
}

std::string ShortLimits(const std::vector<Limit>& limits) {
  base::JsonWriter json;
  json.BeginArray();
  for (const Limit& limit : limits) {
    json.BeginObject().Key("id").String(limit.id).Key("name").String(limit.name).Key("limit").Int(limit.slots);
    json.EndObject();
  }
  return json.EndArray().Take();
}

Outcome<bool> EndLeases(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const std::int64_t count, EndLeasesWhere(call, "expires <= ?1", {Micros(call.now)}));
  return count >= most;
}

}  // namespace tidemill::orchestrator
