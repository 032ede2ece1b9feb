// SPDX-License-Identifier: Apache-2.0
#include "cloud_starter.h"

#include "tidemill/cloud/cloud_run.h"

#include "stores.h"

namespace tidemill::app {
namespace {

using base::Result;

// Cancelling a job gives it the time that Cloud Run gives it.
class CloudRunExecution final : public worker::Execution {
 public:
  explicit CloudRunExecution(std::unique_ptr<cloud::CloudRunJob> job) : job_(std::move(job)) {}
  std::string identifier() const override { return job_->name(); }
  Result<int> Wait() override { return job_->Wait(); }
  void Stop(std::chrono::milliseconds /*grace*/) override { job_->Stop(); }

 private:
  const std::unique_ptr<cloud::CloudRunJob> job_;
};

std::vector<std::string> DefaultCommand(const std::string& entrypoint) {
  const std::size_t colon = entrypoint.rfind(':');
  if (entrypoint.substr(0, colon).ends_with(".toml")) return {"tidemill", "flow-run", "execute"};
  return {"python", "-m", "prefect.engine"};
}

Result<std::unique_ptr<worker::Execution>> Start(const std::string& type, const worker::Job& job,
                                                 const std::stop_token& stop) {
  TIDEMILL_ASSIGN(cloud::CloudRunFields fields, cloud::ParseCloudRunFields(type, prefect::ToText(job.variables)));
  if (fields.command.empty()) fields.command = DefaultCommand(job.entrypoint);
  fields.environment = job.environment;  // the settings, and what the fields say
  fields.labels.emplace("tidemill-flow", job.flow_name);
  TIDEMILL_ASSIGN(auto started, cloud::CloudRunJob::Start({.fields = std::move(fields),
                                                           .name = cloud::CloudRunJobName(job.flow_run_id, job.attempt),
                                                           .say = job.say},
                                                          CloudMeans(stop)));
  return std::make_unique<CloudRunExecution>(std::move(started));
}

}  // namespace

worker::Starter StartsCloudRunJobs(std::string type) {
  return
      [type = std::move(type)](const worker::Job& job, const std::stop_token& stop) { return Start(type, job, stop); };
}

}  // namespace tidemill::app
