// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "entity.h"
#include "instant.h"
#include "rounds.h"
#include "runs.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::chrono::minutes kMostCancelling{5};
constexpr std::chrono::seconds kChildrenGrace{30};
constexpr std::chrono::seconds kSilence{90};
constexpr std::chrono::seconds kUsualInterval{180};  // of a Prefect client's heartbeats
constexpr std::chrono::seconds kClaimGrace{60};
constexpr std::chrono::seconds kPollSilence{45};  // three polls of an agent
constexpr std::chrono::minutes kMostPending{10};
constexpr std::int64_t kMostQueuedAgain = 3;

std::int64_t Ago(const Call& call, base::Duration time) {
  return Micros(call.now - time);
}

// Gives a run a state by the server's own will.
Outcome<void> Put(Call& call, RunKind kind, const std::string& id, State state) {
  TIDEMILL_ASSIGN(const auto run, LoadRun(call, kind, id));
  if (!run) return {};
  return TakeState(call, kind, *run, state, run->policy);
}

Outcome<void> QueueAgain(Call& call, const std::string& id, std::int64_t times, const std::string& why) {
  State state = MakeState(StateType::kScheduled, "AwaitingRetry",
                          fmt::format("{}: queued again ({} of {})", why, times + 1, kMostQueuedAgain));
  state.details["scheduled_time"] = InstantText(call.now);
  TIDEMILL_CHECK(Put(call, RunKind::kFlow, id, std::move(state)));
  TIDEMILL_CHECK(
      call.db.Change("UPDATE flow_run SET queued_again = queued_again + 1, claimed_by = NULL, "
                     "infrastructure_pid = NULL WHERE id = ?1",
                     {id}));
  return {};
}

// Heartbeats are events of the client. How often they come is seen from the last two.
constexpr std::string_view kSilent =
    "SELECT id, last FROM (SELECT r.id AS id, r.state_at AS began, (SELECT e.received FROM event e WHERE e.resource_id "
    "= "
    "'prefect.flow-run.' || r.id AND e.name = 'prefect.flow-run.heartbeat' AND e.received <= ?1 ORDER BY e.occurred "
    "DESC LIMIT 1) AS last, "
    "(SELECT e.received FROM event e WHERE e.resource_id = 'prefect.flow-run.' || r.id AND e.name = "
    "'prefect.flow-run.heartbeat' AND e.received <= ?1 ORDER BY e.occurred DESC LIMIT 1 OFFSET 1) AS before FROM "
    "flow_run r WHERE "
    "r.state_type = 'RUNNING' AND r.state_at <= ?1 - ?2) WHERE last IS NOT NULL AND ?1 - max(last, began, "
    "coalesce((SELECT "
    "CAST(value AS INTEGER) FROM configuration WHERE key = 'started'), 0)) > max(?2, 3 * coalesce(last - before, ?3)) "
    "LIMIT ?4";

Outcome<std::int64_t> ReapSilent(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query(kSilent, {Micros(call.now), base::Duration(kSilence).count(),
                                                               base::Duration(kUsualInterval).count(), most}));
  for (const db::Row& row : rows) {
    const std::string last = InstantText(FromMicros(db::IntOf(row[1])));
    TIDEMILL_CHECK(Put(call, RunKind::kFlow, db::TextOf(row[0]),
                       MakeState(StateType::kCrashed, "Crashed", "no heartbeat since " + last)));
  }
  return static_cast<std::int64_t>(rows.size());
}

constexpr std::string_view kAbandoned =
    "SELECT r.id, r.queued_again, r.claimed_by, r.deployment_id, r.state_at <= ?4 FROM flow_run r LEFT JOIN work_queue "
    "q "
    "ON q.id = r.work_queue_id LEFT JOIN deployment d ON d.id = r.deployment_id LEFT JOIN worker w ON w.name = "
    "r.claimed_by AND w.work_pool_id = q.work_pool_id WHERE r.state_type = 'PENDING' AND coalesce((SELECT CAST(value "
    "AS "
    "INTEGER) FROM configuration WHERE key = 'started'), 0) <= ?2 AND (r.state_at <= ?4 OR (r.state_at <= ?2 AND "
    "r.infrastructure_pid IS NULL AND (w.last_heartbeat <= ?1 - 3000000 * coalesce(w.heartbeat_interval, 30) OR "
    "(w.id IS NULL AND coalesce(q.last_polled, d.last_polled) <= ?3)))) LIMIT ?5";

Outcome<std::int64_t> ReapClaimed(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query(kAbandoned, {Micros(call.now), Ago(call, kClaimGrace), Ago(call, kPollSilence),
                                             Ago(call, kMostPending), most}));
  for (const db::Row& row : rows) {
    const std::string claimer = db::IsNull(row[2]) ? "its agent" : "worker '" + db::TextOf(row[2]) + "'";
    const std::string why = db::IntOf(row[4]) != 0 ? "claimed ten minutes ago and not begun"
                                                   : fmt::format("claimed by {}, which is gone", claimer);
    if (!db::IsNull(row[3]) && db::IntOf(row[1]) < kMostQueuedAgain) {
      TIDEMILL_CHECK(QueueAgain(call, db::TextOf(row[0]), db::IntOf(row[1]), why));
    } else {
      TIDEMILL_CHECK(Put(call, RunKind::kFlow, db::TextOf(row[0]), MakeState(StateType::kCrashed, "Crashed", why)));
    }
  }
  return static_cast<std::int64_t>(rows.size());
}

// Runs chosen by SQL, all given one state.
Outcome<std::int64_t> PutAll(Call& call, RunKind kind, std::string_view sql, const db::Row& arguments,
                             const State& state) {
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query(sql, arguments));
  for (const db::Row& row : rows) TIDEMILL_CHECK(Put(call, kind, db::TextOf(row[0]), state));
  return static_cast<std::int64_t>(rows.size());
}

// From what is open to what it belongs to: of ended runs there are many (hence no index over p's state).
constexpr std::string_view kOpenChildren =
    "SELECT c.id FROM flow_run c INDEXED BY flow_run_open_child JOIN task_run t ON t.id = c.parent_task_run_id JOIN "
    "flow_run p ON p.id = "
    "t.flow_run_id "
    "WHERE c.parent_task_run_id IS NOT NULL AND c.state_type NOT IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED') "
    "AND +p.state_type = ?1 AND p.state_at "
    "<= "
    "?2 "
    "LIMIT ?3";
constexpr std::string_view kOpenTasks =
    "SELECT t.id FROM task_run t JOIN flow_run p ON p.id = t.flow_run_id WHERE t.state_type NOT IN ('COMPLETED', "
    "'FAILED', 'CRASHED', 'CANCELLED') AND +p.state_type = ?1 AND p.state_at <= ?2 LIMIT ?3";

Outcome<std::int64_t> EndParts(Call& call, StateType type, const State& state, std::int64_t most) {
  const db::Row arguments{std::string(flow::ToText(type)), Ago(call, kChildrenGrace), most};
  TIDEMILL_ASSIGN(const std::int64_t flows, PutAll(call, RunKind::kFlow, kOpenChildren, arguments, state));
  TIDEMILL_ASSIGN(const std::int64_t tasks, PutAll(call, RunKind::kTask, kOpenTasks, arguments, state));
  return flows + tasks;
}

}  // namespace

Outcome<void> NoteStart(Call& call) {
  TIDEMILL_CHECK(
      call.db.Change("INSERT INTO configuration(key, value) VALUES('started', ?1) ON CONFLICT(key) DO UPDATE "
                     "SET value = excluded.value",
                     {std::to_string(Micros(call.now))}));
  return {};
}

Outcome<bool> ExpirePauses(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(
      const std::int64_t count,
      PutAll(call, RunKind::kFlow,
             "SELECT r.id FROM flow_run r JOIN run_state s ON s.id = r.state_id WHERE r.state_type = 'PAUSED' "
             "AND json_extract(s.details, '$.pause_timeout') <= ?1 LIMIT ?2",
             {InstantText(call.now), most},
             MakeState(StateType::kFailed, "Failed", "The flow was paused and never resumed.")));
  return count == most;
}

Outcome<bool> EndCancelled(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(
      const std::int64_t overdue,
      PutAll(call, RunKind::kFlow,
             "SELECT id FROM flow_run WHERE state_type = 'CANCELLING' AND state_at <= ?1 LIMIT ?2",
             {Ago(call, kMostCancelling), most},
             MakeState(StateType::kCancelled, "Cancelled", "nothing confirmed its end within five minutes")));
  TIDEMILL_ASSIGN(
      const std::int64_t cancelled,
      EndParts(call, StateType::kCancelled,
               MakeState(StateType::kCancelled, "Cancelled", "the flow run that it belongs to was cancelled"), most));
  TIDEMILL_ASSIGN(const std::int64_t crashed,
                  EndParts(call, StateType::kCrashed,
                           MakeState(StateType::kCrashed, "Crashed", "the flow run that it belongs to crashed"), most));
  return overdue == most || cancelled >= most || crashed >= most;
}

Outcome<bool> ReapRuns(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const std::int64_t silent, ReapSilent(call, most));
  TIDEMILL_ASSIGN(const std::int64_t claimed, ReapClaimed(call, most));
  return silent == most || claimed == most;
}

}  // namespace tidemill::orchestrator
