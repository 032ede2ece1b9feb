// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "bound_edition.h"

namespace tidemill::transform {

// The [[edition]] block of recipes.md 4; every line ends with a line break.
std::string LockToml(const BoundEdition& edition, const Accounting& accounting);

// How the recipe bound, for people: recipes.md 3.14.
std::string Explain(const BoundEdition& edition, const Accounting& accounting, std::size_t codes_valid,
                    const std::vector<std::string>& exceptions, std::int64_t sums_checked);

// Pieces of both.
std::string FormatsOf(const Table& table);                // "%b-%y"; several joined by " | "
workbook::Range BodyRange(const BoundEdition& edition);   // C6:N448
std::vector<std::int64_t> LevelCounts(const Body& body);  // rows by level, outermost first; empty without levels
std::string SumText(const Measure& measure);              // exact for whole numbers

}  // namespace tidemill::transform
