// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/deployment_file.h"

#include <algorithm>
#include <array>

#include "tidemill/base/text.h"

#include "yaml_text.h"

namespace tidemill::prefect {
namespace {

constexpr std::array<std::string_view, 11> kAbove{
    "name",     "description",        "version",         "work_queue_name", "work_pool_name", "tags", "parameters",
    "schedule", "is_schedule_active", "infra_overrides", "infrastructure"};
constexpr std::array<std::string_view, 8> kBelow{
    "flow_name", "manifest_path", "storage", "path", "entrypoint", "parameter_openapi_schema", "timestamp", "triggers"};

bool IsKnown(std::string_view name) {
  return std::find(kAbove.begin(), kAbove.end(), name) != kAbove.end() ||
         std::find(kBelow.begin(), kBelow.end(), name) != kBelow.end();
}

void AppendMember(std::string& out, const json::object& deployment, std::string_view name) {
  const json::value* value = deployment.if_contains(json::string_view(name.data(), name.size()));
  AppendYamlMember(out, name, value != nullptr ? *value : json::value(), 0);
}

// A block that was saved is named below the line: what is edited there is not taken.
bool IsSavedBlock(const json::object& deployment) {
  return !TextIn(deployment, "infrastructure._block_document_name").empty();
}

}  // namespace

std::string WriteDeploymentFile(const json::object& deployment) {
  std::string out = fmt::format("###\n### A complete description of a Prefect Deployment for flow {}\n###\n",
                                base::Quoted(TextIn(deployment, "flow_name")));
  const bool saved = IsSavedBlock(deployment);
  for (const std::string_view name : kAbove) {
    if (name == "work_queue_name") out += "# The work queue that will handle this deployment's runs\n";
    if (name == "infrastructure" && saved) continue;
    AppendMember(out, deployment, name);
  }
  out += "\n###\n### DO NOT EDIT BELOW THIS LINE\n###\n";
  for (const std::string_view name : kBelow) {
    AppendMember(out, deployment, name);
    if (name == "manifest_path" && saved) AppendMember(out, deployment, "infrastructure");
  }
  for (const auto& [name, value] : deployment) {
    if (!IsKnown(std::string_view(name))) AppendYamlMember(out, std::string_view(name), value, 0);
  }
  return out;
}

base::Result<json::object> ParseDeploymentFile(std::string_view text, const std::string& file) {
  TIDEMILL_ASSIGN(json::value parsed, ParseYaml(text, file));
  if (!parsed.is_object()) {
    return base::FailAt(base::ErrorCode::kInvalid, file, "expected a deployment: name, flow_name, entrypoint …");
  }
  for (const std::string_view name : {"name", "flow_name", "entrypoint"}) {
    if (TextIn(parsed, name).empty()) {
      return base::FailAt(base::ErrorCode::kInvalid, file, "a deployment's '{}' is missing", name);
    }
  }
  return std::move(parsed.get_object());
}

}  // namespace tidemill::prefect
