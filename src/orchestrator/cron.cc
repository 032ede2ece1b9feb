// SPDX-License-Identifier: Apache-2.0
#include "cron.h"

#include <algorithm>
#include <optional>
#include <set>

#include "tidemill/base/text.h"

namespace tidemill::orchestrator {
namespace {

namespace ch = std::chrono;

constexpr int kMostDays = 366 * 50;  // a search for 29 February on a Monday takes up to 40 years

struct Field {
  std::string_view name;
  unsigned low, high;
};
constexpr Field kMinute{"minute", 0, 59}, kHour{"hour", 0, 23}, kDay{"day of month", 1, 31}, kMonth{"month", 1, 12},
    kWeekday{"day of week", 0, 7}, kSecond{"second", 0, 59}, kYear{"year", 1970, 2099};
constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kCronWeekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kNicknames{{{"@yearly", "0 0 1 1 *"},
                                                                                   {"@annually", "0 0 1 1 *"},
                                                                                   {"@monthly", "0 0 1 * *"},
                                                                                   {"@weekly", "0 0 * * 0"},
                                                                                   {"@daily", "0 0 * * *"},
                                                                                   {"@midnight", "0 0 * * *"},
                                                                                   {"@hourly", "0 * * * *"}}};

template <std::size_t kSize>
std::optional<unsigned> IndexOf(const std::array<std::string_view, kSize>& names, std::string_view word) {
  const auto at = std::find(names.begin(), names.end(), word);
  if (at == names.end()) return std::nullopt;
  return static_cast<unsigned>(at - names.begin());
}

std::optional<unsigned> ParseNumber(const Field& field, std::string_view word) {
  if (field.name == kMonth.name) {
    if (const auto month = IndexOf(kMonths, word)) return *month + 1;
  }
  if (field.name == kWeekday.name) {
    if (const auto weekday = IndexOf(kCronWeekdays, word)) return weekday;
  }
  const auto number = base::ParseInt(word);
  if (!number || *number < field.low || *number > field.high) return std::nullopt;
  return static_cast<unsigned>(*number);
}

tl::unexpected<base::Error> Bad(const Field& field, std::string_view part) {
  return base::Fail(base::ErrorCode::kInvalid,
                    "{} {} of a cron expression: expected numbers from {} to {}, ranges, steps", field.name,
                    base::Quoted(part), field.low, field.high);
}

struct Steps {
  unsigned from, to, step;
};

// "*", "5", "1-5", "22-2", "*/15", "5/10", "1-30/2"
std::optional<Steps> ParseRange(const Field& field, std::string_view part) {
  Steps range{field.low, field.name == kWeekday.name ? 6 : field.high, 1};
  const std::size_t slash = part.find('/');
  if (slash != std::string_view::npos) {
    const auto step = base::ParseInt(part.substr(slash + 1));
    if (!step || *step < 1 || *step > field.high) return std::nullopt;
    range.step = static_cast<unsigned>(*step);
    part = part.substr(0, slash);
  }
  if (part == "*") return range;
  const std::size_t dash = part.find('-');
  const auto from = ParseNumber(field, part.substr(0, dash));
  if (!from) return std::nullopt;
  range.from = *from;
  if (dash == std::string_view::npos) {
    if (slash == std::string_view::npos) range.to = *from;
    return range;
  }
  const auto to = ParseNumber(field, part.substr(dash + 1));
  if (!to) return std::nullopt;
  range.to = *to;
  return range;
}

template <class Bits>
void Set(const Field& field, Bits& bits, unsigned value) {
  if (field.name == kWeekday.name) value %= 7;
  bits.set(field.name == kYear.name ? value - kYear.low : value);
}

template <class Bits>
base::Status ParseField(const Field& field, std::string_view text, Bits& bits) {
  for (const std::string_view part : base::Split(text, ',')) {
    const auto range = ParseRange(field, part);
    if (!range) return Bad(field, part);
    const unsigned size = field.name == kWeekday.name ? 7 : field.high - field.low + 1;
    // A range such as 22-2 goes over the end.
    const unsigned length = range->from <= range->to ? range->to - range->from : range->to + size - range->from;
    for (unsigned i = 0; i <= length; i += range->step)
      Set(field, bits, (range->from - field.low + i) % size + field.low);
  }
  return {};
}

}  // namespace

base::Result<std::unique_ptr<CronSchedule>> CronSchedule::Parse(std::string_view text, std::shared_ptr<const Zone> zone,
                                                                bool day_or) {
  std::string line = base::Lower(base::CollapseSpace(text));
  for (const auto& [name, expression] : kNicknames) {
    if (line == name) line = expression;
  }
  const auto parts = base::Split(line, ' ');
  if (parts.size() < 5 || parts.size() > 7) {
    return base::Fail(base::ErrorCode::kInvalid,
                      "cron expression {}: expected 5 to 7 fields, or one of @hourly, @daily, …", base::Quoted(text));
  }
  auto cron = std::make_unique<CronSchedule>();
  cron->zone_ = std::move(zone);
  cron->day_or_ = day_or;
  TIDEMILL_CHECK(ParseField(kMinute, parts[0], cron->minutes_));
  TIDEMILL_CHECK(ParseField(kHour, parts[1], cron->hours_));
  TIDEMILL_CHECK(ParseField(kMonth, parts[3], cron->months_));
  TIDEMILL_CHECK(ParseField(kSecond, parts.size() > 5 ? parts[5] : "0", cron->seconds_));
  TIDEMILL_CHECK(ParseField(kYear, parts.size() > 6 ? parts[6] : "*", cron->years_));
  cron->any_day_ = parts[2] == "*" || parts[2] == "?";
  for (const std::string_view part : base::Split(parts[2] == "?" ? "*" : parts[2], ',')) {
    if (part == "l") {
      cron->last_day_ = true;
    } else {
      TIDEMILL_CHECK(ParseField(kDay, part, cron->days_));
    }
  }
  cron->any_weekday_ = parts[4] == "*" || parts[4] == "?";
  for (const std::string_view part : base::Split(parts[4] == "?" ? "*" : parts[4], ',')) {
    const std::size_t mark = part.find('#');
    const bool last = part.size() > 1 && part.front() == 'l';
    if (mark == std::string_view::npos && !last) {
      TIDEMILL_CHECK(ParseField(kWeekday, part, cron->weekdays_));
      continue;
    }
    const auto weekday = ParseNumber(kWeekday, last ? part.substr(1) : part.substr(0, mark));
    const auto which = last ? std::optional<std::int64_t>(6) : base::ParseInt(part.substr(mark + 1));
    if (!weekday || !which || *which < 1 || *which > 6 || (!last && *which > 5)) return Bad(kWeekday, part);
    cron->nth_.emplace_back(*weekday % 7, static_cast<unsigned>(*which));
  }
  return cron;
}

bool CronSchedule::DayFits(ch::local_days day) const {
  const ch::year_month_day date(day);
  const auto year = static_cast<int>(date.year());
  if (year < static_cast<int>(kYear.low) || year > static_cast<int>(kYear.high)) return false;
  if (!years_[static_cast<std::size_t>(year) - kYear.low] || !months_[static_cast<unsigned>(date.month())])
    return false;
  const auto number = static_cast<unsigned>(date.day());
  const ch::year_month_day_last last(date.year(), ch::month_day_last(date.month()));
  const unsigned last_number = static_cast<unsigned>(last.day());
  const unsigned weekday = ch::weekday(day).c_encoding();
  const bool by_day = days_[number] || (last_day_ && number == last_number);
  const bool by_weekday = weekdays_[weekday] || std::any_of(nth_.begin(), nth_.end(), [&](const auto& nth) {
                            return nth.first == weekday &&
                                   (nth.second == 6 ? number + 7 > last_number : (number - 1) / 7 + 1 == nth.second);
                          });
  if (any_day_ && any_weekday_) return true;
  if (any_day_) return by_weekday;
  if (any_weekday_) return by_day;
  return day_or_ ? by_day || by_weekday : by_day && by_weekday;
}

// The times of one day on the wall's clock, each as the instant at which it is shown. One that does not come after the
// one before (an hour shown twice, or none) is left out.
void CronSchedule::AddTimesOfDay(ch::local_days day, ch::sys_seconds from, std::size_t count,
                                 std::vector<base::Time>& found) const {
  const auto offset = zone_->OffsetOf(day);
  const ch::sys_seconds begin(day.time_since_epoch() - offset.value_or(ch::seconds(0)));
  for (unsigned hour = 0; hour < 24; ++hour) {
    if (!hours_[hour] || (offset && begin + ch::hours(hour + 1) <= from)) continue;
    for (unsigned minute = 0; minute < 60; ++minute) {
      if (!minutes_[minute]) continue;
      for (unsigned second = 0; second < 60; ++second) {
        if (!seconds_[second]) continue;
        const ch::seconds time = ch::hours(hour) + ch::minutes(minute) + ch::seconds(second);
        const ch::sys_seconds at = offset ? begin + time : zone_->ToSys(day + time);
        if (at < from || (!found.empty() && found.back() >= at)) continue;
        found.emplace_back(at);
        if (found.size() >= count) return;
      }
    }
  }
}

std::vector<base::Time> CronSchedule::Next(base::Time from, std::size_t count) const {
  std::vector<base::Time> found;
  const auto first = ch::ceil<ch::seconds>(from);
  auto day = ch::floor<ch::days>(zone_->ToLocal(first));
  for (int i = 0; i < kMostDays && found.size() < count; ++i, day += ch::days(1)) {
    if (DayFits(day)) AddTimesOfDay(day, first, count, found);
  }
  return found;
}

}  // namespace tidemill::orchestrator
