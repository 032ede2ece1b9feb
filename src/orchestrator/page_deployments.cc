// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "body.h"
#include "instant.h"
#include "pages.h"
#include "schedule.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoSuchDeployment = "Deployment not found";
constexpr std::int64_t kDeploymentsAPage = 50;
constexpr std::int64_t kTimesShown = 5;

// Of the runs that were due: the newest twelve. Of those to come: the first.
constexpr std::array kLineColumns{
    Column{"id", "d.id"},
    Column{"name", "d.name"},
    Column{"flow_id", "d.flow_id"},
    Column{"flow_name", "f.name"},
    Column{"description", "substr(d.description, 1, 300)"},
    Column{"tags", "d.tags", Kind::kJson},
    Column{"paused", "d.paused", Kind::kBool},
    Column{"work_pool_name", "p.name"},
    Column{"work_queue_name", "coalesce(q.name, d.work_queue_name)"},
    Column{"schedules",
           "(SELECT json_group_array(json(x.one)) FROM (SELECT json_object('schedule', json(c.schedule), 'active', "
           "json(CASE c.active WHEN 0 THEN 'false' ELSE 'true' END)) AS one FROM deployment_schedule c WHERE "
           "c.deployment_id = d.id ORDER BY c.position) x)",
           Kind::kJson},
    Column{"last_runs", TIDEMILL_LAST_RUNS("r.deployment_id = d.id"), Kind::kJson},
    Column{"next_start",
           "(SELECT min(r.next_start) FROM flow_run r WHERE r.deployment_id = d.id AND r.state_type = 'SCHEDULED' AND "
           "r.next_start > ?1)",
           Kind::kInstant},
    Column{"cursor", "f.name || '/' || d.name"}};
json::array TimesOf(const Schedule& schedule, base::Time now, std::int64_t count) {
  json::array times;
  for (const base::Time at : schedule.Next(now, static_cast<std::size_t>(count))) times.emplace_back(InstantText(at));
  return times;
}

// By the id of the schedule: when it fires next.
Outcome<std::string> NextTimesJson(Call& call) {
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query("SELECT id, schedule FROM deployment_schedule WHERE "
                                                     "deployment_id = ?1",
                                                     {call.path.at(0)}));
  json::object times;
  for (const db::Row& row : rows) {
    json::object text = json::parse(db::TextOf(row[1])).as_object();
    const auto schedule = ParseSchedule(text, call.now);
    times[db::TextOf(row[0])] = schedule ? TimesOf(**schedule, call.now, kTimesShown) : json::array();
  }
  return json::serialize(times);
}

}  // namespace

const Entity kDeploymentLine{
    "Deployment", "deployment d JOIN flow f ON f.id = d.flow_id", kLineColumns,
    "LEFT JOIN work_queue q ON q.id = d.work_queue_id LEFT JOIN work_pool p ON p.id = q.work_pool_id"};

Outcome<Answer> PageDeploymentList(Call& call) {
  Selection selection{.order = "f.name || '/' || d.name"};
  if (const auto words = QueryText(call, "q"))
    AddCondition(selection, "instr(lower(f.name || '/' || d.name), lower({})) > 0", *words);
  if (const auto tag = QueryText(call, "tag"))
    AddCondition(selection, "EXISTS(SELECT 1 FROM json_each(d.tags) x WHERE x.value = {})", *tag);
  if (const auto paused = QueryText(call, "paused"))
    AddCondition(selection, "d.paused = {}", std::int64_t{*paused == "true" ? 1 : 0});
  if (const auto after = QueryText(call, "after")) AddCondition(selection, "f.name || '/' || d.name > {}", *after);
  TIDEMILL_ASSIGN(std::string page,
                  PagedJson(call, kDeploymentLine, std::move(selection), "deployments", kDeploymentsAPage));
  return Answer{.status = 200, .body = std::move(page)};
}

Outcome<Answer> PageDeployment(Call& call) {
  const db::Row id{call.path.at(0)};
  TIDEMILL_ASSIGN(const Answer whole,
                  AnswerOne(call, kDeployments.entity, {.where = "d.id = ?2", .arguments = id}, kNoSuchDeployment));
  TIDEMILL_ASSIGN(
      const db::Value flow,
      SelectValue(call, "SELECT f.name FROM deployment d JOIN flow f ON f.id = d.flow_id WHERE d.id = ?1", id));
  TIDEMILL_ASSIGN(const std::string recent, ListJson(call, kRunLine,
                                                     {.where = "r.deployment_id = ?2 AND r.expected_start <= ?1",
                                                      .order = "r.expected_start DESC, r.id",
                                                      .arguments = id,
                                                      .limit = 20}));
  TIDEMILL_ASSIGN(const std::string next,
                  ListJson(call, kRunLine,
                           {.where = "r.deployment_id = ?2 AND r.state_type = 'SCHEDULED' AND r.next_start > ?1",
                            .order = "r.next_start, r.id",
                            .arguments = id,
                            .limit = 10}));
  TIDEMILL_ASSIGN(const std::string times, NextTimesJson(call));
  base::JsonWriter json;
  json.BeginObject().Key("now").String(InstantText(call.now)).Key("deployment").Raw(whole.body);
  json.Key("flow_name").String(db::TextOf(flow)).Key("recent").Raw(recent).Key("next").Raw(next);
  json.Key("times").Raw(times);
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

}  // namespace tidemill::orchestrator
