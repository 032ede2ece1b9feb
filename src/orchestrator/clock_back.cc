// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "entity.h"
#include "instant.h"
#include "rounds.h"

namespace tidemill::orchestrator {
namespace {

// ?1 is now, ?2 by how much the clock went back. What was seen was seen by now; what was to come comes as much earlier.
constexpr std::array<std::string_view, 9> kCorrections{
    "UPDATE flow_run SET state_at = ?1 WHERE state_at > ?1 AND ?2 > 0",
    "UPDATE deployment SET next_plan = 0, last_polled = min(last_polled, ?1) WHERE ?2 > 0",
    "UPDATE work_queue SET last_polled = ?1 WHERE last_polled > ?1 AND ?2 > 0",
    "UPDATE worker SET last_heartbeat = ?1 WHERE last_heartbeat > ?1 AND ?2 > 0",
    "UPDATE concurrency_limit SET decayed_at = ?1 WHERE decayed_at > ?1 AND ?2 > 0",
    "UPDATE lease SET expires = expires - ?2 WHERE expires > ?1",
    "UPDATE outgoing SET due = due - ?2 WHERE due > ?1",
    "UPDATE automation_wait SET since = min(since, ?1), due = due - ?2 WHERE since > ?1 OR due > ?1",
    "UPDATE automation_fired SET at = ?1 WHERE at > ?1 AND ?2 > 0"};

Outcome<void> Correct(Call& call, std::int64_t back) {
  for (const std::string_view sql : kCorrections) TIDEMILL_CHECK(call.db.Change(sql, {Micros(call.now), back}));
  return {};
}

}  // namespace

Outcome<void> NoteClockSetBack(Call& call, base::Duration back) {
  TIDEMILL_CHECK(Correct(call, back.count()));
  return NoteStart(call);
}

// The clock may have been set back while no server ran: the last event was received later than now, then.
Outcome<void> NoteClockAtStart(Call& call) {
  TIDEMILL_ASSIGN(const db::Value last,
                  SelectValue(call,
                              "SELECT max(coalesce((SELECT received FROM event ORDER BY number DESC LIMIT 1), 0), "
                              "coalesce((SELECT CAST(value AS INTEGER) FROM configuration WHERE key = 'started'), 0))",
                              {}));
  const std::int64_t back = db::IntOf(last) - Micros(call.now);
  return back > 0 ? NoteClockSetBack(call, base::Duration(back)) : NoteStart(call);
}

}  // namespace tidemill::orchestrator
