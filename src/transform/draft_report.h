// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/transform/draft.h"

#include "draft_trial.h"

namespace tidemill::transform {

// What the last trial found goes to what is left to decide: a line a kind, with the first place.
void Leave(const Trial& trial, Draft& draft);

// Every decision, what was seen and what is left, as comments above the recipe.
void WriteRemarks(const Draft& draft, const std::string& file, Plan& plan);

}  // namespace tidemill::transform
