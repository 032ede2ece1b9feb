// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "body.h"
#include "call.h"
#include "state.h"

// What happened: told by clients (over a WebSocket or by POST) and by the server itself, kept for a while, asked for by
// filters, streamed, and what automations wait for.
namespace tidemill::orchestrator {

struct Event {
  std::string id = {};
  base::Time occurred = {};
  std::string name = {};  // "prefect.flow-run.Completed"
  std::string resource_id = {};
  json::object resource = {};
  json::array related = {};
  json::object payload = {};
  std::optional<std::string> follows = {};
};

// 422 for what is none.
Outcome<Event> ParseEvent(const json::value& value, const Call& call);
// Keeps it, once an id, and the task run that it tells of.
Outcome<void> StoreEvent(Call& call, const Event& event);
// The text of a member of an object such as `resource`, or empty.
std::string TextOf(const json::object& object, std::string_view name);
json::object RelatedResource(std::string_view id, std::string_view role, std::string_view name = {});
// The id of the first related resource of a role, without `prefix`: "prefect.flow-run.".
std::optional<std::string> RelatedId(const Event& event, std::string_view role, std::string_view prefix);

// Tells of a flow run's new state.
Outcome<void> EmitFlowRunEvent(Call& call, const std::string& run_id, const std::optional<State>& from,
                               const State& to);
// Makes the task run that the client tells of in an event: this is how Prefect 3 makes them. Events may come twice and
// out of order: the newest state stands.
Outcome<void> RecordTaskRun(Call& call, const Event& event);

Outcome<Answer> PostEvents(Call& call);
Outcome<Answer> FilterEvents(Call& call);
Outcome<Answer> NextEvents(Call& call);
Outcome<Answer> CountEvents(Call& call);

}  // namespace tidemill::orchestrator
