// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/transform/tidy.h"

namespace tidemill::transform {

// Tidy, over a workbook that is open already.
base::Result<TidyEdition> TidyWorkbook(const workbook::Workbook& book, const recipe::Recipe& recipe,
                                       const EditionInput& input, const Register& geography, std::stop_token stop);

}  // namespace tidemill::transform
