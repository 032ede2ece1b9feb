// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <arrow/api.h>

#include "tidemill/transform/tidy.h"

namespace tidemill::transform {

base::Result<std::shared_ptr<arrow::Table>> StackNotes(const std::vector<TidyEdition>& editions) {
  std::vector<const TidyEdition*> ordered;
  for (const TidyEdition& edition : editions) {
    if (edition.notes != nullptr) ordered.push_back(&edition);
  }
  if (ordered.empty()) return std::shared_ptr<arrow::Table>();
  std::ranges::stable_sort(ordered, {},
                           [](const TidyEdition* edition) -> const std::string& { return edition->edition; });
  std::vector<std::shared_ptr<arrow::Table>> tables;
  for (const TidyEdition* edition : ordered) tables.push_back(edition->notes);
  auto stacked = arrow::ConcatenateTables(tables);
  if (!stacked.ok()) return base::Fail(base::ErrorCode::kInternal, "notes: {}", stacked.status().ToString());
  return *std::move(stacked);
}

}  // namespace tidemill::transform
