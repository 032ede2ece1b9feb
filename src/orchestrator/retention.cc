// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "entity.h"
#include "flow_runs.h"
#include "instant.h"
#include "rounds.h"
#include "runs.h"

namespace tidemill::orchestrator {
namespace {

using std::chrono::days;

constexpr days kKeepRuns{90};
constexpr days kKeepLogs{30};
constexpr days kKeepEvents{7};
constexpr days kKeepArtifacts{90};
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

}  // namespace

Outcome<bool> Retain(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const db::Rows runs, call.db.Query(kOldRuns, {Before(call, kKeepRuns), kRunsAtOnce}));
  for (const db::Row& row : runs) TIDEMILL_CHECK(EraseFlowRun(call, db::TextOf(row[0])));
  TIDEMILL_ASSIGN(const std::int64_t logs,
                  call.db.Change("DELETE FROM log WHERE number IN (SELECT number FROM log WHERE at < ?1 LIMIT ?2)",
                                 {Before(call, kKeepLogs), most}));
  TIDEMILL_ASSIGN(
      const std::int64_t events,
      call.db.Change("DELETE FROM event WHERE number IN (SELECT number FROM event WHERE occurred < ?1 LIMIT ?2)",
                     {Before(call, kKeepEvents), most}));
  TIDEMILL_ASSIGN(const std::int64_t artifacts, call.db.Change(kOldArtifacts, {Before(call, kKeepArtifacts), most}));
  return static_cast<std::int64_t>(runs.size()) == kRunsAtOnce || logs == most || events == most || artifacts == most;
}

}  // namespace tidemill::orchestrator
