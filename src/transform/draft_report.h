// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/transform/draft.h"

#include "draft_trial.h"

namespace tidemill::transform {

// What the last trial found goes to what is left to decide: a line a kind, with the first place.
void Leave(const Trial& trial, Draft& draft);

// What became of each column and marker, and why. Where that is not sure, it is drafted, and left to decide.
std::vector<Decision> DecisionsOf(const Plan& plan);

// "column C: dimension month, 0.60: …"
std::string ToLine(const Decision& decision);

// Every decision, what was seen and what is left, as comments above the recipe.
void WriteRemarks(const Draft& draft, const std::string& file, Plan& plan);

}  // namespace tidemill::transform
