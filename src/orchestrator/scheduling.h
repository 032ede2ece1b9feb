// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <boost/json/array.hpp>

#include "body.h"
#include "call.h"

namespace tidemill::orchestrator {

// Of a deployment's schedules: what Prefect 3 sends as a list, 2.11 as one.
struct ScheduleSeed {
  json::object schedule;
  bool active = true;
  std::optional<std::int64_t> max_runs = {};
  std::string parameters = "{}";
  std::optional<std::string> slug = {};
};
Outcome<ScheduleSeed> ReadSchedule(const json::value& value, base::Time now);
Outcome<std::string> InsertSchedule(Call& call, const std::string& deployment, const ScheduleSeed& seed);
Outcome<void> DeleteSchedules(Call& call, const std::string& deployment);

// Takes back the runs that were planned and that nobody has touched.
Outcome<void> DeletePlannedRuns(Call& call, const std::string& deployment);
// Plans the next three runs of each schedule, and has PlanDueRuns plan the others: of many deployments at once they
// lie beside each other in the indices, so that a thousand deployments cost a fraction of planning each by itself.
Outcome<void> PlanFirstRuns(Call& call, const std::string& deployment);
// POST deployments/{id}/schedule: plans runs within a window of the request's own, past or to come, of a paused
// deployment too. Nothing of it is refused for a deployment that is not there: Prefect plans nothing then.
Outcome<Answer> PlanRunsOfDeployment(Call& call);
// Of every deployment whose plan comes to its end plans the runs of the next hour, three at least: once an instant,
// whatever was planned before. `most` deployments at once, fewer where `call.enough` says so; true where some may be
// left.
Outcome<bool> PlanDueRuns(Call& call, std::int64_t most);
// Marks what should have begun 15 seconds ago as late.
Outcome<bool> MarkLateRuns(Call& call, std::int64_t most);

}  // namespace tidemill::orchestrator
