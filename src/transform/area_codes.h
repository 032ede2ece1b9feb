// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "body.h"

// Rows whose codes the register has to find: codes of another system, and names. recipes.md 7.
namespace tidemill::transform {

struct CodeLookup {
  const Register& geography;
  const CodeColumn& column;
  std::optional<std::size_t> dimension;              // whose texts are looked up, where it is not the label's
  const recipe::ColumnSpec* label = nullptr;         // whose levels narrow the areas that a name may mean
  int year = 0;                                      // of the data
  recipe::Severity codes = recipe::Severity::kFail;  // checks.codes
  const Grid& grid;
  std::string place;
};

// Gives each row the code under which it is written, and returns the vintage of the register by which codes are read:
// the column's own, or the one that fits; none where codes are not GSS or there is no register. A code or name for
// which the register has no GSS code is kept under the name of its system, where the recipe says so; else it is a
// finding. What is kept and unknown to the register altogether is held.
// Errors (binding): register-missing.
base::Result<std::optional<base::Date>> ResolveCodes(const CodeLookup& lookup, Findings& findings,
                                                     std::vector<BodyRow>& rows);

// Of each row, all states of the areas that it may be.
using AreaOptions = std::vector<std::vector<const Area*>>;

// The earliest state of the register, from the data year to two years later, under which most rows are one area with a
// GSS code.
std::optional<base::Date> FitVintage(const Register& geography, const AreaOptions& options, int year);

}  // namespace tidemill::transform
