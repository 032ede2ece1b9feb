// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "body.h"
#include "call.h"
#include "parameters.h"

// Variables of the jobs of a work pool, as its template ("base_job_template") describes them by a JSON schema.
namespace tidemill::orchestrator {

// Whether a pool's template can be used: both its parts, every {{ variable }} described, defaults that fit (a default
// may be a block). 422; 404 for a block that is not there.
Outcome<void> CheckTemplate(Call& call, const json::object& job_template);
// Whether variables fit the template of the pool that a queue is of; the template's defaults stand for what is left
// out. 422 with `context` before the reason.
Outcome<void> CheckJobVariables(Call& call, const std::string& queue_id, const json::object& variables,
                                Required required, std::string_view context);

}  // namespace tidemill::orchestrator
