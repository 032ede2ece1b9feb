// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "tidemill/base/text.h"
#include "tidemill/prefect/wire.h"

#include "flow_run.h"
#include "handlers.h"
#include "show.h"

namespace tidemill::console {
namespace {

namespace json = prefect::json;
using base::Result;
using base::Status;
using prefect::TextIn;

std::string RunPath(const Context& context, std::string_view rest = {}) {
  return "/flow_runs/" + prefect::PathPart(context.Text("ID")) + std::string(rest);
}

Result<json::value> SetState(const Context& context, flow::StateType type, const char* name, bool force) {
  const flow::State state{.type = type, .name = name, .message = "", .timestamp = {}};
  return context.client().Post(RunPath(context, "/set_state"),
                               json::object{{"state", prefect::StateJson(state)}, {"force", force}}, context.ask());
}

// The names of the flows of these runs, by id.
Result<json::object> FlowNames(const Context& context, const json::array& runs) {
  std::set<std::string> ids;
  for (const json::value& run : runs) ids.insert(TextIn(run, "flow_id"));
  json::object names;
  if (ids.empty()) return names;
  json::array any;
  for (const std::string& id : ids) any.emplace_back(id);
  TIDEMILL_ASSIGN(
      const json::value flows,
      context.client().Post("/flows/filter", json::object{{"flows", json::object{{"id", json::object{{"any_", any}}}}}},
                            context.ask()));
  for (const json::value& flow : prefect::AsArray(flows)) names[TextIn(flow, "id")] = TextIn(flow, "name");
  return names;
}

}  // namespace

json::value AnyOf(const std::vector<std::string>& values) {
  json::array any;
  for (const std::string& value : values) any.emplace_back(value);
  return json::object{{"any_", std::move(any)}};
}

bool IsFinalRun(const json::value& run) {
  const auto type = prefect::ParseStateType(TextIn(run, "state_type"));
  return type && flow::IsFinal(*type);
}

Status ListFlowRuns(const Context& context) {
  json::object body{{"sort", "EXPECTED_START_TIME_DESC"}, {"limit", 15}};
  if (const auto limit = base::ParseInt(context.Text("limit"))) body["limit"] = *limit;
  json::object state;
  if (context.Has("state")) state["name"] = AnyOf(context.arguments.List("state"));
  if (context.Has("state-type")) state["type"] = AnyOf(context.arguments.List("state-type"));
  if (!state.empty()) body["flow_runs"] = json::object{{"state", std::move(state)}};
  if (context.Has("flow-name")) {
    body["flows"] = json::object{{"name", AnyOf(context.arguments.List("flow-name"))}};
  }
  TIDEMILL_ASSIGN(json::value runs, context.client().Post("/flow_runs/filter", body, context.ask()));
  if (!runs.is_array()) runs = json::array();
  TIDEMILL_ASSIGN(const json::object names, FlowNames(context, runs.get_array()));
  for (json::value& run : runs.get_array()) {
    if (!run.is_object()) continue;
    run.get_object()["flow_name"] = TextIn(names, TextIn(run, "flow_id"));
    const std::string start = TextIn(run, "start_time");
    run.get_object()["when"] = start.empty() ? TextIn(run, "expected_start_time") : start;
  }
  ShowRows(context, runs, "ID=id|Flow=flow_name|Name=name|State=state_name|When=when");
  return {};
}

Status CancelFlowRun(const Context& context) {
  TIDEMILL_ASSIGN(const json::value result, SetState(context, flow::StateType::kCancelling, "Cancelling", false));
  const std::string status = TextIn(result, "status");
  if (status == "ABORT" || (status == "REJECT" && TextIn(result, "state.type") != "CANCELLED")) {
    return base::Fail(base::ErrorCode::kConflict, "the run cannot be cancelled: {}", TextIn(result, "details.reason"));
  }
  return ShowDone(context, result, fmt::format("flow run {} is {}", context.Text("ID"), TextIn(result, "state.name")));
}

Status RetryFlowRun(const Context& context) {
  TIDEMILL_ASSIGN(const json::value run, context.client().Get(RunPath(context), context.ask()));
  if (TextIn(run, "deployment_id").empty()) {
    return base::Fail(base::ErrorCode::kInvalid, "the run has no deployment: run its flow again by hand");
  }
  if (!IsFinalRun(run)) {
    return base::Fail(base::ErrorCode::kConflict, "the run is {}: only a run that has ended can be run again",
                      TextIn(run, "state_name"));
  }
  return ShowDone(context, SetState(context, flow::StateType::kScheduled, "AwaitingRetry", true),
                  fmt::format("flow run {} is scheduled again", context.Text("ID")));
}

Status WatchFlowRun(const Context& context) {
  std::string shown;
  for (;;) {
    TIDEMILL_ASSIGN(const json::value run, context.client().Get(RunPath(context), context.ask()));
    const std::string state = TextIn(run, "state_name");
    if (std::exchange(shown, state) != state) {
      const std::string message = TextIn(run, "state.message");
      context.Print(state + (message.empty() ? "" : ": " + message));
    }
    if (IsFinalRun(run)) {
      if (TextIn(run, "state_type") == "COMPLETED") return {};
      return base::Fail(base::ErrorCode::kConflict, "the run ended {}", state);
    }
    if (!context.client().clock().SleepFor(std::chrono::seconds(1), context.around.stop)) {
      return base::Fail(base::ErrorCode::kCancelled, "stopped");
    }
  }
}

}  // namespace tidemill::console
