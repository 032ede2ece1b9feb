// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "tidemill/base/clock.h"

#include "answer.h"
#include "body.h"

namespace tidemill::orchestrator {

// When something is to happen. Pure: no clock.
class Schedule {
 public:
  virtual ~Schedule() = default;
  // The first `count` instants at or after `from`, fewer where there are no more.
  virtual std::vector<base::Time> Next(base::Time from, std::size_t count) const = 0;
};

// {"cron", "timezone", "day_or"} {"interval", "anchor_date", "timezone"} or {"rrule", "timezone"}. 422 for what cannot
// be read, for a time zone that is not known, and for what can never happen. `now` is the anchor of an interval without
// one: it is written into the schedule.
Outcome<std::unique_ptr<Schedule>> ParseSchedule(json::object& schedule, base::Time now);

}  // namespace tidemill::orchestrator
