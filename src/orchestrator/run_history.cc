// SPDX-License-Identifier: Apache-2.0
#include "run_history.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "filter.h"
#include "instant.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kMostIntervals = 500;

struct Intervals {
  std::int64_t begin, length, count;
};

Outcome<Intervals> ReadIntervals(const json::value& body) {
  constexpr double kLongest = 1e9;
  Members members(body);
  const auto begin = members.Instant("history_start");
  const auto end = members.Instant("history_end");
  const auto interval = members.Number("history_interval_seconds");
  TIDEMILL_CHECK(members.Check());
  if (!begin || !end) return RefuseMember("history_start", "history_start and history_end were expected");
  if (!interval || !(*interval >= 1) || *interval > kLongest)
    return RefuseMember("history_interval_seconds", "History interval must not be less than 1 second.");
  const std::int64_t length = std::llround(*interval * 1e6);
  const std::int64_t span = std::max<std::int64_t>(Micros(*end) - Micros(*begin), 0);
  return Intervals{Micros(*begin), length, std::min((span + length - 1) / length, kMostIntervals)};
}

std::string_view SqlOf(const Entity& entity, std::string_view key) {
  const auto found =
      std::find_if(entity.columns.begin(), entity.columns.end(), [&](const Column& one) { return one.key == key; });
  return found != entity.columns.end() ? found->sql : "0";
}

// In the order of intervals: number, type and name of a state, how many, their run times and delays.
Outcome<db::Rows> CountRuns(Call& call, const Searchable& searchable, const Intervals& intervals) {
  TIDEMILL_ASSIGN(const Selection selection, ReadConditions(searchable, call.body));
  db::Row arguments{Micros(call.now)};
  arguments.insert(arguments.end(), selection.arguments.begin(), selection.arguments.end());
  const std::size_t next = arguments.size() + 1;
  const std::int64_t end = intervals.begin + intervals.count * intervals.length;
  for (const std::int64_t one : {intervals.begin, intervals.length, end}) arguments.emplace_back(one);
  return call.db.Query(
      fmt::format("SELECT ({0}.expected_start - ?{1}) / ?{2}, {0}.state_type, {0}.state_name, count(*), "
                  "sum(max(0, {4})), sum(max(0, {5})) FROM {6} WHERE ?1 IS NOT NULL AND {0}.state_type IS NOT NULL AND "
                  "{0}.expected_start >= ?{1} AND {0}.expected_start < ?{3} AND {7} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
                  searchable.table.alias, next, next + 1, next + 2, SqlOf(searchable.entity, "estimated_run_time"),
                  SqlOf(searchable.entity, "estimated_start_time_delta"), FromOf(searchable.entity), selection.where),
      arguments);
}

void WriteState(base::JsonWriter& json, const db::Row& row) {
  const auto in_seconds = [&](std::size_t at) {
    return fmt::format("{}", static_cast<double>(db::IntOf(row[at])) / 1e6);
  };
  json.BeginObject().Key("state_type").String(db::TextOf(row[1])).Key("state_name").String(db::TextOf(row[2]));
  json.Key("count_runs").Int(db::IntOf(row[3])).Key("sum_estimated_run_time").Raw(in_seconds(4));
  json.Key("sum_estimated_lateness").Raw(in_seconds(5)).EndObject();
}

Outcome<Answer> AnswerHistory(Call& call, const Searchable& searchable) {
  TIDEMILL_ASSIGN(const Intervals intervals, ReadIntervals(call.body));
  TIDEMILL_ASSIGN(const db::Rows rows, CountRuns(call, searchable, intervals));
  base::JsonWriter json;
  json.BeginArray();
  auto row = rows.begin();
  for (std::int64_t i = 0; i < intervals.count; ++i) {
    const std::int64_t begin = intervals.begin + i * intervals.length;
    json.BeginObject().Key("interval_start").String(InstantText(FromMicros(begin)));
    json.Key("interval_end").String(InstantText(FromMicros(begin + intervals.length))).Key("states").BeginArray();
    for (; row != rows.end() && db::IntOf((*row)[0]) == i; ++row) WriteState(json, *row);
    json.EndArray().EndObject();
  }
  return Answer{.status = 200, .body = json.EndArray().Take()};
}

}  // namespace

Outcome<Answer> FlowRunHistory(Call& call) {
  return AnswerHistory(call, kFlowRuns);
}
Outcome<Answer> TaskRunHistory(Call& call) {
  return AnswerHistory(call, kTaskRuns);
}

Outcome<Answer> FlowRunLateness(Call& call) {
  TIDEMILL_ASSIGN(const Selection selection, ReadConditions(kFlowRuns, call.body));
  db::Row arguments{Micros(call.now)};
  arguments.insert(arguments.end(), selection.arguments.begin(), selection.arguments.end());
  TIDEMILL_ASSIGN(const db::Value mean, SelectValue(call,
                                                    fmt::format("SELECT avg({}) FROM {} WHERE ?1 IS NOT NULL AND {}",
                                                                SqlOf(kFlowRuns.entity, "estimated_start_time_delta"),
                                                                FromOf(kFlowRuns.entity), selection.where),
                                                    arguments));
  return Answer{.status = 200, .body = db::IsNull(mean) ? "null" : fmt::format("{}", db::DoubleOf(mean) / kMicros)};
}

}  // namespace tidemill::orchestrator
