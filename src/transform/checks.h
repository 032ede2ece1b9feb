// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bound_edition.h"

// The checks of one edition: recipes.md 3.10, but for those that compare editions.
namespace tidemill::transform {

struct CheckReport {
  std::int64_t sums_checked = 0;
  std::vector<std::string> exceptions;  // dated exceptions that were met or skipped
  std::size_t codes_valid = 0;          // rows whose code is valid
};

// Errors are recipes that ask for what is not supported; what is wrong with the data goes to `findings`.
base::Result<CheckReport> RunChecks(const BoundEdition& edition, Findings& findings);

// The parts of it that stand in files of their own.
base::Status CheckPeriods(const BoundEdition& edition, Findings& findings);
void CheckConservation(const BoundEdition& edition, Findings& findings, const Accounting& accounting);

}  // namespace tidemill::transform
