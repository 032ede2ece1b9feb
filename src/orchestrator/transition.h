// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "tidemill/base/clock.h"

#include "state.h"

namespace tidemill::orchestrator {

// Of the limits of a task run's tags: one that is full, one that lets nobody run.
struct TagSlots {
  std::optional<std::string> full = {}, closed = {};
};
// Of a deployment that limits its runs.
struct DeploymentSlots {
  std::int64_t limit = 0, taken = 0;
  bool cancels_new = false;
};

// What the rules may know of a run, flow or task.
struct RunFacts {
  std::string id = {};
  std::optional<State> state = {};
  json::object policy = {};
  std::int64_t run_count = 0;
  bool has_deployment = false;
  std::string parent_task_run_id = {};  // of a sub-flow: the task run that stands for it; else empty
  bool has_pid = false;
  std::optional<base::Time> expected_start = {}, next_start = {}, start = {}, end = {};
  base::Duration total_run{0};
  // Task runs only: the flow run they belong to, where it is known.
  std::string flow_run_id = {};
  std::optional<StateType> flow_state = {};
  std::int64_t flow_run_count = 0;
  std::optional<State> cached = {};  // a state that may be taken instead of running
  std::optional<std::string> cache_key = {};
  TagSlots tag_slots = {};
  // Flow runs that are to be claimed.
  std::optional<DeploymentSlots> deployment_slots = {};
};

// A change of state under way. Rules may change `to` and `policy`: what they leave there is stored if it is accepted.
struct Transition {
  const RunFacts& run;
  const std::optional<State>& from;
  State to;
  json::object policy;
  base::Time now;

  bool From(StateType type) const { return from && from->type == type; }
  bool To(StateType type) const { return to.type == type; }
  bool FromFinal() const { return from && flow::IsFinal(from->type); }
};

// What a rule may say instead of letting the state pass.
struct Reject {
  std::optional<State> instead;  // nothing: the current one is kept
  std::string reason;
};
struct Wait {
  std::int64_t seconds;
  std::string reason;
};
struct Abort {
  std::string reason;
};
using Verdict = std::variant<Reject, Wait, Abort>;
using Rule = std::optional<Verdict> (*)(Transition&);

// In the order in which they are asked; the first that speaks decides.
std::span<const Rule> FlowRules();
std::span<const Rule> ForcedFlowRules();
std::span<const Rule> TaskRules();

// The verdict of the first rule that has one; nothing: accepted.
std::optional<Verdict> Ask(std::span<const Rule> rules, Transition& transition);
// Shared by flow and task rules.
std::optional<Verdict> WaitForScheduledTime(Transition& transition);
bool IsPersisted(const State& state);

// The run's facts after it took `to`: times, counts.
struct RunAfter {
  std::int64_t run_count;
  std::optional<base::Time> expected_start, next_start, start, end;
  base::Duration total_run;
};
RunAfter Advance(const RunFacts& run, const State& to, bool resuming);

}  // namespace tidemill::orchestrator
