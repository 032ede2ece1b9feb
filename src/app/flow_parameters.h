// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/base/result.h"
#include "tidemill/prefect/json.h"

#include "run_recipe.h"

namespace tidemill::app {

// The parameters of a recipe's flows, as a JSON schema; all are optional, and equal to the options of `tidemill run`.
prefect::json::object FlowParameterSchema();

// Sets what the flow run's parameters say. kInvalid for an unknown name, with the nearest known one, and for a value of
// another type.
base::Status ApplyFlowParameters(const prefect::json::object& parameters, RunOptions& options);

}  // namespace tidemill::app
