// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "tidemill/transform/draft.h"

#include "draft_plan.h"
#include "draft_table.h"

// The year of an edition: what a recipe must capture where its periods lie in one, or name none.
namespace tidemill::transform {

// The pattern of the sheet's name; with the year of the link, where the source captures it.
std::string SheetPattern(const std::string& sheet, const DraftOptions& options);

// Where the axis' periods lie in one year that the link, the sheet's name or the title names, the plan says so. Periods
// without a year must have one from there: that is a decision, and it is not sure where nothing names the year.
struct YearSearch {
  const Grid& grid;
  std::string title;
  const std::vector<workbook::SheetEntry>& sheets;  // of the book
};
std::optional<Decision> SettleYear(const YearSearch& search, const DraftTable& table, const DraftOptions& options,
                                   Plan& plan);

}  // namespace tidemill::transform
