// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "instant.h"
#include "pages.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kHourMicros = 3'600'000'000;
constexpr std::int64_t kBuckets = 48;
constexpr std::int64_t kMostHours = 24 * 90;
constexpr std::int64_t kShownRuns = 8;

// Late runs apart, else types of states. A condition each, which an index answers with the time beside it.
struct ShownState {
  std::string_view state, condition;
};
constexpr std::array kShownStates{ShownState{"CANCELLED", "r.state_type = 'CANCELLED'"},
                                  ShownState{"CANCELLING", "r.state_type = 'CANCELLING'"},
                                  ShownState{"COMPLETED", "r.state_type = 'COMPLETED'"},
                                  ShownState{"CRASHED", "r.state_type = 'CRASHED'"},
                                  ShownState{"FAILED", "r.state_type = 'FAILED'"},
                                  ShownState{"LATE", "r.state_type = 'SCHEDULED' AND r.state_name = 'Late'"},
                                  ShownState{"PAUSED", "r.state_type = 'PAUSED'"},
                                  ShownState{"PENDING", "r.state_type = 'PENDING'"},
                                  ShownState{"RUNNING", "r.state_type = 'RUNNING'"},
                                  ShownState{"SCHEDULED", "r.state_type = 'SCHEDULED' AND r.state_name <> 'Late'"}};

struct Buckets {
  std::string json;  // [bucket, state, count], for every pair that has any
  std::int64_t failed = 0;
};

// How many runs of a state each bucket has: rows of bucket and count. Counted bucket by bucket along the index:
// grouping would sort all runs of the time. The last one ends with now, which belongs to it.
Outcome<db::Rows> CountState(Call& call, const ShownState& shown, std::int64_t from, std::int64_t width) {
  const std::string sql = fmt::format(
      "WITH RECURSIVE bucket(n) AS (VALUES(0) UNION ALL SELECT n + 1 FROM bucket WHERE n + 1 < ?3) SELECT n, count "
      "FROM "
      "(SELECT b.n AS n, (SELECT count(*) FROM flow_run r INDEXED BY flow_run_state WHERE {0} AND {1} >= ?1 + b.n * ?2 "
      "AND {1} < ?1 + (b.n + 1) * ?2 + (b.n + 1 = ?3)) AS count FROM bucket b) WHERE count > 0",
      shown.condition, kTimeOfState);
  TIDEMILL_ASSIGN(db::Rows rows, call.db.Query(sql, {from, width, kBuckets}));
  return rows;
}

Outcome<Buckets> CountBuckets(Call& call, std::int64_t from, std::int64_t width) {
  Buckets buckets;
  base::JsonWriter json;
  json.BeginArray();
  for (const ShownState& shown : kShownStates) {
    TIDEMILL_ASSIGN(const db::Rows rows, CountState(call, shown, from, width));
    for (const db::Row& row : rows) {
      if (shown.state == "FAILED" || shown.state == "CRASHED") buckets.failed += db::IntOf(row[1]);
      json.BeginArray().Int(db::IntOf(row[0])).String(shown.state).Int(db::IntOf(row[1])).EndArray();
    }
  }
  buckets.json = json.EndArray().Take();
  return buckets;
}

// Runs that stand apart: found through an index in its order, so that the first of many cost no more than of few. (Of
// those that run there are few.)
struct Section {
  std::string_view name, index;
  std::string where;
  std::string_view order;
  std::int64_t count = -1;  // where it is known already
};

// The first of them, and how many there are.
Outcome<void> WriteSection(Call& call, const Section& section, base::JsonWriter& json) {
  const std::string from =
      fmt::format("flow_run r INDEXED BY {} WHERE ?1 IS NOT NULL AND {}", section.index, section.where);
  TIDEMILL_ASSIGN(const std::string list,
                  ListJson(call, kRunLine,
                           {.where = fmt::format("r.id IN (SELECT r.id FROM {} ORDER BY {} LIMIT {})", from,
                                                 section.order, kShownRuns),
                            .order = std::string(section.order)}));
  std::int64_t count = section.count;
  if (count < 0) {
    TIDEMILL_ASSIGN(const db::Value found, SelectValue(call, "SELECT count(*) FROM " + from, {Micros(call.now)}));
    count = db::IntOf(found);
  }
  json.Key(section.name).BeginObject().Key("runs").Raw(list).Key("count").Int(count).EndObject();
  return {};
}

}  // namespace

Outcome<Answer> PageDashboard(Call& call) {
  TIDEMILL_ASSIGN(const std::int64_t hours, QueryInt(call, "hours", 24, 1, kMostHours));
  const std::int64_t from = Micros(call.now) - hours * kHourMicros;
  const std::int64_t width = hours * kHourMicros / kBuckets;
  TIDEMILL_ASSIGN(const Buckets buckets, CountBuckets(call, from, width));
  base::JsonWriter json;
  json.BeginObject().Key("now").String(InstantText(call.now)).Key("from").String(InstantText(FromMicros(from)));
  json.Key("bucket_seconds").Int(width / 1'000'000).Key("bucket_count").Int(kBuckets).Key("buckets").Raw(buckets.json);
  const std::string in_time = fmt::format("{}, r.id", kTimeOfState);
  const Section sections[] = {
      {"late", "flow_run_state",
       fmt::format("r.state_type = 'SCHEDULED' AND r.state_name = 'Late' AND {} <= ?1", kTimeOfState), in_time},
      {"failed", "flow_run_failed",
       fmt::format("r.state_type IN ('FAILED', 'CRASHED') AND r.end >= ?1 - {}", hours * kHourMicros),
       "r.end DESC, r.id DESC", buckets.failed},
      {"running", "flow_run_state", "r.state_type IN ('RUNNING', 'PENDING', 'CANCELLING', 'PAUSED')",
       "r.state_at DESC, r.id"},
      {"next", "flow_run_state", fmt::format("r.state_type = 'SCHEDULED' AND {} > ?1", kTimeOfState), in_time}};
  for (const Section& section : sections) TIDEMILL_CHECK(WriteSection(call, section, json));
  TIDEMILL_ASSIGN(const db::Value deployments, SelectValue(call, "SELECT count(*) FROM deployment", {}));
  json.Key("deployments").Int(db::IntOf(deployments));
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

}  // namespace tidemill::orchestrator
