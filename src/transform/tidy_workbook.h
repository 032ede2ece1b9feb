// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/transform/explained.h"
#include "tidemill/transform/tidy.h"

namespace tidemill::transform {

class Witness;

// Opens a workbook as the recipe says how; errors name the file.
base::Result<std::unique_ptr<workbook::Workbook>> OpenEdition(std::string_view bytes, const recipe::Recipe& recipe,
                                                              const EditionInput& input,
                                                              const workbook::Limits& limits);

// Tidy, over a workbook that is open already. `witness` looks on, where there is one.
base::Result<TidyEdition> TidyWorkbook(const workbook::Workbook& book, const recipe::Recipe& recipe,
                                       const EditionInput& input, const Register& geography, std::stop_token stop,
                                       Witness* witness = nullptr);

// ExplainBinding, over a workbook that is open already.
base::Result<Explained> ExplainWorkbook(const workbook::Workbook& book, const recipe::Recipe& recipe,
                                        const EditionInput& input, const ExplainOptions& options,
                                        const Register& geography, std::stop_token stop);

}  // namespace tidemill::transform
