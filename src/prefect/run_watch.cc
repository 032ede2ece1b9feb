// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/run_watch.h"

#include "tidemill/prefect/events.h"

namespace tidemill::prefect {
namespace {

using std::chrono::seconds;

constexpr seconds kLook{10};
constexpr int kLooksPerBeat = 3;

}  // namespace

RunWatch::RunWatch(const Client& client, std::string flow_run_id, std::string name, std::function<void()> cancel)
    : client_(client),
      id_(std::move(flow_run_id)),
      name_(std::move(name)),
      cancel_(std::move(cancel)),
      thread_([this](const std::stop_token& stop) { Watch(stop); }) {}

void RunWatch::Watch(const std::stop_token& stop) {
  bool beats = true;
  for (int look = 0; !stop.stop_requested(); ++look) {
    if (beats && look % kLooksPerBeat == 0) beats = SendHeartbeat(stop);
    if (!client_.clock().SleepFor(kLook, stop)) return;
    if (IsCancelled(stop)) {
      cancel_();
      return;
    }
  }
}

// False where the server takes no events by HTTP: those of 2.11 do not.
bool RunWatch::SendHeartbeat(const std::stop_token& stop) const {
  const EventFacts beat{.name = "prefect.flow-run.heartbeat",
                        .resource_id = "prefect.flow-run." + id_,
                        .resource_name = name_,
                        .related = {},
                        .payload = {{"interval_seconds", 30}}};
  const auto sent = PostEvent(client_, beat, {.repeats = 0, .timeout = seconds(10), .stop = stop});
  return sent || IsAway(sent.error());
}

bool RunWatch::IsCancelled(const std::stop_token& stop) const {
  const auto run = client_.Get("/flow_runs/" + id_, {.repeats = 0, .timeout = seconds(10), .stop = stop});
  if (!run) return false;
  const std::string type = TextIn(*run, "state_type");
  return type == "CANCELLING" || type == "CANCELLED";
}

}  // namespace tidemill::prefect
