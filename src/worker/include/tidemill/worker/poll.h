// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "tidemill/prefect/client.h"
#include "tidemill/worker/supervisor.h"

namespace tidemill::worker {

// A run that is due, and the pool that gave it (null for a queue of an agent).
struct Due {
  prefect::json::value flow_run, pool;
};

// Where runs are asked for.
class WorkSource {
 public:
  virtual ~WorkSource() = default;
  // What is due by `until`, in any order.
  virtual base::Result<std::vector<Due>> Ask(base::Time until, const prefect::AskOptions& ask) = 0;
};

struct AgentQueues {
  std::vector<std::string> names;     // made where they are not there
  std::vector<std::string> prefixes;  // all queues whose names begin so
  std::string pool;                   // whose queues these are; empty: those of agents
};
// The queues that agents of Prefect 2.11 ask. `say` is told of queues that are paused.
std::unique_ptr<WorkSource> MakeAgentSource(const prefect::Client& client, AgentQueues queues,
                                            std::function<void(std::string)> say);

struct PoolWork {
  std::string pool;
  std::string type;                 // a pool of this type is made where there is none; empty: it has to be there
  std::vector<std::string> queues;  // of the pool; none: all
  std::string worker_name;
  std::chrono::seconds heartbeat{30};
};
// A work pool, as workers ask; tells the server that the worker lives.
std::unique_ptr<WorkSource> MakePoolSource(const prefect::Client& client, PoolWork work);

struct PollOptions {
  std::chrono::milliseconds interval{15'000};
  std::chrono::milliseconds prefetch{15'000};  // how early a run is taken
  std::chrono::milliseconds look{2'000};       // between looks for runs to be cancelled, while any run
  std::size_t limit = 0;                       // runs at once; 0: no limit
  bool once = false;
  std::function<void(std::string)> say;
};
// Asks for runs and hands the oldest first to the supervisor, until `stop`; with `once` one time, and an error is
// returned then. A server that is away is asked again, forever, at most a minute apart.
base::Status PollForRuns(WorkSource& source, Supervisor& supervisor, const prefect::Client& client,
                         const PollOptions& options, std::stop_token stop);

}  // namespace tidemill::worker
