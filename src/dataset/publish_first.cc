// SPDX-License-Identifier: Apache-2.0
// A table's first version: there is nothing to read and compare, so this needs no Arrow.
#include "publish_work.h"
#include "repeated_keys.h"

namespace tidemill::dataset {

base::Result<std::optional<Published>> PublishFirst(base::FileStore& store, const Draft& draft,
                                                    const base::Clock& clock) {
  TIDEMILL_ASSIGN(Work work, MakeWork(draft));
  TIDEMILL_ASSIGN(const auto latest, LatestNumber(store, draft.table));
  if (latest) return std::nullopt;
  TIDEMILL_CHECK(CheckKeys(*work.rows, draft.key));
  Change change;
  change.diff.added = work.rows->num_rows();
  return Commit(store, work, Snapshot{}, std::move(change), clock.Now());
}

}  // namespace tidemill::dataset
