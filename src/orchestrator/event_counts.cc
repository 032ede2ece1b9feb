// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "entity.h"
#include "event_filter.h"
#include "events.h"
#include "instant.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kMicrosASecond = 1'000'000;
constexpr std::int64_t kMicrosADay = 86'400 * kMicrosASecond;
constexpr std::int64_t kMostBuckets = 1000;
constexpr double kLeastInterval = 0.01;
constexpr double kLongestBucket = 36'500.0 * kMicrosADay;
constexpr std::int64_t kDefaultAge = 180 * kMicrosADay;
// A Monday, from which all buckets are counted.
constexpr std::int64_t kPivot = 1'711'929'600 * kMicrosASecond;  // 2024-04-01

struct Unit {
  std::string_view name;
  std::int64_t micros;
};
constexpr std::array kBucketUnits{Unit{"week", 7 * kMicrosADay}, Unit{"day", kMicrosADay},
                                  Unit{"hour", 3600 * kMicrosASecond}, Unit{"minute", 60 * kMicrosASecond},
                                  Unit{"second", kMicrosASecond}};

struct EventBuckets {
  std::int64_t begin;  // of the first
  std::int64_t length;
  std::int64_t count;
};

std::int64_t Floor(std::int64_t instant, std::int64_t length) {
  const std::int64_t since = instant - kPivot;
  const std::int64_t rest = since % length;
  return instant - rest - (rest < 0 ? length : 0);
}

Outcome<std::int64_t> InstantOf(const json::object* occurred, std::string_view name, std::int64_t otherwise) {
  const std::string text = occurred != nullptr ? TextOf(*occurred, name) : "";
  if (text.empty()) return otherwise;
  const auto instant = ParseInstant(text);
  if (!instant) return RefuseMember("filter.occurred", "an instant was expected");
  return Micros(*instant);
}

// What the body asks for: buckets of `time_interval` times `time_unit` that cover what occurred until now.
Outcome<EventBuckets> ReadBuckets(Call& call, Members& members, const json::object& filter) {
  const std::string name = members.Text("time_unit").value_or("day");
  const double interval = members.Number("time_interval").value_or(1);
  TIDEMILL_CHECK(members.Check());
  const auto* const unit =
      std::find_if(kBucketUnits.begin(), kBucketUnits.end(), [&](const Unit& one) { return one.name == name; });
  if (unit == kBucketUnits.end()) return RefuseMember("time_unit", "week, day, hour, minute or second was expected");
  if (!(interval >= kLeastInterval) || interval * static_cast<double>(unit->micros) > kLongestBucket)
    return RefuseMember("time_interval", "0.01 or more, and at most a hundred years, was expected");
  const json::object* occurred = FindObject(filter, "occurred");
  const std::int64_t now = Micros(call.now);
  TIDEMILL_ASSIGN(const std::int64_t since, InstantOf(occurred, "since", now - kDefaultAge));
  TIDEMILL_ASSIGN(const std::int64_t until, InstantOf(occurred, "until", now));
  const std::int64_t length = std::llround(interval * static_cast<double>(unit->micros));
  if ((until - since) / length > kMostBuckets)
    return Refuse(422, fmt::format("Such intervals would make more than {} buckets.", kMostBuckets));
  const std::int64_t end = std::min(until, Floor(now, unit->micros) + unit->micros - 1);
  const std::int64_t begin = Floor(since, length);
  return EventBuckets{begin, length, end <= begin ? 0 : (end - begin + length - 1) / length};
}

// "2026-11-29T13:00:00+00:00"
std::string LabelOf(std::int64_t instant) {
  std::string text = InstantText(FromMicros(instant));
  if (text.ends_with(".000000Z")) text.resize(text.size() - std::string_view(".000000Z").size());
  if (text.ends_with('Z')) text.pop_back();
  return text + "+00:00";
}

void WriteCount(base::JsonWriter& json, std::string_view value, std::string_view label, std::int64_t count) {
  json.BeginObject().Key("value").String(value).Key("label").String(label).Key("count").Int(count);
}

void WriteTimes(base::JsonWriter& json, std::int64_t begin, std::int64_t end) {
  json.Key("start_time").String(InstantText(FromMicros(begin)));
  json.Key("end_time").String(InstantText(FromMicros(end))).EndObject();
}

Outcome<db::Rows> Count(Call& call, const Selection& selection, std::string_view group, std::string_view order) {
  db::Row arguments{Micros(call.now)};
  arguments.insert(arguments.end(), selection.arguments.begin(), selection.arguments.end());
  return call.db.Query(fmt::format("SELECT {0}, count(*), min(e.occurred), max(e.occurred) FROM event e WHERE "
                                   "?1 IS NOT NULL AND {1} GROUP BY 1 ORDER BY {2} LIMIT {3}",
                                   group, selection.where, order, kMostBuckets),
                       arguments);
}

Outcome<Answer> CountByTime(Call& call, Members& members, const json::object& filter, Selection& selection) {
  TIDEMILL_ASSIGN(const EventBuckets buckets, ReadBuckets(call, members, filter));
  selection.arguments.emplace_back(buckets.begin);
  const std::size_t begin = selection.arguments.size() + 1;
  selection.arguments.emplace_back(buckets.length);
  selection.where += fmt::format(" AND e.occurred >= ?{}", begin);
  TIDEMILL_ASSIGN(const db::Rows rows,
                  Count(call, selection, fmt::format("(e.occurred - ?{}) / ?{}", begin, begin + 1), "1"));
  std::vector<std::int64_t> counts(static_cast<std::size_t>(buckets.count));
  for (const db::Row& row : rows) {
    const auto at = static_cast<std::size_t>(db::IntOf(row[0]));
    if (at < counts.size()) counts[at] = db::IntOf(row[1]);
  }
  base::JsonWriter json;
  json.BeginArray();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::int64_t start = buckets.begin + static_cast<std::int64_t>(i) * buckets.length;
    WriteCount(json, std::to_string(i), LabelOf(start), counts[i]);
    WriteTimes(json, start, start + buckets.length - 1);
  }
  return Answer{.status = 200, .body = json.EndArray().Take()};
}

// What the newest event calls a resource, or its id.
Outcome<std::string> NewestName(Call& call, const std::string& resource) {
  TIDEMILL_ASSIGN(const db::Value name,
                  SelectValue(call,
                              "SELECT json_extract(body, '$.resource.\"prefect.resource.name\"') FROM event WHERE "
                              "resource_id = ?1 ORDER BY occurred DESC LIMIT 1",
                              {resource}));
  const std::string text = db::IsNull(name) ? "" : db::TextOf(name);
  return text.empty() ? resource : text;
}

}  // namespace

// POST events/count-by/{day,time,event,resource}
Outcome<Answer> CountEvents(Call& call) {
  Members members(call.body);
  const json::object* found = members.Object("filter");
  TIDEMILL_CHECK(members.Check());
  const json::object& filter = found != nullptr ? *found : EmptyObject();
  const std::string& by = call.path.at(0);
  Selection selection;
  TIDEMILL_CHECK(AddEventFilter(filter, selection));
  if (by == "day" || by == "time") return CountByTime(call, members, filter, selection);
  if (by != "event" && by != "resource") return RefuseMember("countable", "day, time, event or resource was expected");
  TIDEMILL_ASSIGN(const db::Rows rows, Count(call, selection, by == "event" ? "e.name" : "e.resource_id", "2 DESC, 1"));
  base::JsonWriter json;
  json.BeginArray();
  for (const db::Row& row : rows) {
    const std::string value = db::TextOf(row[0]);
    TIDEMILL_ASSIGN(const std::string label, by == "event" ? Outcome<std::string>(value) : NewestName(call, value));
    WriteCount(json, value, label, db::IntOf(row[1]));
    WriteTimes(json, db::IntOf(row[2]), db::IntOf(row[3]));
  }
  return Answer{.status = 200, .body = json.EndArray().Take()};
}

}  // namespace tidemill::orchestrator
