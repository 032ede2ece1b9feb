// SPDX-License-Identifier: Apache-2.0
#include "rrule.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "tidemill/base/text.h"

namespace tidemill::orchestrator {
namespace {

namespace ch = std::chrono;
using ch::days;
using ch::local_days;
using ch::seconds;

constexpr std::int64_t kMostPeriods = 200'000;  // looked at in vain before a rule is taken to be over
constexpr std::int64_t kLastRuleYear = 2200;
constexpr std::array<std::string_view, 7> kUnits{"YEARLY", "MONTHLY",  "WEEKLY",  "DAILY",
                                                 "HOURLY", "MINUTELY", "SECONDLY"};
constexpr std::array<std::string_view, 7> kRuleWeekdays{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

int WeekdayOf(local_days day) {
  return static_cast<int>(ch::weekday(day).c_encoding());
}
local_days FirstOfYear(ch::year year) {
  return local_days(year / 1 / 1);
}
ch::year_month_day DateOf(local_days day) {
  return ch::year_month_day(day);
}

// The n-th of its weekday among the days from `first` on, counted from either end.
bool IsOrdinal(local_days day, local_days first, local_days end, int n) {
  const int from_front = static_cast<int>((day - first).count() / 7) + 1;
  const int from_back = -static_cast<int>((end - days(1) - day).count() / 7) - 1;
  return n == from_front || n == from_back;
}

// The first day of week 1 of a year: the week that has most of its days in it.
local_days FirstWeek(ch::year year, int week_start) {
  const local_days first = FirstOfYear(year);
  const int into = (WeekdayOf(first) - week_start + 7) % 7;
  const local_days begin = first - days(into);
  return into <= 3 ? begin : begin + days(7);
}

}  // namespace

base::Status RecurrenceRule::ReadDays(std::string_view value) {
  for (std::string_view part : base::Split(value, ',')) {
    if (part.size() < 2) return base::Fail(base::ErrorCode::kInvalid, "BYDAY: no such day: {}", base::Quoted(part));
    const auto* const found = std::find(kRuleWeekdays.begin(), kRuleWeekdays.end(), part.substr(part.size() - 2));
    std::string_view number = part.substr(0, part.size() - 2);
    if (number.starts_with('+')) number.remove_prefix(1);
    const auto n = number.empty() ? std::optional<std::int64_t>(0) : base::ParseInt(number);
    if (found == kRuleWeekdays.end() || !n || *n < -53 || *n > 53)
      return base::Fail(base::ErrorCode::kInvalid, "BYDAY: no such day: {}", base::Quoted(part));
    const int weekday = static_cast<int>(found - kRuleWeekdays.begin());
    if (*n == 0 || unit_ > Unit::kMonth) {
      weekdays_.insert(weekday);
    } else {
      ordinals_.emplace_back(weekday, static_cast<int>(*n));
    }
  }
  return {};
}

base::Result<LocalSeconds> ReadWallTime(std::string_view text);

base::Status RecurrenceRule::Read(std::string_view name, std::string_view value) {
  struct List {
    std::string_view name;
    Numbers RecurrenceRule::* numbers;
    int low, high;
  };
  constexpr std::array<List, 8> kLists{{{"BYMONTH", &RecurrenceRule::months_, 1, 12},
                                        {"BYMONTHDAY", &RecurrenceRule::month_days_, -31, 31},
                                        {"BYYEARDAY", &RecurrenceRule::year_days_, -366, 366},
                                        {"BYWEEKNO", &RecurrenceRule::weeks_, -53, 53},
                                        {"BYHOUR", &RecurrenceRule::hours_, 0, 23},
                                        {"BYMINUTE", &RecurrenceRule::minutes_, 0, 59},
                                        {"BYSECOND", &RecurrenceRule::seconds_, 0, 59},
                                        {"BYSETPOS", &RecurrenceRule::positions_, -366, 366}}};
  if (name == "BYDAY" || name == "BYWEEKDAY") return ReadDays(value);
  for (const List& list : kLists) {
    if (list.name != name) continue;
    for (const std::string_view part : base::Split(value, ',')) {
      const auto number = base::ParseInt(part.starts_with('+') ? part.substr(1) : part);
      if (!number || *number < list.low || *number > list.high || (*number == 0 && list.low != 0))
        return base::Fail(base::ErrorCode::kInvalid, "{}: no such number: {}", name, base::Quoted(part));
      (this->*list.numbers).insert(static_cast<int>(*number));
    }
    return {};
  }
  if (name == "UNTIL") {
    TIDEMILL_ASSIGN(until_, ReadWallTime(value));
    return {};
  }
  if (name == "WKST") {
    const auto* const found = std::find(kRuleWeekdays.begin(), kRuleWeekdays.end(), value);
    if (found == kRuleWeekdays.end())
      return base::Fail(base::ErrorCode::kInvalid, "WKST: no such day: {}", base::Quoted(value));
    week_start_ = static_cast<int>(found - kRuleWeekdays.begin());
    return {};
  }
  const auto number = base::ParseInt(value);
  if ((name != "INTERVAL" && name != "COUNT") || !number || *number < 1 || *number > 1'000'000)
    return base::Fail(base::ErrorCode::kInvalid, "{}={} is not understood", base::Quoted(name), base::Quoted(value));
  if (name == "COUNT") {
    count_ = *number;
  } else {
    interval_ = *number;
  }
  return {};
}

base::Result<RecurrenceRule> RecurrenceRule::Parse(std::string_view text, LocalSeconds start) {
  RecurrenceRule rule;
  rule.start_ = start;
  std::vector<std::pair<std::string, std::string>> parts;
  for (const std::string_view part : base::Split(text, ';')) {
    if (base::Trim(part).empty()) continue;
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos)
      return base::Fail(base::ErrorCode::kInvalid, "{} is no NAME=VALUE", base::Quoted(part));
    parts.emplace_back(Upper(base::Trim(part.substr(0, equals))), Upper(base::Trim(part.substr(equals + 1))));
  }
  for (const auto& [name, value] : parts) {
    if (name != "FREQ") continue;
    const auto* const found = std::find(kUnits.begin(), kUnits.end(), value);
    if (found == kUnits.end())
      return base::Fail(base::ErrorCode::kInvalid, "FREQ: no such unit: {}", base::Quoted(value));
    rule.unit_ = static_cast<Unit>(found - kUnits.begin());
    rule.has_unit_ = true;
  }
  if (!rule.has_unit_) return base::Fail(base::ErrorCode::kInvalid, "a rule needs a FREQ");
  for (const auto& [name, value] : parts) {
    if (name != "FREQ") TIDEMILL_CHECK(rule.Read(name, value));
  }
  rule.FillDefaults();
  return rule;
}

// What is not said comes from the start.
void RecurrenceRule::FillDefaults() {
  const local_days day = ch::floor<days>(start_);
  const ch::year_month_day date = DateOf(day);
  const ch::hh_mm_ss time(start_ - day);
  if (weeks_.empty() && year_days_.empty() && month_days_.empty() && weekdays_.empty() && ordinals_.empty()) {
    if (unit_ == Unit::kYear && months_.empty()) months_.insert(static_cast<int>(unsigned{date.month()}));
    if (unit_ == Unit::kYear || unit_ == Unit::kMonth) month_days_.insert(static_cast<int>(unsigned{date.day()}));
    if (unit_ == Unit::kWeek) weekdays_.insert(WeekdayOf(day));
  }
  if (hours_.empty() && unit_ < Unit::kHour) hours_.insert(static_cast<int>(time.hours().count()));
  if (minutes_.empty() && unit_ < Unit::kMinute) minutes_.insert(static_cast<int>(time.minutes().count()));
  if (seconds_.empty() && unit_ < Unit::kSecond) seconds_.insert(static_cast<int>(time.seconds().count()));
}

bool RecurrenceRule::FitsOrdinals(local_days day) const {
  const ch::year_month_day date = DateOf(day);
  const bool by_month = unit_ == Unit::kMonth || !months_.empty();
  const local_days first = by_month ? local_days(date.year() / date.month() / 1) : FirstOfYear(date.year());
  const local_days end =
      by_month ? local_days((date.year() / date.month() + ch::months(1)) / 1) : FirstOfYear(date.year() + ch::years(1));
  return std::any_of(ordinals_.begin(), ordinals_.end(), [&](const auto& ordinal) {
    return ordinal.first == WeekdayOf(day) && IsOrdinal(day, first, end, ordinal.second);
  });
}

bool RecurrenceRule::FitsWeek(local_days day) const {
  ch::year year = DateOf(day).year();
  if (day >= FirstWeek(year + ch::years(1), week_start_)) ++year;
  if (day < FirstWeek(year, week_start_)) --year;
  const local_days first = FirstWeek(year, week_start_);
  const int week = static_cast<int>((day - first).count() / 7) + 1;
  const int all = static_cast<int>((FirstWeek(year + ch::years(1), week_start_) - first).count() / 7);
  return weeks_.contains(week) || weeks_.contains(week - all - 1);
}

bool RecurrenceRule::Fits(local_days day) const {
  const ch::year_month_day date = DateOf(day);
  if (!months_.empty() && !months_.contains(static_cast<int>(unsigned{date.month()}))) return false;
  if (!weeks_.empty() && !FitsWeek(day)) return false;
  if (!weekdays_.empty() && !weekdays_.contains(WeekdayOf(day))) return false;
  if (!ordinals_.empty() && !FitsOrdinals(day)) return false;
  if (!month_days_.empty()) {
    const int of_month = static_cast<int>(unsigned{date.day()});
    const int last = static_cast<int>(unsigned{(date.year() / date.month() / ch::last).day()});
    if (!month_days_.contains(of_month) && !month_days_.contains(of_month - last - 1)) return false;
  }
  if (year_days_.empty()) return true;
  const int of_year = static_cast<int>((day - FirstOfYear(date.year())).count()) + 1;
  const int length = date.year().is_leap() ? 366 : 365;
  return year_days_.contains(of_year) || year_days_.contains(of_year - length - 1);
}

LocalSeconds RecurrenceRule::BeginOf(std::int64_t period) const {
  const local_days day = ch::floor<days>(start_);
  const ch::year_month_day date = DateOf(day);
  const std::int64_t step = period * interval_;
  switch (unit_) {
    case Unit::kYear:
      return FirstOfYear(date.year() + ch::years(step));
    case Unit::kMonth:
      return local_days((date.year() / date.month() + ch::months(step)) / 1);
    case Unit::kWeek:
      return day - days((WeekdayOf(day) - week_start_ + 7) % 7) + days(7 * step);
    case Unit::kDay:
      return day + days(step);
    case Unit::kHour:
      return ch::floor<ch::hours>(start_) + ch::hours(step);
    case Unit::kMinute:
      return ch::floor<ch::minutes>(start_) + ch::minutes(step);
    case Unit::kSecond:
      break;
  }
  return start_ + seconds(step);
}

// A period that lies before the time for sure, but not by much.
std::int64_t RecurrenceRule::PeriodBefore(LocalSeconds time) const {
  constexpr std::array<std::int64_t, 7> kLongest{366 * 86'400, 31 * 86'400, 7 * 86'400, 86'400, 3600, 60, 1};
  const std::int64_t length = kLongest[static_cast<std::size_t>(unit_)] * interval_;
  return std::max<std::int64_t>(0, (time - start_).count() / length - 2);
}

std::vector<local_days> RecurrenceRule::DaysOf(std::int64_t period) const {
  const local_days begin = ch::floor<days>(BeginOf(period));
  local_days end = begin + days(1);
  if (unit_ == Unit::kYear) end = FirstOfYear(DateOf(begin).year() + ch::years(1));
  if (unit_ == Unit::kMonth) end = local_days((DateOf(begin).year() / DateOf(begin).month() + ch::months(1)) / 1);
  if (unit_ == Unit::kWeek) end = begin + days(7);
  std::vector<local_days> found;
  for (local_days day = begin; day < end; day += days(1)) {
    if (Fits(day)) found.push_back(day);
  }
  return found;
}

std::vector<LocalSeconds> RecurrenceRule::TimesOfDay(local_days day) const {
  std::vector<LocalSeconds> times;
  for (const int hour : hours_) {
    for (const int minute : minutes_) {
      for (const int second : seconds_) {
        times.push_back(day + ch::hours(hour) + ch::minutes(minute) + seconds(second));
      }
    }
  }
  return times;
}

std::vector<LocalSeconds> RecurrenceRule::TimesOf(std::int64_t period) const {
  std::vector<LocalSeconds> times;
  if (unit_ < Unit::kHour) {
    for (const local_days day : DaysOf(period)) {
      const auto more = TimesOfDay(day);
      times.insert(times.end(), more.begin(), more.end());
    }
  } else {
    const LocalSeconds begin = BeginOf(period);
    const local_days day = ch::floor<days>(begin);
    const ch::hh_mm_ss time(begin - day);
    const auto fits = [](const Numbers& numbers, std::int64_t value) {
      return numbers.empty() || numbers.contains(static_cast<int>(value));
    };
    if (!Fits(day) || !fits(hours_, time.hours().count())) return times;
    if (unit_ > Unit::kHour && !fits(minutes_, time.minutes().count())) return times;
    if (unit_ == Unit::kSecond && !fits(seconds_, time.seconds().count())) return times;
    const Numbers minutes = unit_ == Unit::kHour ? minutes_ : Numbers{static_cast<int>(time.minutes().count())};
    const Numbers in_minute = unit_ < Unit::kSecond ? seconds_ : Numbers{static_cast<int>(time.seconds().count())};
    for (const int minute : minutes) {
      for (const int second : in_minute)
        times.push_back(ch::floor<ch::hours>(begin) + ch::minutes(minute) + seconds(second));
    }
  }
  if (positions_.empty()) return times;
  std::vector<LocalSeconds> chosen;
  const auto size = static_cast<std::int64_t>(times.size());
  for (std::int64_t i = 0; i < size; ++i) {
    const bool is = positions_.contains(static_cast<int>(i + 1)) || positions_.contains(static_cast<int>(i - size));
    if (is) chosen.push_back(times[static_cast<std::size_t>(i)]);
  }
  return chosen;
}

std::vector<LocalSeconds> RecurrenceRule::From(LocalSeconds from, std::size_t count, bool& whole) const {
  std::vector<LocalSeconds> found;
  std::int64_t given = 0;
  whole = false;
  std::int64_t in_vain = 0;
  const LocalSeconds last = FirstOfYear(ch::year(kLastRuleYear));
  // What is counted must be counted from the start.
  for (std::int64_t period = count_ ? 0 : PeriodBefore(from); found.size() < count; ++period) {
    if (BeginOf(period) > last || ++in_vain > kMostPeriods || (until_ && BeginOf(period) > *until_)) {
      whole = true;
      break;
    }
    for (const LocalSeconds time : TimesOf(period)) {
      if (time < start_) continue;
      whole = (until_ && time > *until_) || (count_ && given == *count_);
      if (whole) return found;
      ++given;
      in_vain = 0;
      if (time >= from && found.size() < count) found.push_back(time);
    }
  }
  return found;
}

namespace {

// The rules and dates of a schedule together.
class Recurrence final : public Schedule {
 public:
  struct Parts {
    std::vector<RecurrenceRule> rules, exceptions;
    std::vector<LocalSeconds> dates, without;
  };
  Recurrence(Parts parts, std::shared_ptr<const Zone> zone) : parts_(std::move(parts)), zone_(std::move(zone)) {}

  std::vector<base::Time> Next(base::Time from, std::size_t count) const override {
    const LocalSeconds local = zone_->ToLocal(ch::ceil<seconds>(from)) - days(1);
    // Some are before `from`, some are excepted: twice as many are looked at, and more where that is not enough.
    for (std::size_t most = 2 * count + 100;; most *= 4) {
      bool whole = true;
      std::vector<base::Time> found = Take(local, most, from, whole);
      if (found.size() >= count || whole || most > 100'000) {
        found.resize(std::min(found.size(), count));
        return found;
      }
    }
  }

 private:
  std::vector<base::Time> Take(LocalSeconds local, std::size_t most, base::Time from, bool& whole) const {
    std::set<LocalSeconds> all(parts_.dates.begin(), parts_.dates.end());
    LocalSeconds horizon = LocalSeconds::max();
    for (const RecurrenceRule& rule : parts_.rules) {
      bool complete = false;
      const auto times = rule.From(local, most, complete);
      all.insert(times.begin(), times.end());
      if (complete) continue;
      whole = false;
      if (!times.empty()) horizon = std::min(horizon, times.back());
    }
    std::set<LocalSeconds> without(parts_.without.begin(), parts_.without.end());
    for (const RecurrenceRule& rule : parts_.exceptions) {
      bool complete = false;
      const auto times = rule.From(local, most, complete);
      without.insert(times.begin(), times.end());
      if (!complete && !times.empty()) horizon = std::min(horizon, times.back());
    }
    std::set<base::Time> found;
    for (const LocalSeconds time : all) {
      if (time < local || time > horizon || without.contains(time)) continue;
      const base::Time at = InstantOf(time);
      if (at >= from) found.insert(at);
    }
    return {found.begin(), found.end()};
  }

  // A time that the clock skips is read with the offset that holds afterwards, as dateutil does: it moves back.
  base::Time InstantOf(LocalSeconds time) const {
    const ch::sys_seconds at = zone_->ToSys(time);
    if (zone_->ToLocal(at) == time) return at;
    return ch::sys_seconds(time.time_since_epoch() - zone_->OffsetAt(at));
  }

  Parts parts_;
  std::shared_ptr<const Zone> zone_;
};

struct Line {
  std::string name, value;
};

// "DTSTART;TZID=Europe/London:20260101T090000" without its parameters; a line without a name is a rule.
std::vector<Line> LinesOf(std::string_view text) {
  std::vector<Line> lines;
  std::string all(text);
  std::replace(all.begin(), all.end(), ' ', '\n');
  for (const std::string_view line : base::Split(all, '\n')) {
    const std::string_view trimmed = base::Trim(line);
    if (trimmed.empty()) continue;
    const std::size_t colon = trimmed.find(':');
    if (colon == std::string_view::npos) {
      lines.push_back({"RRULE", std::string(trimmed)});
      continue;
    }
    const std::string_view name = trimmed.substr(0, std::min(colon, trimmed.find(';')));
    lines.push_back({Upper(name), std::string(trimmed.substr(colon + 1))});
  }
  return lines;
}

}  // namespace

// "20260101T090000Z", "20260101": what the digits say is what the wall shows, as Prefect takes them.
base::Result<LocalSeconds> ReadWallTime(std::string_view text) {
  const auto part = [&](std::size_t at, std::size_t size) {
    return at + size <= text.size() ? base::ParseInt(text.substr(at, size)).value_or(-1) : -1;
  };
  const auto date =
      ch::year_month_day(ch::year(static_cast<int>(part(0, 4))), ch::month(static_cast<unsigned>(part(4, 2))),
                         ch::day(static_cast<unsigned>(part(6, 2))));
  const bool timed = text.size() >= 15 && (text[8] == 'T' || text[8] == 't');
  const std::int64_t hour = timed ? part(9, 2) : 0;
  const std::int64_t minute = timed ? part(11, 2) : 0;
  const std::int64_t second = timed ? part(13, 2) : 0;
  const bool sound = (text.size() == 8 || timed) && part(0, 4) > 0 && date.ok() && hour >= 0 && hour < 24 &&
                     minute >= 0 && minute < 60 && second >= 0 && second < 60;
  if (!sound) return base::Fail(base::ErrorCode::kInvalid, "{} is no time such as 20260101T090000", base::Quoted(text));
  return local_days(date) + ch::hours(hour) + ch::minutes(minute) + seconds(second);
}

base::Result<std::unique_ptr<Schedule>> ParseRecurrence(std::string_view text, std::shared_ptr<const Zone> zone) {
  constexpr std::size_t kMostRuleText = 6500;
  if (text.size() > kMostRuleText)
    return base::Fail(base::ErrorCode::kInvalid, "a rule of at most {} characters was expected", kMostRuleText);
  const std::vector<Line> lines = LinesOf(text);
  LocalSeconds start = local_days(ch::year(2020) / 1 / 1);
  for (const Line& line : lines) {
    if (line.name != "DTSTART") continue;
    TIDEMILL_ASSIGN(start, ReadWallTime(line.value));
  }
  Recurrence::Parts parts;
  for (const Line& line : lines) {
    if (line.name == "DTSTART") continue;
    if (line.name == "RRULE" || line.name == "EXRULE") {
      TIDEMILL_ASSIGN(auto rule, RecurrenceRule::Parse(line.value, start));
      (line.name == "RRULE" ? parts.rules : parts.exceptions).push_back(std::move(rule));
    } else if (line.name == "RDATE" || line.name == "EXDATE") {
      for (const std::string_view date : base::Split(line.value, ',')) {
        TIDEMILL_ASSIGN(const LocalSeconds time, ReadWallTime(base::Trim(date)));
        (line.name == "RDATE" ? parts.dates : parts.without).push_back(time);
      }
    } else {
      return base::Fail(base::ErrorCode::kInvalid, "{} is not understood", base::Quoted(line.name));
    }
  }
  if (parts.rules.empty() && parts.dates.empty()) return base::Fail(base::ErrorCode::kInvalid, "there is no RRULE");
  return std::unique_ptr<Schedule>(std::make_unique<Recurrence>(std::move(parts), std::move(zone)));
}

}  // namespace tidemill::orchestrator
