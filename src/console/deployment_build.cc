// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

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

bool IsRecipe(const std::string& entrypoint) {
  return entrypoint.substr(0, entrypoint.rfind(':')).ends_with(".toml");
}

// What runs a recipe, be it by an agent of Prefect.
json::array RecipeCommand() {
  return {"tidemill", "flow-run", "execute"};
}

json::object ProcessInfrastructure(bool recipe) {
  json::object block{{"type", "process"}, {"env", json::object()}, {"labels", json::object()}, {"name", nullptr}};
  block["command"] = recipe ? json::value(RecipeCommand()) : json::value(nullptr);
  block["stream_output"] = true;
  block["working_dir"] = nullptr;
  block["block_type_slug"] = "process";
  block["_block_type_slug"] = "process";
  return block;
}

// Every secret as ten asterisks: none is written to a file.
json::value Masked(const json::value& value, const json::value& block) {
  if (!value.is_object()) return value;
  json::object out = value.get_object();
  for (const json::value& field : prefect::ArrayIn(block, "block_schema.fields.secret_fields")) {
    const std::string name = prefect::AsText(field);
    json::object* into = &out;
    std::string_view rest = name;
    for (std::size_t dot = rest.find('.'); dot != std::string_view::npos && into != nullptr; dot = rest.find('.')) {
      json::value* member = into->if_contains(rest.substr(0, dot));
      into = member != nullptr ? member->if_object() : nullptr;
      rest.remove_prefix(dot + 1);
    }
    if (into == nullptr) continue;
    if (rest == "*") {
      for (auto& entry : *into) entry.value() = "**********";
    } else if (json::value* member = into->if_contains(rest); member != nullptr && !member->is_null()) {
      *member = "**********";
    }
  }
  return out;
}

Result<json::object> SavedBlock(const Context& context, const std::string& slug_and_name) {
  TIDEMILL_ASSIGN(const json::value block, FindBlock(context, slug_and_name));
  const std::string slug = slug_and_name.substr(0, slug_and_name.find('/'));
  json::value masked = Masked(json::value(prefect::ObjectIn(block, "data")), block);
  json::object out = masked.is_object() ? masked.get_object() : json::object();
  out["_block_document_id"] = TextIn(block, "id");
  out["_block_document_name"] = TextIn(block, "name");
  out["_is_anonymous"] = false;
  out["block_type_slug"] = slug;
  out["_block_type_slug"] = slug;
  return out;
}

Result<json::object> ParametersOf(const Context& context) {
  if (context.Has("param") && context.Has("params")) {
    return Fail(ErrorCode::kInvalid, "--param and --params cannot be combined");
  }
  if (context.Has("params")) {
    TIDEMILL_ASSIGN(const json::value all, prefect::ParseJson(context.Text("params"), "--params"));
    if (!all.is_object()) return Fail(ErrorCode::kInvalid, "--params: expected a JSON object");
    return all.get_object();
  }
  return PairsOf(context.arguments.List("param"), "--param");
}

Status AddInfrastructure(const Context& context, json::object& deployment) {
  if (context.Has("infra") && context.Has("infra-block")) {
    return Fail(ErrorCode::kInvalid, "only one of --infra and --infra-block names the infrastructure");
  }
  const std::string entrypoint = TextIn(deployment, "entrypoint");
  if (context.Has("infra-block")) {
    TIDEMILL_ASSIGN(json::object block, SavedBlock(context, context.Text("infra-block")));
    if (block.contains("image")) deployment["path"] = IsRecipe(entrypoint) ? "/opt/tidemill" : "/opt/prefect/flows";
    deployment["infrastructure"] = std::move(block);
    return {};
  }
  const std::string type = context.arguments.Text("infra", "process");
  if (type != "process") {
    return Fail(ErrorCode::kUnsupported, "--infra {}: expected process, or a saved block by --infra-block",
                base::Quoted(type));
  }
  if (TextIn(deployment, "work_pool_name").empty()) {
    deployment["infrastructure"] = ProcessInfrastructure(IsRecipe(entrypoint));
  } else {
    deployment["infrastructure"] = nullptr;
    if (IsRecipe(entrypoint)) deployment["infra_overrides"] = json::object{{"command", "tidemill flow-run execute"}};
  }
  return {};
}

// What the command line left open is taken over from the deployment that is there.
void TakeOver(const json::value& there, const Context& context, json::object& deployment) {
  const auto take = [&](std::string_view option, std::string_view name) {
    if (context.Has(std::string(option))) return;
    if (const json::value* value = prefect::Find(there, name)) deployment[name] = *value;
  };
  take("tag", "tags");
  take("description", "description");
  take("work-queue", "work_queue_name");
  if (!context.Has("param") && !context.Has("params")) take("param", "parameters");
  if (!context.Has("cron") && !context.Has("interval") && !context.Has("rrule")) take("cron", "schedule");
}

std::string OutputFile(const Context& context, const std::string& flow_name) {
  std::string file = context.Text("output");
  if (!file.empty()) return file.ends_with(".yaml") ? file : file + ".yaml";
  file = flow_name;
  std::replace(file.begin(), file.end(), '-', '_');
  return file + "-deployment.yaml";
}

Status CheckOutput(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  const std::size_t dot = file.rfind('.');
  const bool has_suffix = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1);
  if (has_suffix && !file.ends_with(".yaml")) {
    return Fail(ErrorCode::kInvalid, "--output {}: expected the suffix .yaml", base::Quoted(file));
  }
  return {};
}

}  // namespace

Status BuildDeployment(const Context& context) {
  TIDEMILL_CHECK(CheckOutput(context.Text("output")));
  const std::string entrypoint = context.Text("ENTRYPOINT");
  TIDEMILL_ASSIGN(const json::value schedule, ScheduleOf(context));
  TIDEMILL_ASSIGN(const json::object parameters, ParametersOf(context));
  TIDEMILL_ASSIGN(const json::object overrides, PairsOf(context.arguments.List("override"), "--override"));
  TIDEMILL_ASSIGN(const FlowFacts flow, context.around.describe_flow(entrypoint));
  const std::string name = context.Text("name");
  if (name.find_first_of("/%&><") != std::string::npos) {
    return Fail(ErrorCode::kInvalid, "--name {}: none of / % & > < may stand in it", base::Quoted(name));
  }
  context.Note(fmt::format("found flow '{}'", flow.flow_name));
  json::array tags;
  for (const std::string& tag : context.arguments.List("tag")) tags.emplace_back(tag);
  json::object deployment{{"name", name}};
  deployment["description"] = prefect::TextOrNull(context.Text("description"));
  deployment["version"] = prefect::TextOrNull(context.arguments.Text("version", flow.version));
  const std::string pool = context.Text("pool");
  deployment["work_queue_name"] =
      prefect::TextOrNull(context.arguments.Text("work-queue", pool.empty() ? "default" : ""));
  deployment["work_pool_name"] = prefect::TextOrNull(pool);
  deployment["tags"] = std::move(tags);
  deployment["parameters"] = parameters;
  deployment["schedule"] = schedule;
  deployment["is_schedule_active"] = nullptr;
  deployment["infra_overrides"] = json::object();
  deployment["flow_name"] = flow.flow_name;
  deployment["path"] = context.around.folder;
  deployment["entrypoint"] = entrypoint;
  TIDEMILL_CHECK(CheckParameterNames(prefect::AsObject(flow.parameter_schema), parameters));
  deployment["parameter_openapi_schema"] = flow.parameter_schema;
  const auto there =
      context.client().Get("/deployments/name/" + prefect::PathPart(flow.flow_name) + "/" + prefect::PathPart(name),
                           {.repeats = 0, .timeout = std::chrono::milliseconds(5'000), .stop = context.around.stop});
  if (there) TakeOver(*there, context, deployment);
  TIDEMILL_CHECK(AddInfrastructure(context, deployment));
  for (const auto& [key, value] : overrides) deployment["infra_overrides"].as_object()[key] = value;
  if (context.Has("path")) deployment["path"] = context.Text("path");
  if (context.Has("storage-block")) {
    TIDEMILL_ASSIGN(json::object storage, SavedBlock(context, context.Text("storage-block")));
    deployment["storage"] = std::move(storage);
    if (!context.Has("skip-upload")) context.Note("nothing is uploaded: put the recipe where the storage block points");
  }
  deployment["timestamp"] = base::InstantText(context.client().clock().Now());
  deployment["triggers"] = json::array();
  const std::string file = OutputFile(context, flow.flow_name);
  TIDEMILL_CHECK(context.around.write_file(file, prefect::WriteDeploymentFile(deployment)));
  context.Note(fmt::format("deployment written to {}", file));
  if (TextIn(deployment, "work_queue_name").empty() && pool.empty()) {
    context.Note("warning: the deployment has no work queue: nobody will pick up its runs");
  }
  if (!context.Has("apply")) {
    if (context.as_json) context.around.print(prefect::ToIndentedText(deployment));
    return {};
  }
  TIDEMILL_ASSIGN(const std::string id, ApplyDeployment(context, deployment));
  TellApplied(context, deployment, id);
  return {};
}

}  // namespace tidemill::console
