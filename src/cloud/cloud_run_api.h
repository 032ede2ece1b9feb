// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/cloud/cloud_run_fields.h"
#include "tidemill/cloud/google_sign_in.h"

#include "caller.h"

// The calls of Cloud Run's API v2 and of Cloud Logging that a job needs; names of jobs and executions are whole:
// "projects/p/locations/r/jobs/j/executions/e".
namespace tidemill::cloud {

enum class Phase { kGoing, kSucceeded, kFailed };

// A condition of a job or an execution, in its own words.
struct StageState {
  Phase phase = Phase::kGoing;
  std::string words;
  std::string reason;  // "CANCELLED", "NON_ZERO_EXIT_CODE", …
};

struct LogLine {
  std::string id, time, text;
};

class CloudRunApi {
 public:
  static base::Result<CloudRunApi> Open(const Means& means, const CloudRunFields& fields);

  // "projects/p/locations/r/jobs/NAME"
  std::string JobOf(const std::string& name) const;
  // A job that is there already is the one that was wanted.
  base::Status Create(const std::string& name, const std::string& body) const;
  base::Result<StageState> JobState(const std::string& job) const;
  // The execution's name. Not idempotent: after a lost answer the job is asked for its latest execution first.
  base::Result<std::string> Run(const std::string& job) const;
  // The execution that was made last, or empty where the job never ran.
  base::Result<std::string> LatestExecution(const std::string& job) const;
  base::Result<StageState> ExecutionState(const std::string& execution) const;
  // Of the execution's task, where Google says it.
  std::optional<int> ExitCode(const std::string& execution) const;
  base::Status Cancel(const std::string& execution) const;
  // A job that is gone is no error.
  base::Status Delete(const std::string& job) const;
  // What the execution wrote from `since` on, oldest first.
  base::Result<std::vector<LogLine>> Logs(const std::string& execution, const std::string& since) const;

 private:
  CloudRunApi(Caller caller, std::string project, std::string region);
  http::ClientRequest Get(const std::string& what) const;
  http::ClientRequest Post(const std::string& what, std::string body) const;

  Caller caller_;
  std::string project_, region_, run_, logging_;
};

}  // namespace tidemill::cloud
