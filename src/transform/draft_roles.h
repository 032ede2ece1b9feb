// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "draft_columns.h"
#include "draft_plan.h"

namespace tidemill::transform {

// The roles of the columns; what cannot be told goes to `open`.
struct DraftRoles {
  std::vector<PlanColumn> columns;
  std::vector<std::uint32_t> label_columns;  // of the sheet, that the label takes
  std::vector<std::string> open;             // what a person must decide, with its place
};
DraftRoles FindRoles(const TableSearch& search, const Table& table, const DraftBody& body,
                     std::set<std::string>& taken);

}  // namespace tidemill::transform
