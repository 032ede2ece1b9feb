// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "tidemill/transform/explained.h"

#include "bind.h"

// What might have been meant where a recipe does not bind; the best first, at most a few of each kind.
namespace tidemill::transform {

// By the patterns of sheet.pick; sheets that sheet.not takes out have 0.
std::vector<Candidate> SheetCandidates(const std::vector<workbook::SheetEntry>& sheets, const recipe::SheetSpec& spec,
                                       const recipe::Captures& bound);
// Native tables and rows, by how much of what the recipe looks for stands in their headers.
// Of a sheet whose name tells nothing.
void ScoreByLooks(const workbook::Sheet& sheet, Candidate& candidate);
std::vector<Candidate> TableCandidates(const TableSearch& search);
// Headers, for each column of the recipe that none hits.
std::vector<Candidate> ColumnCandidates(const TableSearch& search, const Table& table);

}  // namespace tidemill::transform
