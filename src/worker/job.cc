// SPDX-License-Identifier: Apache-2.0
#include "job.h"

#include "tidemill/base/text.h"

#include "block_references.h"

namespace tidemill::worker {
namespace {

namespace json = prefect::json;
using base::Result;
using prefect::TextIn;

// The defaults of a pool's variables.
json::object DefaultsOf(const json::value& pool) {
  json::object defaults;
  for (const auto& [name, property] : prefect::ObjectIn(pool, "base_job_template.variables.properties")) {
    if (const json::value* value = prefect::Find(property, "default")) defaults[name] = *value;
  }
  return defaults;
}

base::Status AddInfrastructure(const prefect::Client& client, const std::string& document, Planned& planned,
                               const prefect::AskOptions& ask) {
  if (document.empty()) return {};
  TIDEMILL_ASSIGN(const json::value block, client.Get("/block_documents/" + document + "?include_secrets=true", ask));
  planned.job.variables = prefect::ObjectIn(block, "data");
  if (std::string type = TextIn(block, "block_type.slug"); !type.empty()) planned.type = std::move(type);
  return {};
}

void AddEnvironment(Job& job) {
  job.environment.emplace_back("PREFECT__FLOW_RUN_ID", job.flow_run_id);
  const json::value* own = prefect::Find(job.variables, "env");
  if (own == nullptr) return;
  for (const auto& [name, value] : prefect::AsObject(*own)) {
    if (!value.is_null()) job.environment.emplace_back(name, prefect::AsText(value));
  }
}

}  // namespace

void LayOver(json::object& variables, const json::object& over) {
  for (const auto& [name, value] : over) {
    json::object* into = &variables;
    std::string_view rest(name);
    for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
      json::value& member = (*into)[rest.substr(0, dot)];
      if (!member.is_object()) member = json::object();
      into = &member.get_object();
      rest.remove_prefix(dot + 1);
    }
    json::value& place = (*into)[rest];
    if (place.is_object() && value.is_object()) {
      LayOver(place.get_object(), value.get_object());
    } else {
      place = value;
    }
  }
}

Result<Planned> PlanJob(const prefect::Client& client, const json::value& flow_run, const json::value& pool,
                        const std::string& default_type, const prefect::AskOptions& ask) {
  Planned planned{.job = {}, .type = default_type};
  Job& job = planned.job;
  TIDEMILL_ASSIGN(const json::value deployment, client.Get("/deployments/" + TextIn(flow_run, "deployment_id"), ask));
  TIDEMILL_ASSIGN(const json::value flow, client.Get("/flows/" + TextIn(flow_run, "flow_id"), ask));
  job.flow_run_id = TextIn(flow_run, "id");
  job.flow_run_name = TextIn(flow_run, "name");
  job.flow_name = TextIn(flow, "name");
  job.deployment_name = TextIn(deployment, "name");
  job.deployment_updated = TextIn(deployment, "updated");
  job.version = TextIn(deployment, "version");
  job.entrypoint = TextIn(deployment, "entrypoint");
  job.attempt = 1 + static_cast<int>(base::ParseInt(TextIn(flow_run, "run_count")).value_or(0));
  if (pool.is_null()) {
    std::string document = TextIn(flow_run, "infrastructure_document_id");
    if (document.empty()) document = TextIn(deployment, "infrastructure_document_id");
    TIDEMILL_CHECK(AddInfrastructure(client, document, planned, ask));
    const json::object& overrides = prefect::ObjectIn(deployment, "infra_overrides");
    LayOver(job.variables, overrides.empty() ? prefect::ObjectIn(deployment, "job_variables") : overrides);
  } else {
    planned.type = TextIn(pool, "type");
    job.variables = DefaultsOf(pool);
    if (const json::value* base = prefect::Find(pool, "base_job_template")) job.base_job_template = *base;
    const json::object& own = prefect::ObjectIn(deployment, "job_variables");
    LayOver(job.variables, own.empty() ? prefect::ObjectIn(deployment, "infra_overrides") : own);
  }
  LayOver(job.variables, prefect::ObjectIn(flow_run, "job_variables"));
  TIDEMILL_CHECK(ResolveBlocks(client, job.variables, ask));
  AddEnvironment(job);
  return planned;
}

}  // namespace tidemill::worker
