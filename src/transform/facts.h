// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "findings.h"
#include "grid.h"

namespace tidemill::transform {

using Facts = std::map<std::string, std::string>;

// Finds the facts of a sheet ("Released: 28 July 2015", or the date in the next filled cell) that `facts` lacks, and
// claims their cells; with `of_book` those of the book alone. A date is written as 2019-08-27. What cannot be read goes
// to `findings`.
void ReadFacts(Grid& grid, const recipe::Spec& spec, const recipe::Captures& bound, bool of_book, Findings& findings,
               Facts& facts);

// Facts that must be there and are not.
void CheckFacts(const recipe::Spec& spec, const Facts& facts, Findings& findings);

}  // namespace tidemill::transform
