// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/instant.h"
#include "tidemill/base/text.h"
#include "tidemill/prefect/deployment_file.h"

#include "deployment.h"
#include "handlers.h"
#include "show.h"

namespace tidemill::console {
namespace {

namespace json = prefect::json;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using prefect::TextIn;

// "90", "90 s", "10 minutes", "1h"
std::optional<std::chrono::seconds> ParseSpan(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  const auto number = base::ParseInt(text.substr(0, digits));
  const std::string_view unit = base::Trim(text.substr(digits));
  if (!number || *number > 100'000'000) return std::nullopt;
  if (unit.empty() || unit.front() == 's') return std::chrono::seconds(*number);
  if (unit.front() == 'm') return std::chrono::minutes(*number);
  if (unit.front() == 'h') return std::chrono::hours(*number);
  if (unit.front() == 'd') return std::chrono::days(*number);
  return std::nullopt;
}

Result<base::Time> StartOf(const Context& context) {
  const base::Time now = context.client().clock().Now();
  if (context.Has("start-in") && context.Has("start-at")) {
    return Fail(ErrorCode::kInvalid, "only one of --start-in and --start-at says when the run starts");
  }
  if (context.Has("start-in")) {
    const auto span = ParseSpan(context.Text("start-in"));
    if (!span) {
      return Fail(ErrorCode::kInvalid, "--start-in is {}: expected such as '90 s' or '10 minutes'",
                  base::Quoted(context.Text("start-in")));
    }
    return now + *span;
  }
  if (!context.Has("start-at")) return now;
  const auto time = base::ParseInstant(context.Text("start-at"));
  if (!time) {
    return Fail(ErrorCode::kInvalid, "--start-at is {}: expected such as 2026-12-01T06:00:00Z",
                base::Quoted(context.Text("start-at")));
  }
  return *time;
}

// What the deployment has already is not looked at: it may be from an older flow.
Result<json::value> RunParameters(const Context& context, const json::value& deployment) {
  json::object given;
  if (context.Has("params")) {
    std::string text = context.Text("params");
    if (text == "-") {
      TIDEMILL_ASSIGN(text, context.around.read_file("-"));
    }
    TIDEMILL_ASSIGN(const json::value sent, prefect::ParseJson(text, "--params"));
    if (!sent.is_object()) return Fail(ErrorCode::kInvalid, "--params: expected a JSON object");
    given = sent.get_object();
  }
  TIDEMILL_ASSIGN(const json::object pairs, PairsOf(context.arguments.List("param"), "--param"));
  for (const auto& [name, value] : pairs) given[name] = value;
  TIDEMILL_CHECK(CheckParameterNames(prefect::ObjectIn(deployment, "parameter_openapi_schema"), given));
  json::object all = prefect::ObjectIn(deployment, "parameters");
  for (const auto& [name, value] : given) all[name] = value;
  return json::value(std::move(all));
}

std::string PathOf(const json::value& deployment, std::string_view rest = {}) {
  return "/deployments/" + TextIn(deployment, "id") + std::string(rest);
}

// All schedules go; with 3.x they are a list.
Status ReplaceSchedules(const Context& context, const json::value& deployment, const json::value& schedule) {
  for (const json::value& one : prefect::ArrayIn(deployment, "schedules")) {
    TIDEMILL_ASSIGN(
        const json::value gone,
        context.client().Ask("DELETE", PathOf(deployment, "/schedules/" + TextIn(one, "id")), nullptr, context.ask()));
  }
  if (schedule.is_null()) return {};
  TIDEMILL_ASSIGN(
      const json::value made,
      context.client().Post(PathOf(deployment, "/schedules"),
                            json::array{json::object{{"schedule", schedule}, {"active", true}}}, context.ask()));
  return {};
}

Status SetActive(const Context& context, const char* old_route, const char* new_route, std::string_view said) {
  TIDEMILL_ASSIGN(const json::value deployment, DeploymentOf(context));
  TIDEMILL_ASSIGN(const int major, MajorOf(context));
  return ShowDone(
      context,
      context.client().Post(PathOf(deployment, major == 2 ? old_route : new_route), json::object(), context.ask()),
      fmt::format("the schedule of {} is {}", context.Text("NAME"), said));
}

}  // namespace

Result<json::value> DeploymentOf(const Context& context) {
  if (context.Has("id")) {
    return context.client().Get("/deployments/" + prefect::PathPart(context.Text("id")), context.ask());
  }
  const std::string name = context.Text("NAME");
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == name.size()) {
    return Fail(ErrorCode::kInvalid, "{} names no deployment: expected FLOW/DEPLOYMENT, such as main-flow/main-flow",
                base::Quoted(name));
  }
  return context.client().Get(
      "/deployments/name/" + prefect::PathPart(name.substr(0, slash)) + "/" + prefect::PathPart(name.substr(slash + 1)),
      context.ask());
}

Status ListDeployments(const Context& context) {
  json::object body{{"sort", "NAME_ASC"}};
  if (context.Has("flow-name")) {
    json::array names;
    for (const std::string& name : context.arguments.List("flow-name")) names.emplace_back(name);
    body["flows"] = json::object{{"name", json::object{{"any_", std::move(names)}}}};
  }
  TIDEMILL_ASSIGN(json::value found, context.client().Post("/deployments/filter", body, context.ask()));
  if (!found.is_array()) found = json::array();
  TIDEMILL_ASSIGN(const json::value flows,
                  context.client().Post("/flows/filter", json::object{{"limit", 200}}, context.ask()));
  json::object names;
  for (const json::value& flow : prefect::AsArray(flows)) names[TextIn(flow, "id")] = TextIn(flow, "name");
  for (json::value& one : found.get_array()) {
    if (!one.is_object()) continue;
    const json::array& schedules = prefect::ArrayIn(one, "schedules");
    const json::value* schedule =
        schedules.empty() ? prefect::Find(one, "schedule") : prefect::Find(schedules[0], "schedule");
    const std::string text = schedule != nullptr ? ScheduleText(*schedule) : std::string();
    one.get_object()["full_name"] = TextIn(names, TextIn(one, "flow_id")) + "/" + TextIn(one, "name");
    one.get_object()["schedule_text"] = text;
  }
  ShowRows(context, found, "Name=full_name|ID=id|Schedule=schedule_text|Queue=work_queue_name|Pool=work_pool_name");
  return {};
}

Status InspectDeployment(const Context& context) {
  return ShowOne(context, DeploymentOf(context));
}

Status RunDeployment(const Context& context) {
  TIDEMILL_ASSIGN(const json::value deployment, DeploymentOf(context));
  TIDEMILL_ASSIGN(const base::Time start, StartOf(context));
  TIDEMILL_ASSIGN(json::value parameters, RunParameters(context, deployment));
  json::object body{
      {"parameters", std::move(parameters)},
      {"state", json::object{{"type", "SCHEDULED"},
                             {"name", "Scheduled"},
                             {"state_details", json::object{{"scheduled_time", base::InstantText(start)}}}}}};
  if (context.Has("tag")) {
    json::array tags;
    for (const std::string& tag : context.arguments.List("tag")) tags.emplace_back(tag);
    body["tags"] = std::move(tags);
  }
  if (context.Has("flow-run-name")) body["name"] = context.Text("flow-run-name");
  if (context.Has("job-variable")) {
    TIDEMILL_ASSIGN(const json::object variables, PairsOf(context.arguments.List("job-variable"), "--job-variable"));
    body["job_variables"] = JobVariables(variables);
  }
  TIDEMILL_ASSIGN(const json::value run,
                  context.client().Post(PathOf(deployment, "/create_flow_run"), body, context.ask()));
  const std::string id = TextIn(run, "id");
  TIDEMILL_CHECK(ShowDone(context, run,
                          fmt::format("flow run '{}' created (id {}), to start at {}\nto see it: {}",
                                      TextIn(run, "name"), id, base::InstantText(start).substr(0, 19) + "Z",
                                      context.client().PageUrl("/flow-runs/flow-run/" + id))));
  if (!context.Has("watch")) return {};
  Arguments watched;
  watched.Add("ID", {id});
  return WatchFlowRun({.verb = context.verb, .arguments = watched, .around = context.around, .as_json = false});
}

Status DeleteDeployment(const Context& context) {
  TIDEMILL_ASSIGN(const json::value deployment, DeploymentOf(context));
  return ShowDone(context, context.client().Ask("DELETE", PathOf(deployment), nullptr, context.ask()),
                  fmt::format("deployment {} is deleted", TextIn(deployment, "name")));
}

Status SetSchedule(const Context& context) {
  TIDEMILL_ASSIGN(const json::value schedule, ScheduleOf(context));
  if (schedule.is_null()) return Fail(ErrorCode::kInvalid, "expected one of --cron, --interval and --rrule");
  TIDEMILL_ASSIGN(const json::value deployment, DeploymentOf(context));
  TIDEMILL_ASSIGN(const int major, MajorOf(context));
  if (major == 2) {
    TIDEMILL_ASSIGN(
        const json::value done,
        context.client().Ask("PATCH", PathOf(deployment),
                             json::object{{"schedule", schedule}, {"is_schedule_active", true}}, context.ask()));
  } else {
    TIDEMILL_CHECK(ReplaceSchedules(context, deployment, schedule));
  }
  return ShowDone(context, schedule,
                  fmt::format("the schedule of {} is now {}", context.Text("NAME"), ScheduleText(schedule)));
}

Status PauseDeployment(const Context& context) {
  return SetActive(context, "/set_schedule_inactive", "/pause_deployment", "paused");
}

Status ResumeDeployment(const Context& context) {
  return SetActive(context, "/set_schedule_active", "/resume_deployment", "active");
}

Status ListSchedules(const Context& context) {
  TIDEMILL_ASSIGN(const json::value deployment, DeploymentOf(context));
  json::array rows;
  for (const json::value& one : prefect::ArrayIn(deployment, "schedules")) {
    json::object row = prefect::AsObject(one);
    const json::value* schedule = prefect::Find(one, "schedule");
    if (schedule != nullptr) row["text"] = ScheduleText(*schedule);
    rows.push_back(std::move(row));
  }
  if (const json::value* only = prefect::Find(deployment, "schedule"); rows.empty() && only != nullptr) {
    json::object row{{"schedule", *only}, {"text", ScheduleText(*only)}};
    if (const json::value* active = prefect::Find(deployment, "is_schedule_active")) row["active"] = *active;
    rows.push_back(std::move(row));
  }
  ShowRows(context, rows, "ID=id|Schedule=text|Timezone=schedule.timezone|Active=active");
  return {};
}

Status CreateSchedule(const Context& context) {
  TIDEMILL_ASSIGN(const json::value schedule, ScheduleOf(context));
  if (schedule.is_null()) return Fail(ErrorCode::kInvalid, "expected one of --cron, --interval and --rrule");
  TIDEMILL_ASSIGN(const json::value deployment, DeploymentOf(context));
  if (context.Has("replace")) {
    TIDEMILL_CHECK(ReplaceSchedules(context, deployment, schedule));
    return ShowDone(context, schedule, "schedule set: " + ScheduleText(schedule));
  }
  const json::array body{json::object{{"schedule", schedule}, {"active", !context.Has("no-active")}}};
  return ShowDone(context, context.client().Post(PathOf(deployment, "/schedules"), body, context.ask()),
                  "schedule added: " + ScheduleText(schedule));
}

Status ChangeSchedule(const Context& context) {
  TIDEMILL_ASSIGN(const json::value deployment, DeploymentOf(context));
  if (context.verb.name == "clear") {
    TIDEMILL_CHECK(ReplaceSchedules(context, deployment, nullptr));
    return ShowDone(context, json::value(nullptr), "all schedules are gone");
  }
  const std::string path = PathOf(deployment, "/schedules/" + prefect::PathPart(context.Text("SCHEDULE")));
  if (context.verb.name == "delete") {
    return ShowDone(context, context.client().Ask("DELETE", path, nullptr, context.ask()), "the schedule is deleted");
  }
  const bool active = context.verb.name == "resume";
  return ShowDone(context, context.client().Ask("PATCH", path, json::object{{"active", active}}, context.ask()),
                  active ? "the schedule is active" : "the schedule is paused");
}

}  // namespace tidemill::console
