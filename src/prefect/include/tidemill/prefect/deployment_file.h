// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/base/result.h"
#include "tidemill/prefect/json.h"

namespace tidemill::prefect {

// Any YAML of one document as JSON: plain scalars by YAML's core schema, quoted ones as texts. kMalformed names the
// line. At most 1 MB, 100,000 values, 64 levels.
base::Result<json::value> ParseYaml(std::string_view text, const std::string& file);

// A deployment as `prefect deployment build` of 2.11 writes it and `deployment apply` reads it: name, description,
// version, work_queue_name, work_pool_name, tags, parameters, schedule, is_schedule_active, infra_overrides,
// infrastructure; below the line flow_name, manifest_path, storage, path, entrypoint, parameter_openapi_schema,
// timestamp, triggers. Members that it has besides follow at the end.
std::string WriteDeploymentFile(const json::object& deployment);
// kInvalid where name, flow_name or entrypoint is missing.
base::Result<json::object> ParseDeploymentFile(std::string_view text, const std::string& file);

}  // namespace tidemill::prefect
