// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "automations.h"
#include "blocks.h"
#include "deployments.h"
#include "events.h"
#include "flow_runs.h"
#include "instant.h"
#include "outbox.h"
#include "runs.h"

namespace tidemill::orchestrator {
namespace {

struct Acting {
  Call& call;
  const std::string& automation;
  const json::object& action;
  const json::object& event;
  json::object values;

  // The id of the thing that the event is of or belongs to: "prefect.flow-run.<id>".
  std::optional<std::string> Inferred(std::string_view prefix) const {
    const auto of = [&](const json::value& resource) -> std::optional<std::string> {
      if (!resource.is_object()) return std::nullopt;
      const std::string id = TextOf(resource.get_object(), "prefect.resource.id");
      return id.starts_with(prefix) ? ParseId(id.substr(prefix.size())) : std::nullopt;
    };
    if (const json::value* resource = Find(event, "resource")) {
      if (auto id = of(*resource)) return id;
    }
    if (const json::value* related = Find(event, "related"); related != nullptr && related->is_array()) {
      for (const json::value& one : related->get_array()) {
        if (auto id = of(one)) return id;
      }
    }
    return std::nullopt;
  }
  Outcome<std::string> Chosen(std::string_view member, std::string_view prefix) const {
    auto id = Inferred(prefix);
    if (const auto text = TextMember(action, member)) id = ParseId(*text);
    if (!id) return Refuse(422, fmt::format("the event names no {}", prefix.substr(8, prefix.size() - 9)));
    return *std::move(id);
  }
  // Another route's handler.
  Outcome<Answer> Ask(Handler handler, std::string id, const json::value& body, std::string_view query = {}) const {
    Call other{.db = call.db,
               .now = call.now,
               .random = call.random,
               .path = {std::move(id)},
               .body = body,
               .query = query,
               .secret_key = call.secret_key,
               .noted = call.noted};
    return handler(other);
  }
};

Outcome<void> RunDeployment(const Acting& acting) {
  TIDEMILL_ASSIGN(const std::string deployment, acting.Chosen("deployment_id", "prefect.deployment."));
  json::object body{{"idempotency_key",
                     fmt::format("automation {} {} {}", acting.automation, TextOf(acting.event, "id"), deployment)}};
  for (const std::string_view member : {"parameters", "job_variables"}) {
    if (const json::object* sent = FindObject(acting.action, member)) {
      body[json::string_view(member.data(), member.size())] = FillTexts(*sent, acting.values);
    }
  }
  const json::value* after = Find(acting.action, "schedule_after");
  if (after != nullptr && after->is_number()) {
    const std::chrono::duration<double> delay(std::clamp(after->to_number<double>(), 0.0, 1e9));
    body["state"] = json::object{
        {"type", "SCHEDULED"},
        {"state_details",
         json::object{
             {"scheduled_time", InstantText(acting.call.now + std::chrono::duration_cast<base::Duration>(delay))}}}};
  }
  TIDEMILL_CHECK(acting.Ask(CreateFlowRunOfDeployment, deployment, body));
  return {};
}

Outcome<void> PauseOrResumeDeployment(const Acting& acting, Handler handler) {
  TIDEMILL_ASSIGN(const std::string deployment, acting.Chosen("deployment_id", "prefect.deployment."));
  TIDEMILL_CHECK(acting.Ask(handler, deployment, json::value()));
  return {};
}

Outcome<void> ChangeState(const Acting& acting, std::string_view type, const json::value* name) {
  TIDEMILL_ASSIGN(const std::string run, acting.Chosen("flow_run_id", "prefect.flow-run."));
  json::object state{{"type", std::string(type)}, {"message", "by an automation"}};
  if (name != nullptr) state["name"] = *name;
  TIDEMILL_CHECK(acting.Ask(SetFlowRunState, run, json::object{{"state", std::move(state)}}));
  return {};
}

// Where a post goes and what it says of itself: from a block, or the action's own url.
Outcome<json::object> Address(const Acting& acting) {
  json::object request{{"method", "POST"}, {"url", TextOf(acting.action, "url")}};
  const auto block = TextMember(acting.action, "block_document_id");
  if (block) {
    const auto id = ParseId(*block);
    if (!id) return Refuse(422, "block_document_id is no UUID");
    TIDEMILL_ASSIGN(const Answer answer, acting.Ask(GetBlockDocument, *id, json::value(), "include_secrets=true"));
    const json::value document = json::parse(answer.body);
    const json::object* data = FindObject(document.as_object(), "data");
    if (data == nullptr) return Refuse(422, "the block holds no data");
    request["url"] = TextOf(*data, "url");
    if (const auto method = TextMember(*data, "method")) request["method"] = *method;
    if (const json::object* headers = FindObject(*data, "headers")) request["headers"] = *headers;
  }
  const std::string url = TextOf(request, "url");
  if (!url.starts_with("http://") && !url.starts_with("https://")) return Refuse(422, "no http or https address");
  return request;
}

Outcome<void> PostTo(const Acting& acting, const json::value& body) {
  TIDEMILL_ASSIGN(json::object request, Address(acting));
  const bool text = body.is_string();
  request["body"] = text ? body.get_string() : json::string(json::serialize(body));
  if (!text) {
    json::object headers = FindObject(request, "headers") != nullptr ? *FindObject(request, "headers") : json::object();
    headers["Content-Type"] = "application/json";
    request["headers"] = std::move(headers);
  }
  return PutIntoOutbox(acting.call, acting.automation, request);
}

Outcome<void> CallWebhook(const Acting& acting) {
  const json::value* payload = Find(acting.action, "payload");
  if (payload == nullptr) return PostTo(acting, acting.event);
  return PostTo(acting, FillTexts(*payload, acting.values));
}

Outcome<void> Notify(const Acting& acting) {
  const std::string subject = FillTemplate(TextOf(acting.action, "subject"), acting.values);
  const std::string body = FillTemplate(TextOf(acting.action, "body"), acting.values);
  return PostTo(acting, json::object{{"subject", subject}, {"body", body}, {"text", subject + "\n" + body}});
}

Outcome<void> Perform(const Acting& acting, const std::string& type) {
  if (type == "run-deployment") return RunDeployment(acting);
  if (type == "pause-deployment") return PauseOrResumeDeployment(acting, PauseDeployment);
  if (type == "resume-deployment") return PauseOrResumeDeployment(acting, ResumeDeployment);
  if (type == "cancel-flow-run") return ChangeState(acting, "CANCELLING", nullptr);
  if (type == "change-flow-run-state")
    return ChangeState(acting, TextOf(acting.action, "state"), Find(acting.action, "name"));
  if (type == "resume-flow-run") {
    TIDEMILL_ASSIGN(const std::string run, acting.Chosen("flow_run_id", "prefect.flow-run."));
    TIDEMILL_CHECK(acting.Ask(ResumeFlowRun, run, json::value()));
    return {};
  }
  if (type == "call-webhook") return CallWebhook(acting);
  if (type == "send-notification") return Notify(acting);
  return {};
}

json::object ValuesOf(const std::string& automation, const json::object& event) {
  json::object values{{"event", event}, {"automation", json::object{{"id", automation}}}};
  const json::object* resource = FindObject(event, "resource");
  constexpr std::string_view kRun = "prefect.flow-run.";
  if (resource == nullptr || !TextOf(*resource, "prefect.resource.id").starts_with(kRun)) return values;
  values["flow_run"] = json::object{{"id", TextOf(*resource, "prefect.resource.id").substr(kRun.size())},
                                    {"name", TextOf(*resource, "prefect.resource.name")},
                                    {"state", json::object{{"name", TextOf(*resource, "prefect.state-name")},
                                                           {"type", TextOf(*resource, "prefect.state-type")},
                                                           {"message", TextOf(*resource, "prefect.state-message")}}}};
  return values;
}

// Every text that is filled in later must be understood now.
Outcome<void> CheckTexts(const json::value& value) {
  if (value.is_string()) {
    const std::string bad = BadPlaceholder(std::string_view(value.get_string()));
    if (!bad.empty()) {
      return RefuseMember("actions", fmt::format("{} is not understood: {{{{ dotted.name }}}} and {{{{ name | "
                                                 "default('…') }}}} are",
                                                 bad));
    }
  }
  if (value.is_array()) {
    for (const json::value& one : value.get_array()) TIDEMILL_CHECK(CheckTexts(one));
  }
  if (value.is_object()) {
    for (const auto& [key, member] : value.get_object()) TIDEMILL_CHECK(CheckTexts(member));
  }
  return {};
}

}  // namespace

Outcome<void> CheckAction(const json::value& action) {
  constexpr std::array<std::string_view, 9> kTypes{"do-nothing",        "run-deployment",  "pause-deployment",
                                                   "resume-deployment", "cancel-flow-run", "change-flow-run-state",
                                                   "resume-flow-run",   "call-webhook",    "send-notification"};
  if (!action.is_object()) return RefuseMember("actions", "objects were expected");
  const std::string type = TextOf(action.get_object(), "type");
  if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end())
    return RefuseMember("actions", "no such action here: " + type);
  if (type == "change-flow-run-state" && !ParseStateType(TextOf(action.get_object(), "state")))
    return RefuseMember("actions", "a state such as CANCELLED was expected");
  return CheckTexts(action);
}

Outcome<void> Act(Call& call, const std::string& automation, const json::object& action, const json::object& event) {
  const Acting acting{call, automation, action, event, ValuesOf(automation, event)};
  const std::string type = TextOf(action, "type");
  const auto done = Perform(acting, type);
  if (done) return {};
  Event failed{.id = call.NewIdAt(),
               .occurred = call.now,
               .name = "prefect.automation.action.failed",
               .resource_id = "prefect.automation." + automation};
  failed.resource = {{"prefect.resource.id", failed.resource_id}};
  failed.payload = {{"action_type", type}, {"reason", done.error().answer.body}};
  return StoreEvent(call, failed);
}

}  // namespace tidemill::orchestrator
