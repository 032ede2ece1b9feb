// SPDX-License-Identifier: Apache-2.0
#include "deployment_schedules.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "entity.h"
#include "scheduling.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoSchedule = "Schedule not found.";

// One schedule of a deployment, and what a request says of it.
struct Change {
  const json::value* sent;
  std::optional<std::string> slug, replaces;
  std::string id = {};  // of the schedule that it changes; empty: a new one
};

struct KnownSchedule {
  std::string id;
  std::optional<std::string> slug;
};

Outcome<void> CheckDeployment(Call& call, const std::string& id) {
  TIDEMILL_ASSIGN(const db::Value known, SelectValue(call, "SELECT id FROM deployment WHERE id = ?1", {id}));
  if (db::IsNull(known)) return Refuse(404, "Deployment not found.");
  return {};
}

Outcome<std::vector<KnownSchedule>> KnownSchedules(Call& call, const std::string& deployment) {
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT id, slug FROM deployment_schedule WHERE deployment_id = ?1", {deployment}));
  std::vector<KnownSchedule> known;
  for (const db::Row& row : rows) {
    known.push_back({db::TextOf(row[0]), db::IsNull(row[1]) ? std::nullopt : std::optional(db::TextOf(row[1]))});
  }
  return known;
}

Outcome<void> AddSchedule(Call& call, const std::string& deployment, const json::value& sent) {
  TIDEMILL_ASSIGN(const ScheduleSeed seed, ReadSchedule(sent, call.now));
  if (seed.slug) {
    TIDEMILL_ASSIGN(const db::Value taken,
                    SelectValue(call, "SELECT id FROM deployment_schedule WHERE deployment_id = ?1 AND slug = ?2",
                                {deployment, *seed.slug}));
    if (!db::IsNull(taken)) return Refuse(409, "Schedule slugs must be unique within a deployment.");
  }
  TIDEMILL_CHECK(InsertSchedule(call, deployment, seed));
  return {};
}

Outcome<void> ChangeSchedule(Call& call, const std::string& id, const json::value& sent) {
  Members members(sent);
  Cells cells;
  if (const auto active = members.Bool("active")) cells.emplace_back("active", std::int64_t{*active ? 1 : 0});
  if (members.Has("parameters")) cells.emplace_back("parameters", members.JsonObject("parameters"));
  if (members.Has("max_scheduled_runs")) {
    const auto most = members.Int("max_scheduled_runs");
    cells.emplace_back("max_scheduled_runs", most ? db::Value(*most) : db::Value());
  }
  if (members.Has("slug")) cells.emplace_back("slug", db::TextOrNull(members.Text("slug").value_or("")));
  const bool anew = members.Object("schedule") != nullptr;
  TIDEMILL_CHECK(members.Check());
  if (anew) {
    TIDEMILL_ASSIGN(const ScheduleSeed seed, ReadSchedule(sent, call.now));
    cells.emplace_back("schedule", json::serialize(seed.schedule));
  }
  TIDEMILL_CHECK(Update(call, "deployment_schedule", id, cells));
  return {};
}

bool HasSlug(const std::vector<KnownSchedule>& known, const std::string& slug) {
  return std::any_of(known.begin(), known.end(), [&](const KnownSchedule& one) { return one.slug == slug; });
}

// A schedule takes a slug only from one that gives it up, and no two take the same one's place.
Outcome<void> CheckRenames(const std::vector<Change>& changes, const std::vector<KnownSchedule>& known) {
  const auto replacing = [&](const std::string& slug) {
    return std::count_if(changes.begin(), changes.end(), [&](const Change& one) { return one.replaces == slug; });
  };
  for (const Change& change : changes) {
    if (!change.replaces) continue;
    if (replacing(*change.replaces) > 1)
      return Refuse(422, "Several schedules replace the one with the slug " + base::Quoted(*change.replaces) + ".");
    if (HasSlug(known, *change.slug) && replacing(*change.slug) == 0) {
      return Refuse(422, fmt::format("The schedule {} cannot be renamed to {}: there is one with this slug already.",
                                     base::Quoted(*change.replaces), base::Quoted(*change.slug)));
    }
  }
  return {};
}

}  // namespace

Outcome<std::optional<json::array>> SchedulesIn(Members& members) {
  const json::value* list = Find(members.object(), "schedules");
  if (list != nullptr && list->is_array()) return std::optional(list->get_array());
  if (list != nullptr) return RefuseMember("schedules", "a list was expected");
  if (!members.Has("schedule")) return std::optional<json::array>();
  json::array one;
  if (const json::value* schedule = Find(members.object(), "schedule")) {
    const bool active = members.Bool("is_schedule_active").value_or(true);
    TIDEMILL_CHECK(members.Check());
    one.push_back(json::object{{"schedule", *schedule}, {"active", active}});
  }
  return std::optional(std::move(one));
}

Outcome<void> SetSchedules(Call& call, const std::string& deployment, const json::array& schedules) {
  TIDEMILL_CHECK(DeleteSchedules(call, deployment));
  for (const json::value& sent : schedules) TIDEMILL_CHECK(AddSchedule(call, deployment, sent));
  return {};
}

Outcome<void> ChangeSchedules(Call& call, const std::string& deployment, const json::array& schedules) {
  TIDEMILL_ASSIGN(const auto known, KnownSchedules(call, deployment));
  const bool named = !known.empty() && std::all_of(known.begin(), known.end(),
                                                   [](const KnownSchedule& one) { return one.slug.has_value(); });
  if (!named) return SetSchedules(call, deployment, schedules);
  std::vector<Change> changes;
  for (const json::value& sent : schedules) {
    Members members(sent);
    Change change{&sent, members.Text("slug"), members.Text("replaces")};
    TIDEMILL_CHECK(members.Check());
    if (!change.slug) return Refuse(422, "A slug for each schedule was expected: those that there are have one.");
    const std::string& slug = change.replaces ? *change.replaces : *change.slug;
    const auto at =
        std::find_if(known.begin(), known.end(), [&](const KnownSchedule& one) { return one.slug == slug; });
    if (at != known.end()) change.id = at->id;
    changes.push_back(std::move(change));
  }
  TIDEMILL_CHECK(CheckRenames(changes, known));
  for (const Change& change : changes) {
    TIDEMILL_CHECK(change.id.empty() ? AddSchedule(call, deployment, *change.sent)
                                     : ChangeSchedule(call, change.id, *change.sent));
  }
  return {};
}

Outcome<void> Replan(Call& call, const std::string& deployment) {
  TIDEMILL_CHECK(DeletePlannedRuns(call, deployment));
  return PlanFirstRuns(call, deployment);
}

Outcome<Answer> ListSchedules(Call& call) {
  TIDEMILL_CHECK(CheckDeployment(call, call.path.at(0)));
  TIDEMILL_ASSIGN(const Answer whole,
                  AnswerOne(call, kDeployments.entity, {.where = "d.id = ?2", .arguments = {call.path.at(0)}}, ""));
  return Answer{.status = 200, .body = json::serialize(json::parse(whole.body).as_object().at("schedules"))};
}

Outcome<Answer> CreateSchedules(Call& call) {
  if (!call.body.is_array()) return RefuseMember("", "a list of schedules was expected");
  TIDEMILL_CHECK(CheckDeployment(call, call.path.at(0)));
  for (const json::value& one : call.body.get_array()) TIDEMILL_CHECK(AddSchedule(call, call.path.at(0), one));
  TIDEMILL_CHECK(Replan(call, call.path.at(0)));
  TIDEMILL_ASSIGN(Answer answer, ListSchedules(call));
  answer.status = 201;
  return answer;
}

Outcome<Answer> PatchSchedule(Call& call) {
  TIDEMILL_CHECK(CheckDeployment(call, call.path.at(0)));
  TIDEMILL_ASSIGN(const db::Value known,
                  SelectValue(call, "SELECT id FROM deployment_schedule WHERE id = ?1 AND deployment_id = ?2",
                              {call.path.at(1), call.path.at(0)}));
  if (db::IsNull(known)) return Refuse(404, kNoSchedule);
  TIDEMILL_CHECK(ChangeSchedule(call, call.path.at(1), call.body));
  TIDEMILL_CHECK(Replan(call, call.path.at(0)));
  return NoContent();
}

Outcome<Answer> DeleteSchedule(Call& call) {
  TIDEMILL_CHECK(CheckDeployment(call, call.path.at(0)));
  TIDEMILL_ASSIGN(const std::int64_t count,
                  call.db.Change("DELETE FROM deployment_schedule WHERE id = ?1 AND deployment_id = ?2",
                                 {call.path.at(1), call.path.at(0)}));
  if (count == 0) return Refuse(404, kNoSchedule);
  TIDEMILL_CHECK(Replan(call, call.path.at(0)));
  return NoContent();
}

}  // namespace tidemill::orchestrator
