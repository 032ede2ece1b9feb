// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "tidemill/frame/frame.h"
#include "tidemill/transform/tidy.h"

#include "bound_edition.h"

// The checks of one edition: recipes.md 3.10, but for those that compare editions.
namespace tidemill::transform {

struct CheckReport {
  std::int64_t sums_checked = 0;
  CheckCounts counts;                   // what was checked, sums too
  std::vector<std::string> exceptions;  // dated exceptions that were met or skipped
  std::size_t codes_valid = 0;          // rows whose code is valid
};

// The checks of one table; what is wrong with the data goes to `findings`.
CheckReport RunChecks(const BoundEdition& edition, Findings& findings);

// The periods that have values, ascending.
std::set<base::Period> PublishedPeriods(const BoundEdition& edition);

// What the tables of a sheet come to against its cells.
struct SheetSums {
  long double written = 0;    // of all values that are written
  long double of_texts = 0;   // of numbers read that stood as text or marker
  long double unwritten = 0;  // of numbers that a finding keeps from being written
  void Add(const Body& body);
};
// Every cell is accounted for, and no number is lost or made up.
void CheckConservation(const Grid& grid, const SheetSums& sums, Findings& findings);

// All tables of an edition together.
struct WholeEdition {
  const recipe::Spec& spec;
  const EditionInput& input;
  const recipe::Captures& captures;
  const std::set<base::Period>& periods;
  const frame::Frame& frame;
};
// What it checks is added to `counts`. Errors are recipes that ask for what is not supported.
base::Status CheckWhole(const WholeEdition& whole, Findings& findings, CheckCounts& counts);

// The parts that stand in files of their own.
void CheckAxes(const BoundEdition& edition, Findings& findings);
void CheckTotals(const BoundEdition& edition, Findings& findings);
void CheckSums(const BoundEdition& edition, Findings& findings, CheckReport& report);
void CheckComplete(const frame::Frame& frame, Findings& findings);

}  // namespace tidemill::transform
