// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tidemill/base/result.h"

#include "schedule.h"
#include "zone.h"

namespace tidemill::orchestrator {

// One RRULE of RFC 5545, over the clock on the wall.
class RecurrenceRule {
 public:
  // "FREQ=WEEKLY;BYDAY=MO,WE"; errors are kInvalid and name the part.
  static base::Result<RecurrenceRule> Parse(std::string_view text, LocalSeconds start);

  // The first `count` at or after `from`. `whole`: there are no more than these.
  std::vector<LocalSeconds> From(LocalSeconds from, std::size_t count, bool& whole) const;

 private:
  enum class Unit : std::uint8_t { kYear, kMonth, kWeek, kDay, kHour, kMinute, kSecond };
  using Numbers = std::set<int>;
  base::Status Read(std::string_view name, std::string_view value);
  base::Status ReadDays(std::string_view value);
  void FillDefaults();
  std::int64_t PeriodBefore(LocalSeconds time) const;
  std::vector<std::chrono::local_days> DaysOf(std::int64_t period) const;
  std::vector<LocalSeconds> TimesOf(std::int64_t period) const;
  std::vector<LocalSeconds> TimesOfDay(std::chrono::local_days day) const;
  LocalSeconds BeginOf(std::int64_t period) const;
  bool Fits(std::chrono::local_days day) const;
  bool FitsOrdinals(std::chrono::local_days day) const;
  bool FitsWeek(std::chrono::local_days day) const;

  LocalSeconds start_{};
  Unit unit_ = Unit::kDay;
  bool has_unit_ = false;
  std::int64_t interval_ = 1;
  std::optional<std::int64_t> count_;
  std::optional<LocalSeconds> until_;
  int week_start_ = 1;  // Monday; Sunday is 0
  Numbers months_, month_days_, year_days_, weeks_, weekdays_, hours_, minutes_, seconds_, positions_;
  std::vector<std::pair<int, int>> ordinals_;  // the n-th of a weekday
};

// {"rrule", "timezone"}: lines of DTSTART, RRULE, EXRULE, RDATE, EXDATE, or one rule alone. Without DTSTART it starts
// with 2020.
base::Result<std::unique_ptr<Schedule>> ParseRecurrence(std::string_view text, std::shared_ptr<const Zone> zone);

}  // namespace tidemill::orchestrator
