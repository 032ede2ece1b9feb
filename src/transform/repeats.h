// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bind.h"
#include "body.h"

namespace tidemill::transform {

// What names a row: its code, else its label, with its dimensions.
std::string KeyOf(const BodyRow& row);

// Rows with one key: taken together where the recipe allows it and their values are equal, else `key-repeated`.
void ResolveRepeats(recipe::Repeats repeats, const Binding& binding, Grid& grid, Body& body, Findings& findings);

}  // namespace tidemill::transform
