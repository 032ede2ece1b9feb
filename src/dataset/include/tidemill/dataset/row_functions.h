// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/dataset/dataset.h"

namespace tidemill::dataset {

// What reads rows of versions that are there already. It comes with Arrow, which takes longer to load than a run that
// finds nothing new takes in all, and a first version needs none of it; so it can be handed over when it is asked for.
struct RowFunctions {
  base::Result<Version> (*load_version)(const base::FileStore& store, std::string_view table,
                                        std::optional<std::int64_t> number);
  // What changes from that version to `after`.
  base::Result<Diff> (*changes_since)(const base::FileStore& store, std::string_view table, const Version& before,
                                      const frame::Frame& after, const std::vector<std::string>& key,
                                      std::size_t most_changes);
  base::Result<Published> (*publish)(base::FileStore& store, const Draft& draft, const base::Clock& clock);
  base::Result<std::optional<Prepared>> (*load_prepared)(const base::FileStore& store, std::string_view recipe);
};
const RowFunctions& GetRowFunctions();

}  // namespace tidemill::dataset
