// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "call.h"
#include "state.h"
#include "transition.h"

namespace tidemill::orchestrator {

// What flow and task runs share: their facts, and how a state becomes theirs.
enum class RunKind : std::uint8_t { kFlow, kTask };

Outcome<std::optional<RunFacts>> LoadRun(Call& call, RunKind kind, std::string_view id);
// Stores a state and what follows from it for the run; for a sub-flow, its parent's task run takes it too.
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

// An empirical policy with all that Prefect knows.
std::string FlowPolicyText(const json::object* sent);
std::string TaskPolicyText(const json::object* sent);

}  // namespace tidemill::orchestrator
