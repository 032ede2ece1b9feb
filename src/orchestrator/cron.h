// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tidemill/base/result.h"

#include "schedule.h"
#include "zone.h"

namespace tidemill::orchestrator {

// A cron expression as croniter reads it: five fields, a sixth of seconds, a seventh of years; names, ranges that wrap,
// steps, L, n#k, @daily and its like.
class CronSchedule final : public Schedule {
 public:
  static base::Result<std::unique_ptr<CronSchedule>> Parse(std::string_view text, std::shared_ptr<const Zone> zone,
                                                           bool day_or);
  std::vector<base::Time> Next(base::Time from, std::size_t count) const override;

 private:
  using Bits = std::bitset<200>;  // years are counted from 1970
  bool DayFits(std::chrono::local_days day) const;
  void AddTimesOfDay(std::chrono::local_days day, std::chrono::sys_seconds from, std::size_t count,
                     std::vector<base::Time>& found) const;

  Bits seconds_, minutes_, hours_, days_, months_, weekdays_, years_;
  bool last_day_ = false, any_day_ = true, any_weekday_ = true, day_or_ = true;
  std::vector<std::pair<unsigned, unsigned>> nth_;  // weekday, which of the month; 6: the last
  std::shared_ptr<const Zone> zone_;
};

}  // namespace tidemill::orchestrator
