// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/run_watch.h"

#include "tidemill/base/instant.h"
#include "tidemill/base/seal.h"
#include "tidemill/base/uuid.h"

namespace tidemill::prefect {
namespace {

using std::chrono::seconds;

constexpr seconds kLook{10};
constexpr int kLooksPerBeat = 3;

// Also where the cryptographic library has none to give: an id that is only unlikely to be another's.
std::string NewEventId(base::Time now) {
  base::RandomBits bits;
  for (const char byte : base::SecureRandom(16)) {
    bits.high = (bits.high << 8U) | (bits.low >> 56U);
    bits.low = (bits.low << 8U) | static_cast<unsigned char>(byte);
  }
  return base::UuidV7(now, bits);
}

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
  const base::Time now = client_.clock().Now();
  const json::array events{json::object{
      {"id", NewEventId(now)},
      {"event", "prefect.flow-run.heartbeat"},
      {"occurred", base::InstantText(now)},
      {"resource", json::object{{"prefect.resource.id", "prefect.flow-run." + id_}, {"prefect.resource.name", name_}}},
      {"related", json::array()},
      {"payload", json::object{{"interval_seconds", 30}}}}};
  const auto answer = client_.Post("/events", events, {.repeats = 0, .timeout = seconds(10), .stop = stop});
  return answer || IsAway(answer.error());
}

bool RunWatch::IsCancelled(const std::stop_token& stop) const {
  const auto run = client_.Get("/flow_runs/" + id_, {.repeats = 0, .timeout = seconds(10), .stop = stop});
  if (!run) return false;
  const std::string type = TextIn(*run, "state_type");
  return type == "CANCELLING" || type == "CANCELLED";
}

}  // namespace tidemill::prefect
