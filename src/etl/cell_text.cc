// SPDX-License-Identifier: Apache-2.0
#include "tidemill/etl/cell_text.h"

#include "proof_sources.h"

namespace tidemill::etl {

base::Result<std::string> ReadCellText(base::FileStore& store, const KeptCell& cell, const workbook::Limits& limits,
                                       std::stop_token stop) {
  TIDEMILL_ASSIGN(const auto sources, extract::SourceStore::Open(store));
  dataset::CommitFacts commit;
  commit.recipe_hash = cell.recipe_hash;
  const auto recipe = KeptRecipe(store, commit);
  HeldWorkbooks workbooks(sources, recipe ? transform::OpenOptionsOf(recipe->base(), limits)
                                          : workbook::OpenOptions{.limits = limits, .csv = {}});
  return workbooks.TextAt(cell.sha256, cell.sheet, cell.row, cell.column, stop);
}

}  // namespace tidemill::etl
