// SPDX-License-Identifier: Apache-2.0
#include "tidemill/worker/poll.h"

#include <algorithm>

#include "tidemill/base/instant.h"

namespace tidemill::worker {
namespace {

using prefect::TextIn;
using std::chrono::milliseconds;

constexpr milliseconds kLongestBackOff{60'000};

void OldestFirst(std::vector<Due>& due) {
  std::stable_sort(due.begin(), due.end(), [](const Due& a, const Due& b) {
    return TextIn(a.flow_run, "next_scheduled_start_time") < TextIn(b.flow_run, "next_scheduled_start_time");
  });
}

// Waits for the next time to ask; in the meantime looks after what is to be cancelled. False once it is to stop.
bool WaitAndLook(Supervisor& supervisor, const prefect::Client& client, milliseconds wait, milliseconds look,
                 const std::stop_token& stop) {
  const base::Time until = client.clock().Now() + wait;
  for (;;) {
    const auto left = until - client.clock().Now();
    if (left <= milliseconds(0)) return !stop.stop_requested();
    if (!client.clock().SleepFor(std::min<base::Duration>(left, look), stop)) return false;
    if (supervisor.running() > 0) supervisor.CheckCancelled(stop);
  }
}

void Submit(Supervisor& supervisor, std::vector<Due> due, std::size_t limit) {
  OldestFirst(due);
  for (const Due& one : due) {
    if (limit != 0 && supervisor.running() >= limit) return;
    supervisor.Submit(one.flow_run, one.pool);
  }
}

}  // namespace

base::Status PollForRuns(WorkSource& source, Supervisor& supervisor, const prefect::Client& client,
                         const PollOptions& options, std::stop_token stop) {
  const prefect::AskOptions ask{.repeats = options.once ? 2 : 0, .timeout = milliseconds(30'000), .stop = stop};
  int failures = 0;
  while (!stop.stop_requested()) {
    auto due = source.Ask(client.clock().Now() + options.prefetch, ask);
    if (options.once) {
      if (!due) return tl::unexpected(std::move(due).error());
      Submit(supervisor, *std::move(due), options.limit);
      return {};
    }
    if (due) {
      if (failures > 0 && options.say) options.say("the server answers again");
      failures = 0;
      Submit(supervisor, *std::move(due), options.limit);
    } else if (!stop.stop_requested()) {
      if (failures == 0 && options.say) options.say(due.error().ToText() + "; asking again");
      ++failures;
    }
    const milliseconds back_off = options.interval * (1 << std::min(failures, 5));
    const milliseconds wait =
        failures > 0 ? std::min(std::max(options.interval, kLongestBackOff), back_off) : options.interval;
    if (!WaitAndLook(supervisor, client, wait, options.look, stop)) break;
  }
  return {};
}

}  // namespace tidemill::worker
