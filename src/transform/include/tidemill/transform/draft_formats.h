// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/transform/draft.h"

namespace tidemill::transform {

// What was decided, why, and what came next; where a decision is not sure, both candidates and the option that settles
// it; else what is left to decide.
std::string ToText(const Draft& draft);

// docs/reference/commands.md, `recipe new --json`.
std::string ToJson(const Draft& draft);

}  // namespace tidemill::transform
