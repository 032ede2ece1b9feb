// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tidemill/dataset/dataset.h"

#include "delta_log.h"
#include "delta_schema.h"

// What publishing a first version and a later one have in common.
namespace tidemill::dataset {

// The draft with all that does not depend on the version before it.
struct Work {
  const Draft& draft;
  std::shared_ptr<const frame::Frame> rows;
  std::string schema_string;
  std::vector<DeltaField> fields;
  std::optional<DataFile> file = {};  // once it is written
  std::string notes_file = {};
};
// Checks the draft's table name, columns and key's names.
base::Result<Work> MakeWork(const Draft& draft);

struct Change {
  Diff diff;
  bool same_columns = false;
};

// One commit on top of `before`, whose number is -1 where there is none. Nothing where another writer was first.
base::Result<std::optional<Published>> Commit(base::FileStore& store, Work& work, const Snapshot& before, Change change,
                                              base::Time now);

// Whether those facts are of this draft's run.
bool IsOurs(const CommitFacts& facts, const Draft& draft);

}  // namespace tidemill::dataset
