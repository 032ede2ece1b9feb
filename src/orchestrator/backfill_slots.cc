// SPDX-License-Identifier: Apache-2.0
#include "backfill_slots.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "instant.h"
#include "schedule.h"
#include "zone.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::size_t kMostSlots = 10'000;
constexpr std::size_t kMostText = 200;
constexpr int kFirstYear = 1900, kLastYear = 2200;

struct Range {
  base::Time begin, end;  // the end does not belong to it
};

base::Time InZone(std::chrono::year_month_day day, const Zone& zone) {
  return zone.ToSys(LocalSeconds(std::chrono::local_days(day)));
}

// "2006", "2006-01" or "2006-01-05" as a span of days.
std::optional<Range> ReadPeriod(std::string_view text, const Zone& zone) {
  const std::vector<std::string_view> parts = base::Split(text, '-');
  if (parts.empty() || parts.size() > 3 || parts[0].size() != 4) return std::nullopt;
  std::vector<int> numbers;
  for (const std::string_view part : parts) {
    const auto number = part.size() <= 4 ? base::ParseInt(part) : std::nullopt;
    if (!number) return std::nullopt;
    numbers.push_back(static_cast<int>(*number));
  }
  if (numbers[0] < kFirstYear || numbers[0] > kLastYear) return std::nullopt;
  numbers.resize(3, 1);
  const std::chrono::year_month_day first{std::chrono::year{numbers[0]},
                                          std::chrono::month{static_cast<unsigned>(numbers[1])},
                                          std::chrono::day{static_cast<unsigned>(numbers[2])}};
  if (!first.ok()) return std::nullopt;
  std::chrono::year_month_day next = first;
  if (parts.size() == 1) next += std::chrono::years(1);
  if (parts.size() == 2) next += std::chrono::months(1);
  if (parts.size() == 3) next = std::chrono::sys_days(first) + std::chrono::days(1);
  return Range{InZone(first, zone), InZone(next, zone)};
}

std::optional<Range> ReadEnd(std::string_view text, const Zone& zone) {
  if (const auto period = ReadPeriod(text, zone)) return period;
  const auto instant = ParseInstant(text);
  if (!instant) return std::nullopt;
  return Range{*instant, *instant + base::Duration(1)};
}

Outcome<Range> ReadRange(const json::object& request, const Zone& zone) {
  const auto end_of = [&](std::string_view name) -> Outcome<Range> {
    const auto range = ReadEnd(TextMember(request, name).value_or(""), zone);
    if (!range) return RefuseMember(name, "a year, a month, a day (2006-01-31) or an instant was expected");
    return *range;
  };
  TIDEMILL_ASSIGN(const Range from, end_of("from"));
  TIDEMILL_ASSIGN(const Range to, end_of("to"));
  if (from.begin >= to.end) return RefuseMember("to", "a date not before \"from\" was expected");
  return Range{from.begin, to.end};
}

std::shared_ptr<const Zone> ZoneOf(const json::object& schedule) {
  auto zone = Zone::Find(TextMember(schedule, "timezone").value_or("UTC"));
  return zone != nullptr ? zone : Zone::Find("UTC");
}

Slot SlotAt(base::Time at, const Zone& zone) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(zone.ToLocal(seconds)));
  const auto year = static_cast<int>(day.year());
  const auto month = static_cast<unsigned>(day.month());
  const auto number = static_cast<unsigned>(day.day());
  Slot slot{.text = InstantText(at).substr(0, 19) + "Z", .values = {}};
  slot.values = {
      {"slot", slot.text}, {"instant", slot.text}, {"date", fmt::format("{:04}-{:02}-{:02}", year, month, number)},
      {"year", year},      {"month", month},       {"day", number}};
  return slot;
}

tl::unexpected<Refused> TooMany() {
  return RefuseMember("to", fmt::format("at most {} slots at once were expected", kMostSlots));
}

Outcome<void> AddInstants(const json::object& request, json::object schedule, base::Time now,
                          std::vector<Slot>& slots) {
  TIDEMILL_ASSIGN(const auto parsed, ParseSchedule(schedule, now));
  const auto zone = ZoneOf(schedule);
  TIDEMILL_ASSIGN(const Range range, ReadRange(request, *zone));
  const auto instants = parsed->Next(range.begin, kMostSlots + 1);
  for (const base::Time at : instants) {
    if (at < range.end && at <= now) slots.push_back(SlotAt(at, *zone));
  }
  if (slots.size() > kMostSlots) return TooMany();
  return {};
}

Outcome<std::vector<Slot>> ReadEditions(const json::value& editions) {
  if (!editions.is_array()) return RefuseMember("editions", "a list was expected");
  if (editions.get_array().size() > kMostSlots) return TooMany();
  std::vector<Slot> slots;
  for (const json::value& edition : editions.get_array()) {
    const std::string text = edition.is_string()  ? std::string(edition.get_string())
                             : edition.is_int64() ? json::serialize(edition)
                                                  : std::string();
    if (text.empty() || text.size() > kMostText)
      return RefuseMember("editions", "texts of 1 to 200 characters or whole numbers were expected");
    slots.push_back({.text = text, .values = {{"slot", edition}, {"edition", edition}}});
  }
  return slots;
}

// A text with the values of a slot.
Outcome<json::value> FillText(std::string_view text, const Slot& slot) {
  std::string filled;
  for (;;) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const json::value* value = Find(slot.values, name);
    if (value == nullptr) {
      return RefuseMember("parameters", fmt::format("{} is no part of this slot: it has {{{}}}", base::Quoted(name),
                                                    slot.values.contains("edition")
                                                        ? "edition}, {slot"
                                                        : "year}, {month}, {day}, {date}, {instant}, {slot"));
    }
    if (filled.empty() && open == 0 && close + 1 == text.size()) return *value;
    filled += text.substr(0, open);
    filled += value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
    text.remove_prefix(close + 1);
  }
  return json::value(json::string(filled += text));
}

}  // namespace

Outcome<std::vector<Slot>> ReadSlots(const json::object& request, const std::vector<json::object>& schedules,
                                     base::Time now) {
  std::vector<Slot> slots;
  if (const json::value* editions = Find(request, "editions")) {
    TIDEMILL_ASSIGN(slots, ReadEditions(*editions));
  } else if (const json::object* own = FindObject(request, "schedule")) {
    TIDEMILL_CHECK(AddInstants(request, *own, now, slots));
  } else {
    if (schedules.empty())
      return RefuseMember("schedule", "the deployment has none: a schedule or \"editions\" were expected");
    for (const json::object& one : schedules) TIDEMILL_CHECK(AddInstants(request, one, now, slots));
    std::stable_sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) { return a.text < b.text; });
  }
  std::set<std::string> known;
  std::erase_if(slots, [&](const Slot& slot) { return !known.insert(slot.text).second; });
  if (slots.empty()) return RefuseMember("from", "no slot lies there");
  return slots;
}

Outcome<json::value> FillSlot(const json::value& value, const Slot& slot) {
  if (value.is_string()) return FillText(std::string_view(value.get_string()), slot);
  if (value.is_array()) {
    json::array filled;
    for (const json::value& one : value.get_array()) {
      TIDEMILL_ASSIGN(json::value part, FillSlot(one, slot));
      filled.push_back(std::move(part));
    }
    return json::value(std::move(filled));
  }
  if (!value.is_object()) return value;
  json::object filled;
  for (const auto& [name, member] : value.get_object()) {
    TIDEMILL_ASSIGN(json::value part, FillSlot(member, slot));
    filled[name] = std::move(part);
  }
  return json::value(std::move(filled));
}

}  // namespace tidemill::orchestrator
