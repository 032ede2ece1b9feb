// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/text.h"
#include "tidemill/prefect/deployment_file.h"
#include "tidemill/prefect/work_pools.h"

#include "deployment.h"
#include "handlers.h"

namespace tidemill::console {
namespace {

namespace json = prefect::json;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using prefect::TextIn;

json::value Member(const json::object& of, std::string_view name, json::value otherwise = nullptr) {
  const json::value* found = prefect::Find(of, name);
  return found != nullptr ? *found : otherwise;
}

// The fields of a block as the file has them, without what only names it.
json::object FieldsOf(const json::object& block) {
  json::object fields;
  for (const auto& [name, value] : block) {
    if (!std::string_view(name).starts_with('_') && std::string_view(name) != "block_type_slug") fields[name] = value;
  }
  return fields;
}

bool HasMaskedSecrets(const json::value& value) {
  if (value.is_string()) return std::string_view(value.get_string()) == "**********";
  for (const auto& [name, member] : prefect::AsObject(value)) {
    if (HasMaskedSecrets(member)) return true;
  }
  return false;
}

// The id of a block in the file: of the saved one it names, else of a new one without a name.
Result<std::string> BlockId(const Context& context, const json::object& block) {
  std::string slug = TextIn(block, "_block_type_slug");
  if (slug.empty()) slug = TextIn(block, "block_type_slug");
  if (slug.empty()) slug = TextIn(block, "type");
  if (slug.empty()) return Fail(ErrorCode::kInvalid, "a block of the file does not name its type");
  if (const std::string name = TextIn(block, "_block_document_name"); !name.empty()) {
    TIDEMILL_ASSIGN(const json::value saved, FindBlock(context, slug + "/" + name));
    return TextIn(saved, "id");
  }
  if (HasMaskedSecrets(block)) {
    return Fail(ErrorCode::kInvalid, "a block of type {} in the file has secrets but no name: save it first", slug);
  }
  TIDEMILL_ASSIGN(const json::value type, FindOrMakeBlockType(context, slug));
  TIDEMILL_ASSIGN(const json::value schema, FindOrMakeBlockSchema(context, type));
  const json::object body{{"name", nullptr},
                          {"data", FieldsOf(block)},
                          {"block_type_id", TextIn(type, "id")},
                          {"block_schema_id", TextIn(schema, "id")},
                          {"is_anonymous", true}};
  TIDEMILL_ASSIGN(const json::value made, context.client().Post("/block_documents/", body, context.ask()));
  return TextIn(made, "id");
}

// What both versions of the wire have.
json::object CommonMembers(const json::object& deployment) {
  json::object body;
  for (const std::string_view name : {"name", "version", "description", "path", "entrypoint", "work_queue_name",
                                      "parameter_openapi_schema", "work_pool_name"}) {
    if (const json::value* value = prefect::Find(deployment, name)) body[name] = *value;
  }
  body["parameters"] = Member(deployment, "parameters", json::object());
  body["tags"] = Member(deployment, "tags", json::array());
  return body;
}

void AddOldMembers(const json::object& deployment, json::object& body) {
  body["schedule"] = Member(deployment, "schedule");
  if (const json::value* active = prefect::Find(deployment, "is_schedule_active")) body["is_schedule_active"] = *active;
  body["infra_overrides"] = Member(deployment, "infra_overrides", json::object());
  body["manifest_path"] = nullptr;
}

void AddNewMembers(const json::object& deployment, json::object& body) {
  const json::value active = Member(deployment, "is_schedule_active", true);
  if (const json::value* all = prefect::Find(deployment, "schedules")) {
    body["schedules"] = *all;
  } else if (const json::value* schedule = prefect::Find(deployment, "schedule")) {
    body["schedules"] = json::array{json::object{{"schedule", *schedule}, {"active", active}}};
  } else {
    body["schedules"] = json::array();
  }
  body["job_variables"] = JobVariables(prefect::ObjectIn(deployment, "infra_overrides"));
  body["enforce_parameter_schema"] = Member(deployment, "enforce_parameter_schema", false);
  for (const std::string_view name : {"concurrency_limit", "pull_steps"}) {
    if (const json::value* value = prefect::Find(deployment, name)) body[name] = *value;
  }
}

}  // namespace

json::object JobVariables(const json::object& overrides) {
  constexpr std::string_view kEnvironment = "env.";
  json::object variables;
  for (const auto& [key, value] : overrides) {
    const std::string_view name(key);
    if (name.starts_with(kEnvironment)) {
      json::value& environment = variables["env"];
      if (!environment.is_object()) environment = json::object();
      environment.get_object()[name.substr(kEnvironment.size())] = json::string(prefect::AsText(value));
    } else {
      variables[name] = value;
    }
  }
  return variables;
}

Result<int> MajorOf(const Context& context) {
  TIDEMILL_ASSIGN(const json::value version, context.client().Get("/admin/version", context.ask()));
  return prefect::AsText(version).starts_with("2.") ? 2 : 3;
}

Result<std::string> ApplyDeployment(const Context& context, const json::object& deployment) {
  TIDEMILL_ASSIGN(const int major, MajorOf(context));
  TIDEMILL_ASSIGN(
      const json::value flow,
      context.client().Post("/flows/", json::object{{"name", TextIn(deployment, "flow_name")}}, context.ask()));
  json::object body = CommonMembers(deployment);
  body["flow_id"] = TextIn(flow, "id");
  if (const json::value* block = prefect::Find(deployment, "infrastructure")) {
    TIDEMILL_ASSIGN(const std::string id, BlockId(context, prefect::AsObject(*block)));
    body["infrastructure_document_id"] = id;
  }
  if (const json::value* block = prefect::Find(deployment, "storage")) {
    TIDEMILL_ASSIGN(const std::string id, BlockId(context, prefect::AsObject(*block)));
    body["storage_document_id"] = id;
  }
  if (major == 2) {
    AddOldMembers(deployment, body);
  } else {
    if (TextIn(deployment, "work_pool_name").empty())
      TIDEMILL_CHECK(prefect::EnsureAgentPool(context.client(), context.ask()));
    AddNewMembers(deployment, body);
  }
  TIDEMILL_ASSIGN(const json::value made, context.client().Post("/deployments/", body, context.ask()));
  return TextIn(made, "id");
}

void TellApplied(const Context& context, const json::object& deployment, const std::string& id) {
  const std::string name = TextIn(deployment, "flow_name") + "/" + TextIn(deployment, "name");
  if (context.as_json) {
    context.around.print(prefect::ToIndentedText(json::object{{"id", id}, {"name", name}}));
    return;
  }
  context.Print(fmt::format("deployment '{}' created with id '{}'", name, id));
  context.Print("to see it: " + context.client().PageUrl("/deployments/deployment/" + id));
  const std::string pool = TextIn(deployment, "work_pool_name");
  const std::string queue = TextIn(deployment, "work_queue_name");
  if (!pool.empty()) {
    context.Print(fmt::format("to run it, start a worker: tidemill worker start -p '{}'", pool));
  } else if (!queue.empty()) {
    context.Print(fmt::format("to run it, start an agent: tidemill agent start -q '{}'", queue));
  } else {
    context.Note("warning: the deployment has no work queue: nobody will pick up its runs");
  }
}

Status ApplyDeployments(const Context& context) {
  for (const std::string& file : context.arguments.List("FILE")) {
    TIDEMILL_ASSIGN(const std::string text, context.around.read_file(file));
    TIDEMILL_ASSIGN(json::object deployment, prefect::ParseDeploymentFile(text, file));
    if (!deployment.contains("infrastructure") || deployment["infrastructure"].is_null()) {
      if (TextIn(deployment, "work_pool_name").empty()) {
        deployment["infrastructure"] = json::object{{"type", "process"}, {"block_type_slug", "process"}};
      }
    }
    if (const json::value* triggers = prefect::Find(deployment, "triggers");
        triggers != nullptr && !prefect::AsArray(*triggers).empty()) {
      context.Note(file + ": triggers are left alone: make automations of them");
    }
    TIDEMILL_ASSIGN(const std::string id, ApplyDeployment(context, deployment));
    TellApplied(context, deployment, id);
    if (const auto limit = base::ParseInt(context.Text("limit"))) {
      const std::string queue = TextIn(deployment, "work_queue_name");
      std::string pool = TextIn(deployment, "work_pool_name");
      if (pool.empty()) pool = "default-agent-pool";
      TIDEMILL_ASSIGN(const json::value limited,
                      context.client().Ask("PATCH",
                                           "/work_pools/" + prefect::PathPart(pool) + "/queues/" +
                                               prefect::PathPart(queue.empty() ? "default" : queue),
                                           json::object{{"concurrency_limit", *limit}}, context.ask()));
    }
  }
  return {};
}

}  // namespace tidemill::console
