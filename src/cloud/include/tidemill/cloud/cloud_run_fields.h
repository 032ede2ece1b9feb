// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/cloud/google_sign_in.h"

namespace tidemill::cloud {

struct SecretVersion {
  std::string secret, version;
};

// What a flow run is run with on Cloud Run: the fields of a block cloud-run-job, or the variables of a work pool
// cloud-run-v2. Empty texts leave the choice to Google.
struct CloudRunFields {
  GoogleKey key;
  std::string project;  // empty: the sign-in's
  std::string region;
  std::string image;
  std::vector<std::string> command, args;
  std::vector<std::pair<std::string, std::string>> environment;
  std::map<std::string, SecretVersion> secrets;  // environment from Secret Manager
  std::map<std::string, std::string> labels;
  std::string cpu;     // "1000m"
  std::string memory;  // "512Mi"
  std::string vpc_connector, service_account, launch_stage;
  int timeout_seconds = 600;
  int max_retries = 0;
  bool keep_job = false;
};

// From the JSON object of those fields, by the type "cloud-run-job" or "cloud-run-v2". kInvalid names the field; values
// of credentials are never shown.
base::Result<CloudRunFields> ParseCloudRunFields(std::string_view type, std::string_view json);

// Sets a variable of the container's environment. One that is there is replaced: Cloud Run refuses a name twice.
void SetVariable(CloudRunFields& fields, std::string_view name, std::string value);

// The body that creates the job, as the API v2 takes it. Labels become what Google allows.
std::string CloudRunJobBody(const CloudRunFields& fields);

}  // namespace tidemill::cloud
