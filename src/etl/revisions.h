// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tidemill/base/period.h"
#include "tidemill/dataset/dataset.h"
#include "tidemill/recipe/recipe.h"
#include "tidemill/transform/finding.h"

namespace tidemill::etl {

// Findings of recipes.md 3.11 for one table against its last version; `newest` are the periods that may change at will.
std::vector<transform::Finding> CheckRevisions(const recipe::RevisionsSpec& spec, const std::string& table,
                                               const dataset::Diff& diff, const std::set<base::Period>& newest);

}  // namespace tidemill::etl
