// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "body.h"
#include "call.h"

namespace tidemill::orchestrator {

// Parameters in which a value may be told in another way: {"__prefect_kind": "json", "value": text},
// {"__prefect_kind": "jinja", "template": text} (constant texts and defaults; no expressions),
// {"__prefect_kind": "workspace_variable", "variable_name": name} and {"__prefect_kind": "none", "value": any}.
struct Hydrated {
  json::object values;
  std::string wrong;  // why they cannot be had, or empty
};
Outcome<Hydrated> Hydrate(Call& call, const json::object& values);
// The same; 400 with `context` before the reason where they cannot be had.
Outcome<json::object> HydrateOrRefuse(Call& call, const json::object& values, std::string_view context);

}  // namespace tidemill::orchestrator
