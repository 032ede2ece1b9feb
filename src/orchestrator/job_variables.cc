// SPDX-License-Identifier: Apache-2.0
#include "job_variables.h"

#include <optional>
#include <set>
#include <utility>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "blocks.h"
#include "entity.h"

namespace tidemill::orchestrator {
namespace {

// The names in {{ name }} of all texts; not those of blocks, variables and environment that a worker fills in.
void AddNames(const json::value& value, std::set<std::string>& names) {
  if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object) AddNames(member, names);
  } else if (const auto* list = value.if_array()) {
    for (const json::value& element : *list) AddNames(element, names);
  } else if (value.is_string()) {
    std::string_view text = value.get_string();
    for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{")) {
      text.remove_prefix(at + 2);
      const std::string_view name = base::Trim(text.substr(0, text.find("}}")));
      if (!name.starts_with("prefect.") && !name.starts_with('$')) names.emplace(name);
    }
  }
}

// The block that a default names, or nothing where it names none. 404 where that is not there.
Outcome<std::optional<json::object>> BlockOf(Call& call, const json::value& value) {
  const auto* object = value.if_object();
  const json::object* reference = object != nullptr ? FindObject(*object, "$ref") : nullptr;
  if (reference == nullptr || !reference->contains("block_document_id")) return std::optional<json::object>();
  const auto id = ParseId(TextMember(*reference, "block_document_id").value_or(""));
  std::optional<json::object> data;
  if (id) {
    TIDEMILL_ASSIGN(data, BlockData(call, *id));
  }
  if (!data) return Refuse(404, "Block not found.");
  return data;
}

struct Defaults {
  json::object values;
  std::string unfit;  // the name of the first that does not fit
  std::string why;    // of a default that is no block: what a block holds may be secret
};

Outcome<Defaults> ReadDefaults(Call& call, const json::object& schema) {
  Defaults defaults;
  const json::object* properties = FindObject(schema, "properties");
  if (properties == nullptr) return defaults;
  for (const auto& [name, property] : *properties) {
    const auto* described = property.if_object();
    const json::value* value = described != nullptr ? described->if_contains("default") : nullptr;
    if (value == nullptr) continue;
    TIDEMILL_ASSIGN(auto block, BlockOf(call, *value));
    json::object one{{name, block ? json::value(*block) : *value}};
    const std::string why = WhyUnfit(schema, one, Required::kIgnored);
    if (why.empty()) {
      defaults.values[name] = one[name];
    } else if (defaults.unfit.empty()) {
      defaults.unfit = std::string(name);
      if (!block) defaults.why = why;
    }
  }
  return defaults;
}

}  // namespace

Outcome<void> CheckTemplate(Call& call, const json::object& job_template) {
  constexpr std::string_view kMember = "base_job_template";
  if (job_template.empty()) return {};
  const json::value* configuration = Find(job_template, "job_configuration");
  const json::object* schema = FindObject(job_template, "variables");
  if (configuration == nullptr || schema == nullptr)
    return RefuseMember(kMember, "both job_configuration and variables were expected");
  std::set<std::string> names;
  AddNames(*configuration, names);
  const json::object* properties = FindObject(*schema, "properties");
  for (const std::string& name : names) {
    if (properties == nullptr || !properties->contains(name))
      return RefuseMember(kMember, fmt::format("the variable {} is not described", base::Quoted(name)));
  }
  TIDEMILL_ASSIGN(const Defaults defaults, ReadDefaults(call, *schema));
  if (defaults.unfit.empty()) return {};
  return Refuse(422, fmt::format("Validation failed for field '{}'. Failure reason: {}", defaults.unfit,
                                 defaults.why.empty() ? "the block is of another kind" : defaults.why));
}

Outcome<void> CheckJobVariables(Call& call, const std::string& queue_id, const json::object& variables,
                                Required required, std::string_view context) {
  TIDEMILL_ASSIGN(const db::Value text,
                  SelectValue(call,
                              "SELECT p.base_job_template FROM work_pool p JOIN work_queue q ON q.work_pool_id = p.id "
                              "WHERE q.id = ?1",
                              {queue_id}));
  if (db::IsNull(text)) return {};
  const json::value job_template = json::parse(db::TextOf(text));
  const json::object* schema = FindObject(job_template.as_object(), "variables");
  if (schema == nullptr) return {};
  TIDEMILL_ASSIGN(Defaults defaults, ReadDefaults(call, *schema));
  for (const auto& [name, value] : variables) defaults.values[name] = value;
  // What an unfit default was for cannot be asked for.
  const std::string why = WhyUnfit(*schema, defaults.values, defaults.unfit.empty() ? required : Required::kIgnored);
  if (!why.empty()) return Refuse(422, fmt::format("{}: {}", context, why));
  return {};
}

}  // namespace tidemill::orchestrator
