// SPDX-License-Identifier: Apache-2.0
#include "scheduling.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/sha256.h"

#include "entity.h"
#include "flow_runs.h"
#include "instant.h"
#include "planned_runs.h"
#include "python_json.h"
#include "runs.h"
#include "schedule.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::chrono::minutes kHorizon{60};  // not hours: half of one would be none
constexpr std::chrono::hours kFarthest{24 * 100};
constexpr std::chrono::seconds kLateAfter{15};
constexpr std::size_t kFewest = 3;
constexpr std::size_t kMost = 100;
constexpr std::size_t kKeyDigits = 16;

// Which instants of a schedule get runs: from the first of them until at least so many are there and `enough` is
// reached, but never more than `most` and none after `until`.
struct PlanWindow {
  base::Time from, until = {}, enough = {};
  std::size_t fewest = 0, most = 0;
};

std::optional<std::string> TextOf(const db::Value& value) {
  if (db::IsNull(value)) return std::nullopt;
  return db::TextOf(value);
}

// By this a schedule is known again after it was deployed anew under another id.
std::string ContentKey(const ScheduleSeed& seed) {
  if (seed.slug) return *seed.slug;
  return base::Sha256Hex(PythonJson(seed.schedule) + seed.parameters).substr(0, kKeyDigits);
}

std::string MergedTags(const std::string& tags) {
  json::array list = json::parse(tags).as_array();
  list.emplace_back("auto-scheduled");
  return json::serialize(list);
}

std::string MergedParameters(const std::string& deployment, const std::string& schedule) {
  json::object merged = json::parse(deployment).as_object();
  const json::value own = json::parse(schedule);
  for (const auto& [name, value] : own.as_object()) merged[name] = value;
  return json::serialize(merged);
}

constexpr std::string_view kSchedules =
    "SELECT c.id, c.schedule, c.content_key, c.slug, c.parameters, d.flow_id, d.version, d.parameters, d.tags, "
    "d.work_queue_id, d.work_queue_name, d.infrastructure_document_id, d.job_variables, c.max_scheduled_runs FROM "
    "deployment_schedule c JOIN "
    "deployment d ON d.id = c.deployment_id WHERE d.id = ?1 AND c.active AND (?2 OR NOT d.paused) ORDER BY c.position";

Plan ReadPlan(const std::string& deployment, const db::Row& row) {
  Plan plan{.deployment = deployment,
            .flow = db::TextOf(row[5]),
            .schedule = db::TextOf(row[0]),
            .content_key = db::TextOf(row[2]),
            .slug = db::TextOf(row[3])};
  plan.seed.flow_id = plan.flow;
  plan.seed.deployment_id = deployment;
  plan.seed.deployment_version = TextOf(row[6]);
  plan.seed.parameters = MergedParameters(db::TextOf(row[7]), db::TextOf(row[4]));
  plan.seed.tags = MergedTags(db::TextOf(row[8]));
  plan.seed.work_queue_id = TextOf(row[9]);
  plan.seed.work_queue_name = TextOf(row[10]);
  plan.seed.infrastructure_document_id = TextOf(row[11]);
  plan.seed.auto_scheduled = true;
  json::object maker{{"id", plan.schedule}, {"type", "SCHEDULE"}, {"display_value", nullptr}};
  if (!plan.slug.empty()) maker["display_value"] = plan.slug;
  plan.seed.created_by = json::serialize(maker);
  return plan;
}

std::vector<base::Time> InstantsOf(const Schedule& schedule, base::Time now, std::size_t most) {
  std::vector<base::Time> instants = schedule.Next(now, most);
  std::size_t keep = 0;
  while (keep < instants.size() && (keep < kFewest || instants[keep] <= now + kHorizon) &&
         instants[keep] <= now + kFarthest)
    ++keep;
  instants.resize(keep);
  return instants;
}

// What somebody asks for ends with the first instant that fulfils it, which may lie behind `enough`.
std::vector<base::Time> InstantsWithin(const Schedule& schedule, const PlanWindow& window) {
  std::vector<base::Time> instants = schedule.Next(window.from, window.most);
  std::size_t keep = 0;
  while (keep < instants.size() && instants[keep] <= window.until) {
    ++keep;
    if (keep >= window.fewest && instants[keep - 1] >= window.enough) break;
  }
  instants.resize(keep);
  return instants;
}

// Of the instants of a schedule that may have only so many runs, those that are left; with none left the schedule ends.
Outcome<void> KeepAllowed(Call& call, const Plan& plan, std::int64_t most, std::vector<base::Time>& instants) {
  const std::string prefix = plan.KeyPrefix();
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT idempotency_key FROM flow_run WHERE flow_id = ?1 AND idempotency_key >= ?2 AND "
                                "idempotency_key < ?2 || '~' LIMIT ?3",
                                {plan.flow, prefix, most}));
  std::int64_t left = most - static_cast<std::int64_t>(rows.size());
  std::erase_if(instants, [&](base::Time at) {
    const bool planned = std::any_of(rows.begin(), rows.end(),
                                     [&](const db::Row& row) { return db::TextOf(row[0]).ends_with(InstantText(at)); });
    return !planned && left-- <= 0;
  });
  if (!instants.empty() || static_cast<std::int64_t>(rows.size()) < most) return {};
  TIDEMILL_CHECK(Update(call, "deployment_schedule", plan.schedule, {{"active", std::int64_t{0}}}));
  return {};
}

}  // namespace

Outcome<ScheduleSeed> ReadSchedule(const json::value& value, base::Time now) {
  Members members(value);
  const json::object* sent = members.Object("schedule");
  if (sent == nullptr) return RefuseMember("schedule", "an object was expected");
  ScheduleSeed seed{.schedule = *sent,
                    .active = members.Bool("active").value_or(true),
                    .max_runs = members.Int("max_scheduled_runs"),
                    .parameters = members.JsonObject("parameters"),
                    .slug = members.Text("slug")};
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(ParseSchedule(seed.schedule, now));
  return seed;
}

Outcome<std::string> InsertSchedule(Call& call, const std::string& deployment, const ScheduleSeed& seed) {
  TIDEMILL_ASSIGN(
      const db::Value last,
      SelectValue(call, "SELECT max(position) FROM deployment_schedule WHERE deployment_id = ?1", {deployment}));
  const std::string id = call.NewId();
  TIDEMILL_CHECK(Insert(call, "deployment_schedule",
                        {{"id", id},
                         {"created", Micros(call.now)},
                         {"updated", Micros(call.now)},
                         {"deployment_id", deployment},
                         {"position", db::IntOf(last) + 1},
                         {"schedule", json::serialize(seed.schedule)},
                         {"active", std::int64_t{seed.active ? 1 : 0}},
                         {"max_scheduled_runs", seed.max_runs ? db::Value(*seed.max_runs) : db::Value()},
                         {"parameters", seed.parameters},
                         {"slug", db::OrNull(seed.slug)},
                         {"content_key", ContentKey(seed)}}));
  return id;
}

Outcome<void> DeleteSchedules(Call& call, const std::string& deployment) {
  TIDEMILL_CHECK(call.db.Change("DELETE FROM deployment_schedule WHERE deployment_id = ?1", {deployment}));
  return {};
}

Outcome<void> DeletePlannedRuns(Call& call, const std::string& deployment) {
  constexpr std::string_view kPlanned =
      "SELECT id FROM flow_run WHERE deployment_id = ?1 AND state_type = 'SCHEDULED' AND auto_scheduled AND run_count "
      "= 0 "
      "AND next_start > ?2";
  const db::Row arguments{deployment, Micros(call.now)};
  TIDEMILL_CHECK(call.db.Change(fmt::format("DELETE FROM run_state WHERE run_id IN ({})", kPlanned), arguments));
  TIDEMILL_CHECK(call.db.Change(fmt::format("DELETE FROM flow_run WHERE id IN ({})", kPlanned), arguments));
  return {};
}

namespace {

// A schedule of a deployment (row of kSchedules) with those of its instants that shall have runs.
Outcome<void> PlanRunsAt(Call& call, const std::string& deployment, const db::Row& row,
                         std::vector<base::Time> instants) {
  Plan plan = ReadPlan(deployment, row);
  plan.seed.job_variables = db::TextOf(row[12]);
  if (!db::IsNull(row[13])) TIDEMILL_CHECK(KeepAllowed(call, plan, db::IntOf(row[13]), instants));
  return InsertPlannedRuns(call, plan, instants);
}

Outcome<void> PlanRuns(Call& call, const std::string& deployment, std::size_t most) {
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query(kSchedules, {deployment, std::int64_t{0}}));
  for (const db::Row& row : rows) {
    json::object text = json::parse(db::TextOf(row[1])).as_object();
    const auto schedule = ParseSchedule(text, call.now);
    if (!schedule) continue;  // has fired for the last time
    TIDEMILL_CHECK(PlanRunsAt(call, deployment, row, InstantsOf(**schedule, call.now, most)));
  }
  return {};
}

constexpr std::int64_t kMostAsked = 1000;

Outcome<PlanWindow> ReadWindow(Call& call) {
  constexpr double kLongest = 3.2e9;  // seconds
  Members members(call.body);
  PlanWindow window{.from = members.Instant("start_time").value_or(call.now)};
  window.until = members.Instant("end_time").value_or(window.from + kFarthest);
  const double span = members.Number("min_time").value_or(std::chrono::seconds(kHorizon).count());
  const std::int64_t fewest = members.Int("min_runs").value_or(kFewest);
  const std::int64_t most = members.Int("max_runs").value_or(kMost);
  TIDEMILL_CHECK(members.Check());
  if (!(std::abs(span) <= kLongest)) return RefuseMember("min_time", "seconds were expected");
  window.enough = window.from + base::Duration(std::llround(span * kMicros));
  window.fewest = static_cast<std::size_t>(std::max<std::int64_t>(fewest, 0));
  window.most = static_cast<std::size_t>(std::clamp<std::int64_t>(most, 1, kMostAsked));
  return window;
}

}  // namespace

Outcome<void> PlanFirstRuns(Call& call, const std::string& deployment) {
  TIDEMILL_CHECK(call.db.Change("UPDATE deployment SET next_plan = 0 WHERE id = ?1", {deployment}));
  return PlanRuns(call, deployment, kFewest);
}

Outcome<Answer> PlanRunsOfDeployment(Call& call) {
  TIDEMILL_ASSIGN(const PlanWindow window, ReadWindow(call));
  const std::string& deployment = call.path.at(0);
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query(kSchedules, {deployment, std::int64_t{1}}));
  for (const db::Row& row : rows) {
    json::object text = json::parse(db::TextOf(row[1])).as_object();
    const auto schedule = ParseSchedule(text, window.from);
    if (!schedule) continue;  // has fired for the last time by then
    TIDEMILL_CHECK(PlanRunsAt(call, deployment, row, InstantsWithin(**schedule, window)));
  }
  return Answer{.status = 200, .body = "null"};
}

Outcome<bool> PlanDueRuns(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(
      const db::Rows rows,
      call.db.Query("SELECT d.id FROM deployment d WHERE NOT d.paused AND EXISTS(SELECT 1 FROM "
                    "deployment_schedule c WHERE c.deployment_id = d.id AND c.active) AND d.next_plan <= ?1 "
                    "ORDER BY d.next_plan LIMIT ?2",
                    {Micros(call.now), most}));
  for (const db::Row& row : rows) {
    const std::string& id = db::TextOf(row[0]);
    TIDEMILL_CHECK(PlanRuns(call, id, kMost));
    // Half the horizon is left then.
    TIDEMILL_CHECK(
        call.db.Change("UPDATE deployment SET next_plan = ?2 WHERE id = ?1", {id, Micros(call.now + kHorizon / 2)}));
    if (call.enough && call.enough()) return true;
  }
  return static_cast<std::int64_t>(rows.size()) == most;
}

Outcome<bool> MarkLateRuns(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query("SELECT id FROM flow_run INDEXED BY flow_run_state WHERE "
                                                     "state_type = 'SCHEDULED' AND state_name = 'Scheduled' AND "
                                                     "coalesce(next_start, start, expected_start) <= ?1 AND "
                                                     "next_start <= ?1 LIMIT ?2",
                                                     {Micros(call.now - kLateAfter), most}));
  for (const db::Row& row : rows) {
    TIDEMILL_ASSIGN(const auto run, LoadRun(call, RunKind::kFlow, db::TextOf(row[0])));
    if (!run || !run->state) continue;
    State late = MakeState(StateType::kScheduled, "Late");
    late.details["scheduled_time"] = TextMember(run->state->details, "scheduled_time").value_or(InstantText(call.now));
    TIDEMILL_CHECK(Propose(call, RunKind::kFlow, *run, std::move(late), false));
  }
  return static_cast<std::int64_t>(rows.size()) == most;
}

}  // namespace tidemill::orchestrator
