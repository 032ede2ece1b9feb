// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>

#include <boost/json/array.hpp>

#include "instant.h"
#include "transition.h"

// The rules for task runs over REST: clients of 2.x and background tasks.
namespace tidemill::orchestrator {
namespace {

using Answered = std::optional<Verdict>;

Answered TakeCachedState(Transition& t) {
  if (!t.To(StateType::kRunning) || !t.run.cached) return std::nullopt;
  const json::value* refresh = Find(t.to.details, "refresh_cache");
  if (refresh != nullptr && *refresh == json::value(true)) return std::nullopt;
  State cached = *t.run.cached;
  cached.name = "Cached";
  return Reject{std::move(cached), "Retrieved state from cache"};
}

// Of those that nobody waits for each begins to wait once: who takes one from the queue has it alone.
Answered WaitOnce(Transition& t) {
  const json::value* deferred = Find(t.to.details, "deferred");
  if (t.run.flow_state || !t.To(StateType::kPending) || deferred == nullptr || *deferred != json::value(true))
    return std::nullopt;
  if (!t.From(StateType::kPending) && !t.From(StateType::kRunning) && !t.From(StateType::kCancelling) &&
      !t.From(StateType::kCancelled))
    return std::nullopt;
  return Abort{"This run is in a " + std::string(flow::ToText(t.from->type)) +
               " state and cannot transition to a PENDING state."};
}

// The state is taken; the client is told that it cannot be found again.
Answered TellOfLongKey(Transition& t) {
  constexpr std::size_t kMostKey = 2000;
  const json::value* key = Find(t.to.details, "cache_key");
  if (!t.To(StateType::kCompleted) || key == nullptr || !key->is_string() || key->get_string().size() <= kMostKey)
    return std::nullopt;
  return Reject{t.to, "Cache key exceeded maximum allowed length of 2000 characters."};
}

Answered ProtectFinalTaskStates(Transition& t) {
  if (!t.FromFinal() || flow::IsFinal(t.to.type)) return std::nullopt;
  if (t.From(StateType::kCompleted) && IsPersisted(*t.from))
    return Reject{std::nullopt, "This run is already completed."};
  // A task of a flow that is run again runs again, once for each run of the flow.
  return std::nullopt;
}

Answered NeedARunningFlow(Transition& t) {
  if (!t.run.flow_state || !t.To(StateType::kRunning)) return std::nullopt;
  if (*t.run.flow_state == StateType::kRunning) return std::nullopt;
  if (*t.run.flow_state == StateType::kPaused) {
    State paused =
        MakeState(StateType::kPending, "NotReady", "The flow is paused, new tasks cannot execute until it is resumed.");
    return Reject{std::move(paused), "The flow is paused, new tasks can execute after resuming flow"};
  }
  return Abort{"The enclosing flow must be running to begin task execution."};
}

Answered NeedTagSlots(Transition& t) {
  constexpr std::int64_t kRetry = 10;
  if (!t.To(StateType::kRunning)) return std::nullopt;
  if (t.run.tag_slots.closed)
    return Abort{"The concurrency limit on tag \"" + t.run.tag_slots.closed->substr(4) + "\" is 0 and will deadlock."};
  if (t.run.tag_slots.full)
    return Wait{kRetry, "Concurrency limit for the " + t.run.tag_slots.full->substr(4) + " tag has been reached"};
  return std::nullopt;
}

// The n-th delay, in seconds: one number, or a list whose last one repeats.
double DelayOf(const json::object& policy, std::int64_t retry) {
  const json::value* delay = Find(policy, "retry_delay");
  if (delay == nullptr) delay = Find(policy, "retry_delay_seconds");
  if (delay == nullptr) return 0;
  if (delay->is_array() && !delay->get_array().empty()) {
    const auto& list = delay->get_array();
    delay = &list[std::min(static_cast<std::size_t>(std::max<std::int64_t>(retry, 0)), list.size() - 1)];
  }
  return delay->is_number() ? std::clamp(delay->to_number<double>(), 0.0, 1e9) : 0;
}

Answered RetryFailedTasks(Transition& t) {
  if (!t.From(StateType::kRunning) || !t.To(StateType::kFailed)) return std::nullopt;
  const json::value* retriable = Find(t.to.details, "retriable");
  if (retriable != nullptr && *retriable == json::value(false)) return std::nullopt;
  const json::value* retries = Find(t.policy, "retries");
  if (retries == nullptr) retries = Find(t.policy, "max_retries");
  const double most = retries != nullptr && retries->is_number() ? retries->to_number<double>() : 0;
  if (static_cast<double>(t.run.run_count) > most) return std::nullopt;
  State retry = MakeState(StateType::kScheduled, "AwaitingRetry", t.to.message);
  const std::chrono::duration<double> delay(DelayOf(t.policy, t.run.run_count - 1));
  retry.details["scheduled_time"] = InstantText(t.now + std::chrono::duration_cast<base::Duration>(delay));
  return Reject{std::move(retry), "Retrying"};
}

Answered NameRepeatedRuns(Transition& t) {
  if (!t.To(StateType::kRunning) || t.run.run_count == 0) return std::nullopt;
  if (t.from && t.from->name == "AwaitingRetry") t.to.name = "Retrying";
  if (t.FromFinal()) t.to.name = "Rerunning";
  return std::nullopt;
}

constexpr std::array<Rule, 9> kTaskRules{WaitOnce,         TakeCachedState, ProtectFinalTaskStates,
                                         NeedARunningFlow, NeedTagSlots,    WaitForScheduledTime,
                                         RetryFailedTasks, TellOfLongKey,   NameRepeatedRuns};

}  // namespace

std::span<const Rule> TaskRules() {
  return kTaskRules;
}

}  // namespace tidemill::orchestrator
