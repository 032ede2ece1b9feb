// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "tidemill/base/clock.h"
#include "tidemill/flow/state.h"

#include "answer.h"
#include "body.h"
#include "call.h"

namespace tidemill::orchestrator {

using flow::StateType;

// A state as it goes over the wire and into the database.
struct State {
  std::string id = {};
  StateType type = StateType::kPending;
  std::string name = {};
  base::Time at = {};
  std::optional<std::string> message = {};
  json::object details = {};  // all that Prefect knows, with their defaults, and what else was sent
  std::string data = {};      // JSON of the client's, opaque; empty: none
};

std::optional<StateType> ParseStateType(std::string_view text);  // "RUNNING"
// Of a proposed state: type, name (the type in title case where none), message, details, data. A scheduled state
// without a time gets `now`. Id and timestamp are the server's to give.
Outcome<State> ParseState(const json::value& value, base::Time now);
// One made by the server.
State MakeState(StateType type, std::string_view name, std::optional<std::string> message = {});
std::string ToJson(const State& state);
// The details of a state as the database keeps them: without what is as usual (most is null). And whole again.
std::string KeptDetails(const json::object& details);
json::object WholeDetails(std::string_view kept);
// By id; nothing where there is none.
Outcome<std::optional<State>> LoadState(Call& call, std::string_view id);
// The same with id and time as a client gave them, once an id.
Outcome<void> SaveGivenState(Call& call, std::string_view run_id, State& state);
// Stores a state of a run: gives it an id and a time that no other state of the run has.
Outcome<void> SaveState(Call& call, std::string_view run_id, State& state);

std::optional<base::Time> InstantIn(const json::object& details, std::string_view name);

// GET flow_run_states/{id}, task_run_states/{id}, and of a run: …_states/?flow_run_id=…
Outcome<Answer> GetState(Call& call);
Outcome<Answer> ListStates(Call& call);

}  // namespace tidemill::orchestrator
