// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "tidemill/base/result.h"
#include "tidemill/cloud/cloud_run_fields.h"
#include "tidemill/cloud/means.h"

namespace tidemill::cloud {

struct CloudRunOrder {
  CloudRunFields fields;
  // Of the job: lower-case letters, digits and hyphens, at most 63. The same name again finds the same job, so a create
  // whose answer was lost makes no second one.
  std::string name;
  // Told what happens and every line that the container writes; called by Start and Wait.
  std::function<void(std::string_view line)> say;
  // Cancels as Stop does, also while Start works.
  std::stop_token cancel = {};
};

// A job of Cloud Run that was made and started (API v2, run.googleapis.com; TIDEMILL_CLOUD_RUN_ENDPOINT and
// TIDEMILL_LOGGING_ENDPOINT name others). Of one thread, but for Stop. `means.stop` gives up without cleaning;
// cancelling is Stop.
class CloudRunJob {
 public:
  // Creates the job, waits until it is ready, runs it. An error means that nothing runs and nothing is left. An
  // environment whose PREFECT_API_URL is on loopback is refused before anything is made: the container could not
  // report.
  static base::Result<std::unique_ptr<CloudRunJob>> Start(CloudRunOrder order, const Means& means);
  // A job that an earlier process made and ran, found by its name; `order.fields` says where it is. kNotFound where it
  // is gone, and where it never ran: it is deleted then.
  static base::Result<std::unique_ptr<CloudRunJob>> Find(CloudRunOrder order, const Means& means);
  ~CloudRunJob();
  CloudRunJob(const CloudRunJob&) = delete;
  CloudRunJob& operator=(const CloudRunJob&) = delete;

  const std::string& name() const;
  // Until the execution has ended, then deletes the job unless it is to be kept. The container's exit code; 143 for one
  // that was cancelled; 124 for one that took longer than its time-out. Why it failed is said in words.
  base::Result<int> Wait();
  // Why the execution failed, once Wait has returned; empty where it did not.
  const std::string& reason() const;
  // Has the execution cancelled. Returns at once; any thread, also before Wait.
  void Stop();

 private:
  struct Impl;
  explicit CloudRunJob(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// "tidemill-<12 digits of the run's id>-<attempt>"
std::string CloudRunJobName(std::string_view run_id, int attempt);

}  // namespace tidemill::cloud
