// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "deployments.h"
#include "flow_runs.h"
#include "hydration.h"
#include "instant.h"
#include "job_variables.h"
#include "runs.h"
#include "searchables.h"
#include "work.h"

// Runs of deployments: made by a request, and asked for by whoever runs them.
namespace tidemill::orchestrator {
namespace {

constexpr std::size_t kMostAtOnce = 100;

// What a deployment says of its runs.
struct Facts {
  std::string id, flow_id;
  std::optional<std::string> version, queue_id, queue_name, pool, infrastructure;
  json::object parameters, job_variables;
  json::array tags;
  json::value schema;
  bool enforced = false;
};

std::optional<std::string> TextOrNothing(const db::Value& value) {
  return db::IsNull(value) ? std::nullopt : std::optional<std::string>(db::TextOf(value));
}

Outcome<Facts> LoadFacts(Call& call, const std::string& id) {
  TIDEMILL_ASSIGN(
      const db::Rows rows,
      call.db.Query("SELECT d.flow_id, d.version, d.parameters, d.tags, d.work_queue_id, d.work_queue_name, p.name, "
                    "d.infrastructure_document_id, d.parameter_schema, d.enforce_schema, d.job_variables FROM "
                    "deployment d LEFT JOIN work_queue q ON q.id = d.work_queue_id LEFT JOIN work_pool p ON p.id = "
                    "q.work_pool_id WHERE d.id = ?1",
                    {id}));
  if (rows.empty()) return Refuse(404, kNoDeployment);
  const db::Row& row = rows.front();
  Facts facts{.id = id,
              .flow_id = db::TextOf(row[0]),
              .version = TextOrNothing(row[1]),
              .queue_id = TextOrNothing(row[4]),
              .queue_name = TextOrNothing(row[5]),
              .pool = TextOrNothing(row[6]),
              .infrastructure = TextOrNothing(row[7])};
  facts.parameters = json::parse(db::TextOf(row[2])).as_object();
  facts.tags = json::parse(db::TextOf(row[3])).as_array();
  if (!db::IsNull(row[8])) facts.schema = json::parse(db::TextOf(row[8]));
  facts.enforced = db::IntOf(row[9]) != 0;
  facts.job_variables = json::parse(db::TextOf(row[10])).as_object();
  return facts;
}

Outcome<json::object> ParametersOf(Call& call, const Facts& facts, Members& members) {
  json::object merged = facts.parameters;
  if (const json::object* sent = members.Object("parameters")) {
    for (const auto& [name, value] : *sent) merged[name] = value;
  }
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(json::object parameters, HydrateOrRefuse(call, merged, "Error hydrating flow run parameters"));
  const bool enforced = members.Bool("enforce_parameter_schema").value_or(facts.enforced);
  if (enforced && facts.schema.is_object()) TIDEMILL_CHECK(CheckParameters(facts.schema.get_object(), parameters));
  return parameters;
}

std::string TagsOf(const Facts& facts, Members& members) {
  json::array tags = facts.tags;
  const json::array sent = json::parse(members.JsonTexts("tags")).as_array();
  for (const json::value& tag : sent) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
  }
  return json::serialize(tags);
}

// A run may be sent to another queue of its deployment's pool, which is made where it is not there.
Outcome<void> SetQueue(Call& call, const Facts& facts, Members& members, FlowRunSeed& seed) {
  const auto wanted = members.Text("work_queue_name");
  if (!wanted || wanted->empty()) return {};
  if (!facts.pool) {
    return Refuse(400, fmt::format("No run can be made in the work queue {}: its deployment has no work pool.",
                                   base::Quoted(*wanted)));
  }
  TIDEMILL_ASSIGN(seed.work_queue_id, FindQueue(call, facts.pool, *wanted));
  seed.work_queue_name = wanted;
  return {};
}

Outcome<void> CheckVariables(Call& call, const Facts& facts, const json::object* sent) {
  if (!facts.queue_id) return {};
  json::object variables = facts.job_variables;
  if (sent != nullptr) {
    for (const auto& [name, value] : *sent) variables[name] = value;
  }
  return CheckJobVariables(call, *facts.queue_id, variables, Required::kAsked, "Error creating flow run");
}

Outcome<MadeFlowRun> MakeRun(Call& call, const Facts& facts, const json::value& body) {
  Members members(body);
  TIDEMILL_ASSIGN(const json::object parameters, ParametersOf(call, facts, members));
  FlowRunSeed seed{.flow_id = facts.flow_id,
                   .name = members.Text("name").value_or(""),
                   .deployment_id = facts.id,
                   .deployment_version = facts.version,
                   .idempotency_key = members.Text("idempotency_key"),
                   .parent_task_run_id = members.Id("parent_task_run_id"),
                   .work_queue_id = facts.queue_id,
                   .work_queue_name = facts.queue_name,
                   .infrastructure_document_id = facts.infrastructure,
                   .parameters = json::serialize(parameters),
                   .context = members.JsonObject("context"),
                   .tags = TagsOf(facts, members),
                   .policy = FlowPolicyText(members.Object("empirical_policy")),
                   .job_variables = members.JsonObject("job_variables")};
  if (const auto document = members.Id("infrastructure_document_id")) seed.infrastructure_document_id = *document;
  if (const json::object* labels = members.Object("labels")) seed.labels = *labels;
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(CheckPolicy(members.Object("empirical_policy")));
  TIDEMILL_CHECK(CheckVariables(call, facts, members.Object("job_variables")));
  TIDEMILL_CHECK(SetQueue(call, facts, members, seed));
  seed.state = MakeState(StateType::kScheduled, "Scheduled");
  seed.state.details["scheduled_time"] = InstantText(call.now);
  if (const json::value* state = Find(members.object(), "state")) {
    TIDEMILL_ASSIGN(seed.state, ParseState(*state, call.now));
  }
  return MakeFlowRun(call, std::move(seed));
}

}  // namespace

Outcome<Answer> CreateFlowRunOfDeployment(Call& call) {
  TIDEMILL_ASSIGN(const Facts facts, LoadFacts(call, call.path.at(0)));
  TIDEMILL_ASSIGN(const MadeFlowRun made, MakeRun(call, facts, call.body));
  return AnswerFlowRun(call, made.id, made.fresh ? 201 : 200);
}

Outcome<Answer> CreateFlowRunsOfDeployment(Call& call) {
  TIDEMILL_ASSIGN(const Facts facts, LoadFacts(call, call.path.at(0)));
  if (!call.body.is_array()) return RefuseMember("", "a list of runs was expected");
  const json::array& wanted = call.body.get_array();
  if (wanted.size() > kMostAtOnce) return Refuse(400, fmt::format("{} runs at most can be made at once.", kMostAtOnce));
  std::vector<std::string> results;
  for (const json::value& one : wanted) {
    TIDEMILL_ASSIGN(const MadeFlowRun made, MakeRun(call, facts, one));
    results.push_back(fmt::format(R"({{"flow_run_id":"{}","status":"CREATED","error":null}})", made.id));
  }
  return Answer{.status = 200, .body = R"({"results":[)" + base::Join(results, ",") + "]}"};
}

Outcome<Answer> GetScheduledRunsOfDeployments(Call& call) {
  Members members(call.body);
  const std::string ids = members.JsonTexts("deployment_ids");
  const auto before = members.Instant("scheduled_before");
  TIDEMILL_ASSIGN(const std::int64_t limit, ReadLimit(members));
  TIDEMILL_CHECK(call.db.Change("UPDATE deployment SET last_polled = ?2 WHERE id IN (SELECT value FROM json_each(?1))",
                                {ids, Micros(call.now)}));
  return AnswerList(
      call, kFlowRuns.entity,
      {.where = "r.id IN (SELECT x.id FROM flow_run x INDEXED BY flow_run_deployment_next WHERE x.deployment_id IN "
                "(SELECT value FROM json_each(?2)) AND x.state_type = 'SCHEDULED' AND x.next_start <= ?3) AND "
                "coalesce(json_extract(r.policy, '$.retry_type'), '') <> 'in_process'",
       .order = "r.next_start, r.id",
       .arguments = {ids, before ? Micros(*before) : std::numeric_limits<std::int64_t>::max()},
       .limit = limit});
}

}  // namespace tidemill::orchestrator
