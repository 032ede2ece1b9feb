// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <vector>

#include "tidemill/transform/draft.h"

namespace tidemill::transform {

// The sheet of a workbook that the draft is made from.
struct DraftSheet {
  std::size_t index = 0;
  workbook::Sheet sheet;
  Decision decision;
};

// By the score of recipes.md 5.5 among the visible sheets that hold a table, or the one that was asked for.
base::Result<DraftSheet> ChooseDraftSheet(const workbook::Workbook& book, const DraftOptions& options, int near_year,
                                          std::stop_token stop);

}  // namespace tidemill::transform
