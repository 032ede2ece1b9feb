// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tidemill/recipe/recipe.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::transform {

// The sheet that a recipe means, and why.
struct PickedSheet {
  std::size_t index = 0;
  recipe::Captures captures;          // of the sheet's name
  std::string how;                    // "pattern 1 of 3, exact"
  std::vector<std::string> excluded;  // names that sheet.not took out
};

// Errors (binding): sheet-missing and sheet-ambiguous, with the candidates; capture-conflict, where only the value of a
// capture keeps a pattern from hitting ("Figures for 2017" behind the link of 2018).
base::Result<PickedSheet> PickSheet(const std::vector<workbook::SheetEntry>& sheets, const recipe::SheetSpec& spec,
                                    const recipe::Captures& bound, const std::string& place);
// The sheet of that very name. Errors: kNotFound, with the names there are.
base::Result<PickedSheet> PickNamed(const std::vector<workbook::SheetEntry>& sheets, std::string_view name,
                                    const std::string& place);

// Every sheet that a pattern of sheet.pick hits, in the book's order; without patterns every one that is not taken out.
// Errors (binding): sheet-missing.
base::Result<std::vector<PickedSheet>> PickSheets(const std::vector<workbook::SheetEntry>& sheets,
                                                  const recipe::SheetSpec& spec, const recipe::Captures& bound,
                                                  const std::string& place);

}  // namespace tidemill::transform
