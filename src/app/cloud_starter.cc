// SPDX-License-Identifier: Apache-2.0
#include "cloud_starter.h"

#include "tidemill/cloud/cloud_run.h"
#include "tidemill/cloud/store.h"
#include "tidemill/worker/process.h"

#include "block_store.h"
#include "environment.h"
#include "stores.h"

namespace tidemill::app {
namespace {

using base::Result;
namespace json = prefect::json;

// Cancelling a job gives it the time that Cloud Run gives it.
class CloudRunExecution final : public worker::Execution {
 public:
  explicit CloudRunExecution(std::unique_ptr<cloud::CloudRunJob> job) : job_(std::move(job)) {}
  std::string identifier() const override { return job_->name(); }
  Result<int> Wait() override { return job_->Wait(); }
  std::string reason() const override { return job_->reason(); }
  void Stop(std::chrono::milliseconds /*grace*/) override { job_->Stop(); }

 private:
  const std::unique_ptr<cloud::CloudRunJob> job_;
};

std::vector<std::string> DefaultCommand(const worker::Job& job) {
  const std::size_t colon = job.entrypoint.rfind(':');
  if (job.entrypoint.substr(0, colon).ends_with(".toml")) return {"tidemill", "flow-run", "execute", job.flow_run_id};
  return {"python", "-m", "prefect.engine"};
}

// A pool has its command as one text, a block as a list.
Result<cloud::CloudRunFields> FieldsOf(const std::string& type, const worker::Job& job) {
  json::object variables = job.variables;
  if (json::value* command = variables.if_contains("command"); command != nullptr && command->is_string()) {
    TIDEMILL_ASSIGN(const auto words, worker::SplitCommand(prefect::AsText(*command)));
    *command = json::array(words.begin(), words.end());
  }
  return cloud::ParseCloudRunFields(type, prefect::ToText(variables));
}

// Names a folder of this machine that no container has.
bool IsOfThisMachine(std::string_view setting) {
  return setting == "PREFECT_HOME" || setting == "PREFECT_PROFILES_PATH";
}

// A folder in a container is gone with it: a job writes where its agent does if that is in a cloud; else nowhere is
// named, so that the image's own folder is not taken for a store.
std::string StoreOfJobs() {
  std::string store = FromEnvironment("TIDEMILL_STORE");
  return cloud::IsCloudUrl(store) || IsBlockStore(store) ? store : std::string();
}

Result<std::unique_ptr<worker::Execution>> Start(const std::string& type, const worker::Job& job,
                                                 const std::stop_token& stop) {
  TIDEMILL_ASSIGN(cloud::CloudRunFields fields, FieldsOf(type, job));
  if (fields.command.empty()) fields.command = DefaultCommand(job);
  fields.environment.clear();
  cloud::SetVariable(fields, "TIDEMILL_STORE", StoreOfJobs());
  for (const auto& [name, value] : job.environment) {  // the settings, then what the fields say: the last one holds
    if (!IsOfThisMachine(name)) cloud::SetVariable(fields, name, value);
  }
  fields.labels.emplace("tidemill-flow", job.flow_name);
  fields.labels.emplace("tidemill-deployment", job.deployment_name);
  fields.labels.emplace("tidemill-flow-run", job.flow_run_id);
  TIDEMILL_ASSIGN(auto started, cloud::CloudRunJob::Start({.fields = std::move(fields),
                                                           .name = cloud::CloudRunJobName(job.flow_run_id, job.attempt),
                                                           .say = job.say},
                                                          CloudMeans(stop)));
  return std::make_unique<CloudRunExecution>(std::move(started));
}

Result<std::unique_ptr<worker::Execution>> FindJob(const std::string& type, const worker::Job& job,
                                                   const std::string& name, const std::stop_token& stop) {
  TIDEMILL_ASSIGN(cloud::CloudRunFields fields, FieldsOf(type, job));
  TIDEMILL_ASSIGN(auto found, cloud::CloudRunJob::Find({.fields = std::move(fields), .name = name, .say = job.say},
                                                       CloudMeans(stop)));
  return std::make_unique<CloudRunExecution>(std::move(found));
}

}  // namespace

worker::Starter StartsCloudRunJobs(std::string type) {
  return
      [type = std::move(type)](const worker::Job& job, const std::stop_token& stop) { return Start(type, job, stop); };
}

worker::Finder FindsCloudRunJobs(std::string type) {
  return [type = std::move(type)](const worker::Job& job, const std::string& identifier, const std::stop_token& stop) {
    return FindJob(type, job, identifier, stop);
  };
}

}  // namespace tidemill::app
