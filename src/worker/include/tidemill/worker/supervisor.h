// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "tidemill/prefect/client.h"
#include "tidemill/worker/infrastructure.h"

namespace tidemill::worker {

struct SupervisorOptions {
  std::string journal;                                        // folder of the notes on what runs; empty: none are kept
  std::string host;                                           // of this machine, as identifiers name it
  Finders finders = {};                                       // by the type of infrastructure
  std::string default_type = "process";                       // of runs whose deployment names no infrastructure
  std::vector<std::pair<std::string, std::string>> settings;  // PREFECT_… for the runs
  std::chrono::milliseconds grace{30'000};                    // between asking a run to end and ending it
  std::function<void(std::string line)> say;                  // what a person at the terminal is to know; any thread
};

// Claims flow runs, starts each by its infrastructure and sees it to its end: whatever happens to it, its server gets
// to know, however long that server is away. A thread a run. Thread-safe.
class Supervisor {
 public:
  // The client outlives it.
  Supervisor(const prefect::Client& client, Starters starters, SupervisorOptions options);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // Looks after what an earlier process with this journal left: processes that live, and what the finders find, are
  // supervised on, those that are gone are reported.
  void TakeOver();
  // Claims the run and sees to it; at once. One that is in hand already is left alone. `pool` is the work pool that
  // gave it, null for a queue of an agent.
  void Submit(const prefect::json::value& flow_run, const prefect::json::value& pool);
  // Ends those that the server wants cancelled.
  void CheckCancelled(const std::stop_token& stop);
  std::size_t running() const;
  // Waits for those that run, no longer than `patience`; then ends them.
  void Finish(std::chrono::milliseconds patience);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemill::worker
