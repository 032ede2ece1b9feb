// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "draft_columns.h"
#include "draft_plan.h"

namespace tidemill::transform {

// The type and unit of the values under an axis, and their range, by all numbers of the body: a sample would not do.
// What a person must decide goes to `open`.
void SetValueType(const TableSearch& search, const DraftBody& body, Plan& plan, std::vector<std::string>& open);

}  // namespace tidemill::transform
