// SPDX-License-Identifier: Apache-2.0
#include "transition.h"

#include <chrono>

namespace tidemill::orchestrator {

std::optional<Verdict> Ask(std::span<const Rule> rules, Transition& transition) {
  for (const Rule rule : rules) {
    if (auto verdict = rule(transition)) return verdict;
  }
  return std::nullopt;
}

std::optional<Verdict> WaitForScheduledTime(Transition& transition) {
  const bool waits = transition.From(StateType::kScheduled) || transition.From(StateType::kPending);
  if (!waits || !transition.To(StateType::kRunning)) return std::nullopt;
  const auto scheduled = InstantIn(transition.from->details, "scheduled_time");
  if (!scheduled || *scheduled <= transition.now) return std::nullopt;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*scheduled - transition.now);
  return Wait{seconds.count(), "Scheduled time is in the future"};
}

bool IsPersisted(const State& state) {
  return !state.data.empty() && state.data != R"({"type":"unpersisted"})";
}

RunAfter Advance(const RunFacts& run, const State& to, bool resuming) {
  RunAfter after{run.run_count, run.expected_start, run.next_start, run.start, run.end, run.total_run};
  if (run.state && run.state->type == StateType::kRunning) after.total_run += to.at - run.state->at;
  after.next_start.reset();
  if (to.type == StateType::kScheduled) after.next_start = InstantIn(to.details, "scheduled_time");
  if (!after.expected_start) after.expected_start = after.next_start.value_or(to.at);
  if (to.type == StateType::kRunning) {
    if (!resuming) ++after.run_count;
    if (!after.start) after.start = to.at;
  }
  if (flow::IsFinal(to.type)) {
    after.end = to.at;
    if (!after.start) after.start = to.at;
  } else {
    after.end.reset();
  }
  return after;
}

}  // namespace tidemill::orchestrator
