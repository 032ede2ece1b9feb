// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include <boost/json/array.hpp>

#include "instant.h"
#include "transition.h"

// The rules for flow runs, in Prefect's order (CoreFlowPolicy): each answers for one thing, and the list at the end is
// what a proposed state goes through.
namespace tidemill::orchestrator {
namespace {

using Answered = std::optional<Verdict>;

// A request that was sent twice: clients give every transition an id.
Answered RefuseRepeatedTransition(Transition& t) {
  const auto sent = TextMember(t.to.details, "transition_id");
  if (!sent || !t.from || TextMember(t.from->details, "transition_id") != sent) return std::nullopt;
  return Reject{std::nullopt, "This run has already made this state transition."};
}

Answered ProtectFinalFlowStates(Transition& t) {
  if (!t.FromFinal()) return std::nullopt;
  if (t.To(StateType::kCancelling) || t.To(StateType::kPaused) || t.To(StateType::kCrashed)) {
    return Abort{"This run is already in a terminal state."};
  }
  const bool leaves = !flow::IsFinal(t.to.type);
  if (t.From(StateType::kCompleted) && leaves && IsPersisted(*t.from)) {
    return Reject{std::nullopt, "This run is already completed."};
  }
  if (t.To(StateType::kScheduled) && !t.run.has_deployment) {
    return Abort{"Cannot reschedule a run without an associated deployment."};
  }
  if (leaves) {
    t.policy["resuming"] = false;
    t.policy["pause_keys"] = json::array();
    t.policy["retry_type"] = t.To(StateType::kScheduled) ? json::value("reschedule") : json::value(nullptr);
  }
  return std::nullopt;
}

Answered HoldCancelling(Transition& t) {
  if (!t.From(StateType::kCancelling) || t.To(StateType::kCancelled)) return std::nullopt;
  return Reject{std::nullopt, "Cannot transition flows that are cancelling to a state other than Cancelled."};
}

// What no process works on yet is cancelled at once.
Answered CancelWhatDoesNotRun(Transition& t) {
  if (!t.To(StateType::kCancelling) || !t.from) return std::nullopt;
  const bool scheduled = t.From(StateType::kScheduled) && (!t.run.has_pid || t.from->name == "Resuming");
  const json::value* reschedule = Find(t.from->details, "pause_reschedule");
  const bool suspended = t.From(StateType::kPaused) && reschedule != nullptr && *reschedule == json::value(true);
  if (!scheduled && !suspended) return std::nullopt;
  return Reject{MakeState(StateType::kCancelled, "Cancelled", t.to.message),
                scheduled ? "Scheduled flow run has no infrastructure to terminate."
                          : "Suspended flow run has no infrastructure to terminate."};
}

// The claim: of several workers, one makes a run Pending.
Answered ClaimOnce(Transition& t) {
  if (!t.To(StateType::kPending)) return std::nullopt;
  const bool taken = t.From(StateType::kPending) || t.From(StateType::kCancelling) || t.From(StateType::kRunning) ||
                     t.From(StateType::kCancelled);
  if (!taken) return std::nullopt;
  if (t.From(StateType::kPending) && t.to.name != t.from->name && t.to.name != "Pending") return std::nullopt;
  return Abort{"This run is in a " + std::string(flow::ToText(t.from->type)) +
               " state and cannot transition to a PENDING state."};
}

// A deployment that limits its runs has a slot for a claimed run, or the run waits for one.
Answered TakeDeploymentSlot(Transition& t) {
  constexpr std::chrono::seconds kRetry{30};
  if (!t.To(StateType::kPending) || t.From(StateType::kPending) || !t.run.deployment_slots) return std::nullopt;
  const DeploymentSlots& slots = *t.run.deployment_slots;
  if (slots.taken < slots.limit) return std::nullopt;
  if (slots.limit == 0)
    return Abort{"The deployment concurrency limit is 0. The flow will deadlock if submitted again."};
  if (slots.cancels_new) {
    return Reject{MakeState(StateType::kCancelled, "Cancelled", "Deployment concurrency limit reached."),
                  "Deployment concurrency limit reached."};
  }
  State waiting = MakeState(StateType::kScheduled, "AwaitingConcurrencySlot");
  waiting.details["scheduled_time"] = InstantText(t.now + kRetry);
  return Reject{std::move(waiting), "Deployment concurrency limit reached."};
}

Answered MakeLateOnce(Transition& t) {
  if (t.to.name != "Late") return std::nullopt;
  if (t.From(StateType::kScheduled) && t.from->name != "Late") return std::nullopt;
  return Reject{std::nullopt, "Only scheduled runs that are not late yet can be marked late."};
}

bool HasPauseKey(const json::object& policy, const std::string& key) {
  const json::value* keys = Find(policy, "pause_keys");
  if (keys == nullptr || !keys->is_array()) return false;
  return std::any_of(keys->get_array().begin(), keys->get_array().end(),
                     [&](const json::value& used) { return used.is_string() && used.get_string() == key; });
}

Answered CheckPause(Transition& t) {
  if (!t.To(StateType::kPaused)) return std::nullopt;
  if (!t.from) return Abort{"Cannot pause flow run: it has no state."};
  const json::value* reschedule = Find(t.to.details, "pause_reschedule");
  const bool suspends = reschedule != nullptr && *reschedule == json::value(true);
  if (!t.From(StateType::kRunning)) return Reject{std::nullopt, "Cannot pause flows that are not currently running."};
  const auto key = TextMember(t.to.details, "pause_key");
  if (key && HasPauseKey(t.policy, *key)) return Reject{std::nullopt, "This pause has already fired."};
  if (suspends && !t.run.parent_task_run_id.empty()) return Abort{"Cannot suspend subflows."};
  if (suspends && !t.run.has_deployment) return Abort{"Cannot suspend flows without a deployment."};
  if (key) {
    json::value& keys = t.policy["pause_keys"];
    if (!keys.is_array()) keys = json::array();
    keys.get_array().emplace_back(*key);
  }
  return std::nullopt;
}

Answered LeavePause(Transition& t) {
  if (!t.From(StateType::kPaused)) return std::nullopt;
  const bool allowed = t.To(StateType::kRunning) || t.To(StateType::kScheduled) || t.To(StateType::kCancelling) ||
                       flow::IsFinal(t.to.type);
  if (!allowed) return Reject{std::nullopt, "Cannot transition flows that are paused to this state."};
  if (flow::IsFinal(t.to.type) || t.To(StateType::kCancelling)) return std::nullopt;
  const json::value* reschedule = Find(t.from->details, "pause_reschedule");
  if (reschedule != nullptr && *reschedule == json::value(true) && !t.run.has_deployment)
    return Reject{std::nullopt, "Cannot reschedule a paused flow run without a deployment."};
  const auto timeout = InstantIn(t.from->details, "pause_timeout");
  if (timeout && *timeout < t.now) {
    return Reject{MakeState(StateType::kFailed, "Failed", "The flow was paused and never resumed."),
                  "The flow run pause has timed out and can no longer resume."};
  }
  t.policy["resuming"] = true;
  return std::nullopt;
}

Answered CopyScheduledTime(Transition& t) {
  if (!t.To(StateType::kPending) || !t.from) return std::nullopt;
  if (!t.From(StateType::kScheduled) && !t.From(StateType::kPending)) return std::nullopt;
  if (const auto time = TextMember(t.from->details, "scheduled_time")) t.to.details["scheduled_time"] = *time;
  return std::nullopt;
}

std::int64_t WholeIn(const json::object& policy, std::string_view name, std::string_view old_name) {
  const json::value* found = Find(policy, name);
  if (found == nullptr) found = Find(policy, old_name);
  return found != nullptr && found->is_number() ? static_cast<std::int64_t>(found->to_number<double>()) : 0;
}

Answered RetryFailedFlows(Transition& t) {
  if (!t.From(StateType::kRunning) || !t.To(StateType::kFailed)) return std::nullopt;
  if (t.run.run_count > WholeIn(t.policy, "retries", "max_retries")) {
    t.policy["retry_type"] = nullptr;
    t.policy["resuming"] = false;
    return std::nullopt;
  }
  State retry = MakeState(StateType::kScheduled, "AwaitingRetry", t.to.message);
  const std::chrono::seconds delay(WholeIn(t.policy, "retry_delay", "retry_delay_seconds"));
  retry.details["scheduled_time"] = InstantText(t.now + delay);
  t.policy["retry_type"] = "in_process";
  t.policy["resuming"] = false;
  t.policy["pause_keys"] = json::array();
  return Reject{std::move(retry), "Retrying"};
}

Answered KeepPersistedResults(Transition& t) {
  if (!t.From(StateType::kCompleted) || !t.To(StateType::kCompleted)) return std::nullopt;
  if (!IsPersisted(*t.from) || IsPersisted(t.to)) return std::nullopt;
  return Reject{std::nullopt, "The result of this run would be lost."};
}

constexpr std::array<Rule, 12> kFlowRules{
    RefuseRepeatedTransition, ProtectFinalFlowStates, HoldCancelling, CancelWhatDoesNotRun, ClaimOnce,
    TakeDeploymentSlot,       MakeLateOnce,           CheckPause,     LeavePause,           CopyScheduledTime,
    WaitForScheduledTime,     RetryFailedFlows};
constexpr std::array<Rule, 2> kForced{KeepPersistedResults, CancelWhatDoesNotRun};

}  // namespace

std::span<const Rule> FlowRules() {
  return kFlowRules;
}
std::span<const Rule> ForcedFlowRules() {
  return kForced;
}

}  // namespace tidemill::orchestrator
