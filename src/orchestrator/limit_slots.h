// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "call.h"

namespace tidemill::orchestrator {

// SQL of the slots of concurrency_limit c that are taken at ?1.
inline constexpr std::string_view kSlotsTaken =
    "max(0, c.active_slots - CAST(c.decay_per_second * max(0, ?1 - c.decayed_at) / 1000000 AS INTEGER))";

struct Limit {
  std::string id, name;
  bool active = true;
  std::int64_t slots = 0, taken = 0;
  double decay = 0;  // slots a second
  std::int64_t decayed_at = 0;
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
