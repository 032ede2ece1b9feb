// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tidemill/prefect/json.h"

namespace tidemill::console {

// {"any_": […]}: a filter's list.
prefect::json::value AnyOf(const std::vector<std::string>& values);
// Whether a flow run has ended.
bool IsFinalRun(const prefect::json::value& run);

}  // namespace tidemill::console
