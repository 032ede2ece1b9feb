// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "call.h"

namespace tidemill::orchestrator {

// SQL of the slots of concurrency_limit c that runs of the deployments which share it have. They are counted, not kept:
// a slot is given back whichever way its run ends.
#define TIDEMILL_SLOTS_OF_RUNS                                                                              \
  "CASE WHEN EXISTS(SELECT 1 FROM deployment y WHERE y.shared_limit_id = c.id) THEN (SELECT count(*) FROM " \
  "flow_run x INDEXED BY flow_run_state JOIN deployment y ON y.id = x.deployment_id WHERE x.state_type IN " \
  "('PENDING', 'RUNNING', 'CANCELLING') AND y.shared_limit_id = c.id) ELSE 0 END"
// Of all that are taken at ?1.
#define TIDEMILL_SLOTS_TAKEN                                                                             \
  "(max(0, c.active_slots - CAST(c.decay_per_second * max(0, ?1 - c.decayed_at) / 1000000 AS INTEGER)) " \
  "+ " TIDEMILL_SLOTS_OF_RUNS ")"
inline constexpr std::string_view kSlotsTaken = TIDEMILL_SLOTS_TAKEN;

struct Limit {
  std::string id, name;
  bool active = true;
  std::int64_t slots = 0, taken = 0;
  double decay = 0;  // slots a second
  std::int64_t decayed_at = 0;
  std::int64_t of_runs = 0;  // slots of runs of the deployments that share it, beside `taken`
};

// The limits of these names, as they are now: leases that ended are taken back, slots decayed. JSON list of names.
Outcome<std::vector<Limit>> LoadLimits(Call& call, const std::string& names);
// Changes what is taken by that much, never below 0.
Outcome<void> AddTaken(Call& call, const Limit& limit, std::int64_t slots);
// Seconds after which it is worth to ask again for so many slots; 0 where they are free now.
std::int64_t SecondsUntilFree(const std::vector<Limit>& limits, std::int64_t slots);
Outcome<void> InsertLease(Call& call, const std::string& lease, const std::string& limit, std::int64_t slots,
                          const std::string& holder, std::int64_t expires);
// Ends leases, chosen by SQL over "lease" with its arguments; how many.
Outcome<std::int64_t> EndLeasesWhere(Call& call, std::string_view where, const db::Row& arguments);
// [{"id", "name", "limit"}]
std::string ShortLimits(const std::vector<Limit>& limits);
// A holder as it stands in the database: task runs are known by their id.
std::string TaskHolder(const std::string& task_run);

}  // namespace tidemill::orchestrator
