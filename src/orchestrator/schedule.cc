// SPDX-License-Identifier: Apache-2.0
#include "schedule.h"

#include <chrono>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "cron.h"
#include "instant.h"
#include "rrule.h"
#include "zone.h"

namespace tidemill::orchestrator {
namespace {

namespace ch = std::chrono;

constexpr std::int64_t kDayMicros = 86'400'000'000;

// Whole days are days of the calendar in the zone, the rest is time that passes: a daily run keeps its hour when the
// clocks change, an hourly one comes every hour.
class IntervalSchedule final : public Schedule {
 public:
  IntervalSchedule(base::Duration interval, base::Time anchor, std::shared_ptr<const Zone> zone)
      : interval_(interval), anchor_(anchor), zone_(std::move(zone)) {}

  std::vector<base::Time> Next(base::Time from, std::size_t count) const override {
    // To the neighbourhood of `from` by time that passes, from there on by the calendar: as Prefect goes.
    base::Time at = anchor_ + (from - anchor_) / interval_ * interval_;
    std::vector<base::Time> found;
    for (; found.size() < count; at = After(at)) {
      if (at >= from) found.push_back(at);
    }
    return found;
  }

 private:
  base::Time After(base::Time at) const {
    const std::int64_t whole = interval_.count() / kDayMicros;
    if (whole == 0) return at + interval_;
    const base::Duration rest(interval_.count() % kDayMicros);
    const auto second = ch::floor<ch::seconds>(at);
    const LocalSeconds local = zone_->ToLocal(second) + ch::days(whole);
    return zone_->ToSys(local) + (at - second) + rest;
  }

  base::Duration interval_;
  base::Time anchor_;
  std::shared_ptr<const Zone> zone_;
};

Outcome<std::shared_ptr<const Zone>> ReadZone(Members& members) {
  const std::string name = members.Text("timezone").value_or("UTC");
  TIDEMILL_CHECK(members.Check());
  auto zone = Zone::Find(name);
  if (!zone) return RefuseMember("timezone", "no such time zone: " + base::Quoted(name));
  return zone;
}

Outcome<std::unique_ptr<Schedule>> ParseCron(Members& members) {
  const std::string text = members.RequiredText("cron");
  const bool day_or = members.Bool("day_or").value_or(true);
  TIDEMILL_ASSIGN(auto zone, ReadZone(members));
  auto cron = CronSchedule::Parse(text, std::move(zone), day_or);
  if (!cron) return RefuseMember("cron", cron.error().message);
  return std::unique_ptr<Schedule>(*std::move(cron));
}

Outcome<std::unique_ptr<Schedule>> ParseRule(Members& members) {
  const std::string text = members.RequiredText("rrule");
  TIDEMILL_ASSIGN(auto zone, ReadZone(members));
  auto rule = ParseRecurrence(text, std::move(zone));
  if (!rule) return RefuseMember("rrule", rule.error().message);
  return *std::move(rule);
}

Outcome<std::unique_ptr<Schedule>> ParseInterval(Members& members, json::object& schedule, base::Time now) {
  constexpr double kLongest = 100.0 * 366 * 86'400;
  const double interval = members.Number("interval").value_or(0);
  const auto anchor = members.Instant("anchor_date");
  TIDEMILL_ASSIGN(auto zone, ReadZone(members));
  if (!(interval >= 1e-6 && interval <= kLongest))
    return RefuseMember("interval", "seconds greater than 0 were expected");
  const base::Time start = anchor.value_or(now);
  if (!anchor) schedule["anchor_date"] = InstantText(start);
  const base::Duration micros(std::llround(interval * 1e6));
  return std::unique_ptr<Schedule>(std::make_unique<IntervalSchedule>(micros, start, std::move(zone)));
}

}  // namespace

Outcome<std::unique_ptr<Schedule>> ParseSchedule(json::object& schedule, base::Time now) {
  Members members(schedule);
  Outcome<std::unique_ptr<Schedule>> parsed = RefuseMember("schedule", "cron, interval or rrule was expected");
  if (Find(schedule, "cron") != nullptr) {
    parsed = ParseCron(members);
  } else if (Find(schedule, "interval") != nullptr) {
    parsed = ParseInterval(members, schedule, now);
  } else if (Find(schedule, "rrule") != nullptr) {
    parsed = ParseRule(members);
  }
  if (parsed && (*parsed)->Next(now, 1).empty()) return RefuseMember("schedule", "this schedule never fires");
  return parsed;
}

}  // namespace tidemill::orchestrator
