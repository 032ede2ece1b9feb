// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bind.h"
#include "notes.h"

namespace tidemill::transform {

// Claims what is no body: headers, titles above, notes and lines between and below, totals of native tables. Numbers
// in the columns of values are left for conservation to find, unless the recipe ignores the rest of the sheet.
void ClaimAround(const TableSearch& search, const std::vector<Table>& tables, const std::vector<Binding>& bindings,
                 Grid& grid, NoteBook& notes);

}  // namespace tidemill::transform
