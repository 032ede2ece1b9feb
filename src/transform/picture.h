// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/transform/explained.h"

#include "bound_edition.h"

namespace tidemill::transform {

// A sheet on which a recipe bound.
Picture Draw(const BoundEdition& edition);
// Adds what a further table of the same sheet became. Header and body stay those of the first.
void AddTable(Picture& picture, Picture table);
// A sheet on which it did not; `header` of the table that was found, where there is one.
Picture DrawUnbound(const Grid& grid, std::optional<workbook::Range> header = {});

// The filled header cells of a table.
workbook::Range HeaderRange(const Grid& grid, const Table& table);

}  // namespace tidemill::transform
