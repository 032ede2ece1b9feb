// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "tidemill/base/json_writer.h"

#include "flows.h"
#include "instant.h"
#include "pages.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kFlowsShown = 50;
constexpr std::int64_t kMostDeployments = 200;
constexpr std::int64_t kMicrosOfHour = 3'600'000'000;
constexpr std::int64_t kFlowBuckets = 48;
constexpr std::int64_t kMostFlowHours = 24 * 90;
constexpr std::int64_t kMostCounted = 10'000;

// Counts are of the newest runs that were due: all runs of a flow may be a million.
constexpr std::array kFlowLineColumns{
    Column{"id", "f.id"},
    Column{"name", "f.name"},
    Column{"tags", "f.tags", Kind::kJson},
    Column{"created", "f.created", Kind::kInstant},
    Column{"deployments", "(SELECT count(*) FROM deployment d WHERE d.flow_id = f.id)", Kind::kInt},
    Column{"last_runs", TIDEMILL_LAST_RUNS("r.flow_id = f.id"), Kind::kJson},
    Column{"counts",
           "(SELECT json_group_object(x.state, x.count) FROM (SELECT y.state, count(*) AS count FROM (SELECT CASE "
           "WHEN r.state_type = 'SCHEDULED' AND r.state_name = 'Late' THEN 'LATE' ELSE coalesce(r.state_type, "
           "'PENDING') END AS state FROM flow_run r INDEXED BY flow_run_flow WHERE r.flow_id = f.id AND "
           "r.expected_start <= ?1 ORDER BY r.expected_start DESC LIMIT 500) y GROUP BY y.state) x)",
           Kind::kJson},
    Column{"next_start",
           "(SELECT r.next_start FROM flow_run r INDEXED BY flow_run_flow WHERE r.flow_id = f.id AND r.expected_start "
           "> ?1 AND r.state_type = 'SCHEDULED' ORDER BY r.expected_start LIMIT 1)",
           Kind::kInstant},
    Column{"cursor", "f.name"}};
constexpr Entity kFlowLine{"Flow", "flow f", kFlowLineColumns};

// [bucket, state, count] of the flow's runs since `from`, as the dashboard has them of all.
Outcome<std::string> BucketsJson(Call& call, std::int64_t from, std::int64_t width) {
  TIDEMILL_ASSIGN(
      const db::Value list,
      SelectValue(call,
                  "SELECT json_group_array(json_array(n, state, count)) FROM (SELECT n, state, count(*) AS count FROM "
                  "(SELECT min((r.expected_start - ?2) / ?3, ?4 - 1) AS n, CASE WHEN r.state_type = 'SCHEDULED' AND "
                  "r.state_name = 'Late' THEN 'LATE' ELSE coalesce(r.state_type, 'PENDING') END AS state FROM "
                  "flow_run r INDEXED BY flow_run_flow WHERE r.flow_id = ?1 AND r.expected_start BETWEEN ?2 AND ?5 "
                  "ORDER BY r.expected_start DESC LIMIT ?6) GROUP BY n, state)",
                  {call.path.at(0), from, width, kFlowBuckets, Micros(call.now), kMostCounted}));
  return db::TextOf(list);
}

}  // namespace

Outcome<Answer> PageFlowList(Call& call) {
  Selection selection{.order = "f.name"};
  if (const auto words = QueryText(call, "q")) AddCondition(selection, "instr(lower(f.name), lower({})) > 0", *words);
  if (const auto tag = QueryText(call, "tag"))
    AddCondition(selection, "EXISTS(SELECT 1 FROM json_each(f.tags) x WHERE x.value = {})", *tag);
  if (const auto after = QueryText(call, "after")) AddCondition(selection, "f.name > {}", *after);
  TIDEMILL_ASSIGN(std::string page, PagedJson(call, kFlowLine, std::move(selection), "flows", kFlowsShown));
  return Answer{.status = 200, .body = std::move(page)};
}

Outcome<Answer> PageFlow(Call& call) {
  TIDEMILL_ASSIGN(const Answer flow, GetFlow(call));
  TIDEMILL_ASSIGN(const std::int64_t hours, QueryInt(call, "hours", 24 * 7, 1, kMostFlowHours));
  const std::int64_t from = Micros(call.now) - hours * kMicrosOfHour;
  const std::int64_t width = hours * kMicrosOfHour / kFlowBuckets;
  TIDEMILL_ASSIGN(const std::string buckets, BucketsJson(call, from, width));
  base::JsonWriter json;
  json.BeginObject().Key("now").String(InstantText(call.now)).Key("from").String(InstantText(FromMicros(from)));
  json.Key("bucket_seconds").Int(width / 1'000'000).Key("bucket_count").Int(kFlowBuckets).Key("buckets").Raw(buckets);
  json.Key("most_counted").Int(kMostCounted).Key("flow").Raw(flow.body);
  const Part parts[] = {
      {"deployments", kDeploymentLine, "d.flow_id = ?2", "d.name", kMostDeployments},
      {"recent", kRunLine, "r.flow_id = ?2 AND r.expected_start <= ?1", "r.expected_start DESC, r.id", 20},
      {"next", kRunLine, "r.flow_id = ?2 AND r.expected_start > ?1 AND r.state_type = 'SCHEDULED'",
       "r.expected_start, r.id", 10}};
  TIDEMILL_CHECK(WriteParts(call, parts, {call.path.at(0)}, json));
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

}  // namespace tidemill::orchestrator
