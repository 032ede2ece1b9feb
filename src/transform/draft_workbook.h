// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "tidemill/transform/draft.h"

namespace tidemill::transform {

// DraftRecipe, over a workbook that is open already.
base::Result<Draft> DraftWorkbook(const workbook::Workbook& book, const DraftOptions& options,
                                  const Register& geography, std::stop_token stop);

}  // namespace tidemill::transform
