// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/prefect/json.h"

// What a flow run is run by. A process is one kind; app may hand in others by the type of their block or work pool
// ("cloud-run-job", "cloud-run-v2").
namespace tidemill::worker {

// One run to be started: everything that its place of work and its server say of it.
struct Job {
  std::string flow_run_id, flow_run_name, flow_name, deployment_name, deployment_updated, version;
  std::string entrypoint;  // of the deployment
  int attempt = 1;         // how often the run has been started, with this time
  // The infrastructure's own fields: the block's data with the overrides laid over it (agent), or the pool's variables
  // with defaults, the deployment's and the run's values (worker).
  prefect::json::object variables;
  prefect::json::value base_job_template;                        // of the pool; null for an agent
  std::vector<std::pair<std::string, std::string>> environment;  // settings, PREFECT__FLOW_RUN_ID, then variables.env
  // A line that it writes, without its end. Any thread, one at a time.
  std::function<void(std::string_view line)> say = {};
};

// A run that was started. Of one thread, but for Stop.
class Execution {
 public:
  virtual ~Execution() = default;
  // By which the infrastructure knows it: "host:pid", a job's name.
  virtual std::string identifier() const = 0;
  // Until it has ended: its exit code (128 + n for signal n). An error: nobody can tell any more how it ended.
  virtual base::Result<int> Wait() = 0;
  // Why it failed, in the words of the infrastructure, once Wait has returned; empty where the exit code says all.
  virtual std::string reason() const { return {}; }
  // Asks it to end, and ends it for good after `grace`. Returns at once; any thread.
  virtual void Stop(std::chrono::milliseconds grace) = 0;
};

// Starts a run; an error means that nothing was started.
using Starter = std::function<base::Result<std::unique_ptr<Execution>>(const Job& job, std::stop_token stop)>;
using Starters = std::map<std::string, Starter, std::less<>>;

// Finds what an agent that was killed had started, to see it to its end. kNotFound: it is gone.
using Finder = std::function<base::Result<std::unique_ptr<Execution>>(const Job& job, const std::string& identifier,
                                                                      std::stop_token stop)>;
using Finders = std::map<std::string, Finder, std::less<>>;

}  // namespace tidemill::worker
