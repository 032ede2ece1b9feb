// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "draft_columns.h"

namespace tidemill::transform {

// The type and unit of the values under an axis, and their range, by all numbers of the body: a sample would not do.
void SetValueType(const TableSearch& search, const DraftBody& body, Plan& plan);

}  // namespace tidemill::transform
