// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "body.h"

// How rows nest: recipes.md 3.8, `levels`.
namespace tidemill::transform {

// Gives each row its level and its parent, by the look of its label.
void AssignLevels(const Grid& grid, const recipe::ColumnSpec& label, const Binding& binding, Findings& findings,
                  std::vector<BodyRow>& rows);

// Gives each row the nearest ancestor of the register that has a row.
void AssignParentsByCode(const Register& geography, base::Date on, std::vector<BodyRow>& rows);

}  // namespace tidemill::transform
