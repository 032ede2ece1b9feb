// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

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

// What a deployment to a pool has in common, be it from options or a file.
Result<json::object> Begin(const Context& context, const std::string& entrypoint, const std::string& name) {
  if (name.empty()) return Fail(ErrorCode::kInvalid, "the deployment has no name: --name gives it one");
  TIDEMILL_ASSIGN(const FlowFacts flow, context.around.describe_flow(entrypoint));
  json::object deployment{{"name", name}, {"flow_name", flow.flow_name}, {"entrypoint", entrypoint}};
  deployment["version"] = prefect::TextOrNull(flow.version);
  deployment["path"] = context.around.folder;
  deployment["parameter_openapi_schema"] = flow.parameter_schema;
  deployment["infra_overrides"] = json::object();
  if (entrypoint.substr(0, entrypoint.rfind(':')).ends_with(".toml")) {
    deployment["infra_overrides"] = json::object{{"command", "tidemill flow-run execute"}};
  }
  return deployment;
}

Status Finish(const Context& context, json::object deployment) {
  if (TextIn(deployment, "work_pool_name").empty()) {
    return Fail(ErrorCode::kInvalid, "deployment {} has no work pool: --pool names it",
                base::Quoted(TextIn(deployment, "name")));
  }
  TIDEMILL_ASSIGN(const std::string id, ApplyDeployment(context, deployment));
  TellApplied(context, deployment, id);
  return {};
}

Status DeployFromOptions(const Context& context) {
  TIDEMILL_ASSIGN(json::object deployment, Begin(context, context.Text("ENTRYPOINT"), context.Text("name")));
  TIDEMILL_ASSIGN(const json::value schedule, ScheduleOf(context));
  deployment["schedule"] = schedule;
  deployment["work_pool_name"] = prefect::TextOrNull(context.Text("pool"));
  deployment["work_queue_name"] = prefect::TextOrNull(context.Text("work-queue"));
  deployment["description"] = prefect::TextOrNull(context.Text("description"));
  if (context.Has("version")) deployment["version"] = context.Text("version");
  json::array tags;
  for (const std::string& tag : context.arguments.List("tag")) tags.emplace_back(tag);
  deployment["tags"] = std::move(tags);
  TIDEMILL_ASSIGN(json::object parameters, PairsOf(context.arguments.List("param"), "--param"));
  TIDEMILL_CHECK(CheckParameterNames(prefect::ObjectIn(deployment, "parameter_openapi_schema"), parameters));
  deployment["parameters"] = std::move(parameters);
  TIDEMILL_ASSIGN(const json::object variables, PairsOf(context.arguments.List("job-variable"), "--job-variable"));
  for (const auto& [name, value] : variables) deployment["infra_overrides"].as_object()[name] = value;
  return Finish(context, std::move(deployment));
}

// A schedule as the file has it: the rule beside active, slug and parameters.
json::object ScheduleEntry(const json::value& said) {
  json::object rule;
  json::object entry{{"active", true}};
  for (const auto& [name, value] : prefect::AsObject(said)) {
    const std::string_view key(name);
    const bool beside = key == "active" || key == "slug" || key == "parameters";
    (beside ? entry : rule)[name] = value;
  }
  entry["schedule"] = std::move(rule);
  return entry;
}

Status DeployEntry(const Context& context, const json::value& entry, const json::value& file) {
  TIDEMILL_ASSIGN(json::object deployment, Begin(context, TextIn(entry, "entrypoint"), TextIn(entry, "name")));
  for (const std::string_view name :
       {"version", "description", "tags", "parameters", "concurrency_limit", "enforce_parameter_schema"}) {
    if (const json::value* value = prefect::Find(entry, name)) deployment[name] = *value;
  }
  deployment["work_pool_name"] = prefect::TextOrNull(TextIn(entry, "work_pool.name"));
  deployment["work_queue_name"] = prefect::TextOrNull(TextIn(entry, "work_pool.work_queue_name"));
  for (const auto& [name, value] : prefect::ObjectIn(entry, "work_pool.job_variables")) {
    deployment["infra_overrides"].as_object()[name] = value;
  }
  json::array schedules;
  for (const json::value& one : prefect::ArrayIn(entry, "schedules")) schedules.push_back(ScheduleEntry(one));
  if (const json::value* only = prefect::Find(entry, "schedule")) schedules.push_back(ScheduleEntry(*only));
  deployment["schedules"] = std::move(schedules);
  const json::value* pull = prefect::Find(entry, "pull");
  if (pull == nullptr) pull = prefect::Find(file, "pull");
  if (pull != nullptr) deployment["pull_steps"] = *pull;
  return Finish(context, std::move(deployment));
}

}  // namespace

Status DeployFromFile(const Context& context) {
  if (context.Has("ENTRYPOINT")) return DeployFromOptions(context);
  const std::string name = context.arguments.Text("prefect-file", "prefect.yaml");
  TIDEMILL_ASSIGN(const std::string text, context.around.read_file(name));
  TIDEMILL_ASSIGN(const json::value file, prefect::ParseYaml(text, name));
  for (const std::string_view step : {"build", "push"}) {
    if (!prefect::ArrayIn(file, step).empty()) {
      return base::FailAt(ErrorCode::kUnsupported, name, "'{}' steps are not taken here", step);
    }
  }
  const json::array& all = prefect::ArrayIn(file, "deployments");
  const std::string wanted = context.Text("name");
  if (wanted.empty() && all.size() != 1 && !context.Has("all")) {
    return base::FailAt(ErrorCode::kInvalid, name, "holds {} deployments: --name takes one, --all takes them all",
                        all.size());
  }
  std::size_t count = 0;
  for (const json::value& entry : all) {
    if (!wanted.empty() && TextIn(entry, "name") != wanted) continue;
    ++count;
    TIDEMILL_CHECK(DeployEntry(context, entry, file));
  }
  if (count == 0) return base::FailAt(ErrorCode::kNotFound, name, "holds no deployment {}", base::Quoted(wanted));
  return {};
}

}  // namespace tidemill::console
