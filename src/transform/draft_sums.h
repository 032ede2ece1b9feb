// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "draft_columns.h"
#include "draft_plan.h"
#include "draft_trial.h"

namespace tidemill::transform {

struct SumSearch {
  const TrialBook& book;
  const TableSearch& search;
  const DraftBody& body;
  const std::vector<std::uint32_t>& label_columns;
  const EditionInput& input;
  const Register& geography;
  std::stop_token stop;
};

// Adds to the plan what its figures keep without exception: how its rows nest, and rows that are the sum of the others.
// Each is found by trying it; what holds only mostly is a remark.
base::Status FindSums(const SumSearch& search, Plan& plan, std::vector<std::string>& remarks);

// Columns of values that are the sum of those next to them, for people: a recipe has no check for it.
std::vector<std::string> ColumnSums(const TableSearch& search, const DraftBody& body);

}  // namespace tidemill::transform
