// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "call.h"
#include "entity.h"
#include "state.h"
#include "transition.h"

namespace tidemill::orchestrator {

// What flow and task runs share: their facts, and how a state becomes theirs.
enum class RunKind : std::uint8_t { kFlow, kTask };

Outcome<std::optional<RunFacts>> LoadRun(Call& call, RunKind kind, std::string_view id);
// Stores a state, which gets its id and time, and gives what it makes of the run's own row.
Outcome<Cells> StoreState(Call& call, RunKind kind, const RunFacts& run, State& state, const json::object& policy);
// Tells others of a flow run's new state: an event, and for a sub-flow its parent's task run, which takes it too.
Outcome<void> TellState(Call& call, const RunFacts& run, const State& state);
// All of that, and the row.
Outcome<void> TakeState(Call& call, RunKind kind, const RunFacts& run, State& state, const json::object& policy);

struct Proposal {
  bool written = false;  // a new state was stored: 201, else 200
  std::string answer;    // {"state", "status", "details"}
  bool accepted = false;
};
// Asks the rules, stores what they allow.
Outcome<Proposal> Propose(Call& call, RunKind kind, const RunFacts& run, State proposed, bool force);

// POST …/{id}/set_state
Outcome<Answer> SetState(Call& call, RunKind kind, std::string_view missing);

// 422 for an empirical policy with members of wrong types; null: none is sent.
Outcome<void> CheckPolicy(const json::object* policy);
// An empirical policy with all that Prefect knows.
std::string FlowPolicyText(const json::object* sent);
std::string TaskPolicyText(const json::object* sent);

}  // namespace tidemill::orchestrator
