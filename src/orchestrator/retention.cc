// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>

#include "entity.h"
#include "flow_runs.h"
#include "instant.h"
#include "rounds.h"
#include "runs.h"

namespace tidemill::orchestrator {
namespace {

using std::chrono::days;

constexpr std::int64_t kRunsAtOnce = 50;  // each has states, tasks and logs

std::int64_t Before(const Call& call, days kept) {
  return Micros(call.now - kept);
}

// Of each deployment ten runs and a success stay, however old they are.
constexpr std::string_view kOldRuns =
    "SELECT r.id FROM flow_run r WHERE r.end < ?1 AND (r.deployment_id IS NULL OR ((SELECT count(*) FROM (SELECT 1 "
    "FROM "
    "flow_run n WHERE n.deployment_id = r.deployment_id AND n.expected_start > r.expected_start AND n.end IS NOT NULL "
    "LIMIT "
    "10)) = 10 AND (r.state_type <> 'COMPLETED' OR EXISTS(SELECT 1 FROM flow_run n WHERE n.deployment_id = "
    "r.deployment_id "
    "AND n.expected_start > r.expected_start AND n.state_type = 'COMPLETED')))) LIMIT ?2";

constexpr std::string_view kOldArtifacts =
    "DELETE FROM artifact WHERE number IN (SELECT a.number FROM artifact a WHERE a.created < ?1 AND EXISTS(SELECT 1 "
    "FROM "
    "artifact n WHERE n.key = a.key AND n.number > a.number) LIMIT ?2)";

// What hangs on a run, so much of it at once: one run may have a million lines.
constexpr std::array<std::string_view, 3> kParts{
    "DELETE FROM log WHERE number IN (SELECT number FROM log WHERE flow_run_id = ?1 LIMIT ?2)",
    "DELETE FROM run_state WHERE id IN (SELECT s.id FROM task_run t JOIN run_state s ON s.run_id = t.id WHERE "
    "t.flow_run_id = ?1 LIMIT ?2)",
    "DELETE FROM task_run WHERE id IN (SELECT id FROM task_run WHERE flow_run_id = ?1 LIMIT ?2)"};

// Deletes the run if nothing hangs on it any more, else of that as much as `left` says, which it counts down.
Outcome<void> EraseSome(Call& call, const std::string& run, std::int64_t& left) {
  for (const std::string_view part : kParts) {
    TIDEMILL_ASSIGN(const std::int64_t deleted, call.db.Change(part, {run, left}));
    left -= deleted;
    if (left <= 0) return {};
  }
  TIDEMILL_CHECK(EraseFlowRun(call, run));
  --left;
  return {};
}

// True where there is more to delete.
Outcome<bool> EraseOldRuns(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const db::Rows runs, call.db.Query(kOldRuns, {Before(call, kKeepRuns), kRunsAtOnce}));
  std::int64_t left = most;
  for (const db::Row& row : runs) {
    TIDEMILL_CHECK(EraseSome(call, db::TextOf(row[0]), left));
    if (left <= 0) return true;
  }
  return static_cast<std::int64_t>(runs.size()) == kRunsAtOnce;
}

}  // namespace

Outcome<bool> Retain(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const bool runs, EraseOldRuns(call, most));
  TIDEMILL_ASSIGN(const std::int64_t logs,
                  call.db.Change("DELETE FROM log WHERE number IN (SELECT number FROM log WHERE at < ?1 LIMIT ?2)",
                                 {Before(call, kKeepLogs), most}));
  TIDEMILL_ASSIGN(
      const std::int64_t events,
      call.db.Change("DELETE FROM event WHERE number IN (SELECT number FROM event WHERE occurred < ?1 LIMIT ?2)",
                     {Before(call, kKeepEvents), most}));
  TIDEMILL_ASSIGN(const std::int64_t artifacts, call.db.Change(kOldArtifacts, {Before(call, kKeepArtifacts), most}));
  return runs || logs == most || events == most || artifacts == most;
}

}  // namespace tidemill::orchestrator
