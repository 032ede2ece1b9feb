// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "findings.h"
#include "grid.h"

namespace tidemill::transform {

// Finds the facts of a sheet ("Released: 28 July 2015", or the date in the next filled cell) and claims their cells.
// A date is written as 2019-08-27. What is missing or cannot be read goes to `findings`.
std::map<std::string, std::string> ReadFacts(Grid& grid, const recipe::Spec& spec, const recipe::Captures& bound,
                                             Findings& findings);

}  // namespace tidemill::transform
