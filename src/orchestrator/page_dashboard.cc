// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "instant.h"
#include "pages.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kHourMicros = 3'600'000'000;
constexpr std::int64_t kBuckets = 48;
constexpr std::int64_t kFewHours = 24 * 14;
constexpr std::int64_t kMostHours = 24 * 90;
constexpr std::int64_t kShown = 8;

constexpr std::string_view kOpen = "r.state_type NOT IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED')";
constexpr std::string_view kLate = "r.state_type = 'SCHEDULED' AND r.state_name = 'Late'";

struct Buckets {
  std::string json;  // [bucket, state, count], for every pair that has any
  std::int64_t failed = 0;
};

Outcome<Buckets> CountBuckets(Call& call, std::int64_t hours, std::int64_t from, std::int64_t width) {
  // Of a large part of all runs the table is read faster from its begin to its end than row by row through the index.
  const std::string_view way = hours > kFewHours ? "NOT INDEXED" : "";
  TIDEMILL_ASSIGN(
      const db::Rows rows,
      call.db.Query(
          fmt::format(
              "SELECT min((coalesce(r.start, r.expected_start) - ?2) / ?3, ?4), CASE WHEN r.state_name = 'Late' "
              "THEN 'LATE' ELSE r.state_type END, count(*) FROM flow_run r {} WHERE coalesce(r.start, "
              "r.expected_start) BETWEEN ?2 AND ?1 AND r.state_type IS NOT NULL GROUP BY 1, 2",
              way),
          {Micros(call.now), from, width, kBuckets - 1}));
  Buckets buckets;
  base::JsonWriter json;
  json.BeginArray();
  for (const db::Row& row : rows) {
    const std::string& state = db::TextOf(row[1]);
    if (state == "FAILED" || state == "CRASHED") buckets.failed += db::IntOf(row[2]);
    json.BeginArray().Int(db::IntOf(row[0])).String(state).Int(db::IntOf(row[2])).EndArray();
  }
  buckets.json = json.EndArray().Take();
  return buckets;
}

struct Section {
  std::string_view name;
  std::string where;
  std::string_view order;
  std::int64_t count = -1;  // where it is known already
};

// The first of them, and how many there are.
Outcome<void> WriteSection(Call& call, const Section& section, base::JsonWriter& json) {
  TIDEMILL_ASSIGN(
      const std::string list,
      ListJson(call, kRunLine, {.where = section.where, .order = std::string(section.order), .limit = kShown}));
  std::int64_t count = section.count;
  if (count < 0) {
    const std::string sql = fmt::format("SELECT count(*) FROM flow_run r WHERE ?1 IS NOT NULL AND {}", section.where);
    TIDEMILL_ASSIGN(const db::Value found, SelectValue(call, sql, {Micros(call.now)}));
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
  TIDEMILL_ASSIGN(const Buckets buckets, CountBuckets(call, hours, from, width));
  base::JsonWriter json;
  json.BeginObject().Key("now").String(InstantText(call.now)).Key("from").String(InstantText(FromMicros(from)));
  json.Key("bucket_seconds").Int(width / 1'000'000).Key("bucket_count").Int(kBuckets).Key("buckets").Raw(buckets.json);
  const Section sections[] = {
      {"late", fmt::format("{} AND {}", kOpen, kLate), "r.next_start, r.id"},
      {"failed", fmt::format("r.state_type IN ('FAILED', 'CRASHED') AND r.end >= {}", from), "r.end DESC, r.id",
       buckets.failed},
      {"running", fmt::format("{} AND r.state_type IN ('RUNNING', 'PENDING', 'CANCELLING', 'PAUSED')", kOpen),
       "r.state_at DESC, r.id"},
      {"next", "r.state_type = 'SCHEDULED' AND r.next_start > ?1", "r.next_start, r.id"}};
  for (const Section& section : sections) TIDEMILL_CHECK(WriteSection(call, section, json));
  TIDEMILL_ASSIGN(const db::Value deployments, SelectValue(call, "SELECT count(*) FROM deployment", {}));
  json.Key("deployments").Int(db::IntOf(deployments));
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

}  // namespace tidemill::orchestrator
