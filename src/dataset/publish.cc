// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <arrow/table.h>
#include <arrow/type.h>

#include "tidemill/base/text.h"

#include "delta_arrow.h"
#include "publish_work.h"
#include "repeated_keys.h"
#include "rows.h"

namespace tidemill::dataset {
namespace {

constexpr int kMostTries = 10;

// The columns of a version that count in a diff.
std::vector<DeltaField> WithoutLineage(const std::vector<DeltaField>& fields) {
  std::vector<DeltaField> kept;
  for (const DeltaField& field : fields) {
    if (RoleOf(*ToArrowField(field, arrow::null())) != Role::kLineage) kept.push_back(field);
  }
  return kept;
}

bool HasColumns(const arrow::Table& table, const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [&](const auto& name) { return table.GetColumnByName(name); });
}

base::Result<Change> ChangeSince(const base::FileStore& store, const Work& work, const Snapshot& before) {
  const Draft& draft = work.draft;
  const Version version = before.ToVersion();
  TIDEMILL_ASSIGN(const auto fields, ParseSchemaString(version.schema, CommitPath(draft.table, before.number)));
  TIDEMILL_ASSIGN(const auto rows, ReadColumns(store, draft.table, version, WithoutLineage(fields)));
  TIDEMILL_ASSIGN(const auto after, ToArrow(*work.rows));
  Change change{.diff = {}, .same_columns = fields == work.fields};
  if (HasColumns(*rows, draft.key)) {
    TIDEMILL_ASSIGN(change.diff, Compare(*rows, *after, draft.key));
    return change;
  }
  // Another key: no row is the same as one before.
  TIDEMILL_CHECK(CheckKeys(*work.rows, draft.key));
  change.diff.added = work.rows->num_rows();
  change.diff.removed = rows->num_rows();
  return change;
}

Published PublishedBefore(const Snapshot& snapshot, const Draft& draft) {
  Published published{.table = draft.table, .version = snapshot.number, .diff = {}};
  published.diff.added = snapshot.info.facts.added;
  published.diff.revised = snapshot.info.facts.revised;
  published.diff.removed = snapshot.info.facts.removed;
  return published;
}

// One try on the newest version. Nothing where another writer was first.
base::Result<std::optional<Published>> TryPublish(base::FileStore& store, Work& work, const base::Clock& clock) {
  const Draft& draft = work.draft;
  TIDEMILL_ASSIGN(const Snapshot before, LoadSnapshot(store, draft.table, {}));
  TIDEMILL_CHECK(before.CheckWritable(draft.table));
  if (IsOurs(before.info.facts, draft)) return PublishedBefore(before, draft);
  TIDEMILL_ASSIGN(Change change, ChangeSince(store, work, before));
  if (change.diff.empty() && change.same_columns) {
    return Published{.table = draft.table, .version = before.number, .unchanged = true, .diff = {}};
  }
  return Commit(store, work, before, std::move(change), clock.Now());
}

}  // namespace

base::Result<Published> Publish(base::FileStore& store, const Draft& draft, const base::Clock& clock) {
  TIDEMILL_ASSIGN(auto first, PublishFirst(store, draft, clock));
  if (first) return *std::move(first);
  TIDEMILL_ASSIGN(Work work, MakeWork(draft));
  for (int tries = 0; tries < kMostTries; ++tries) {
    TIDEMILL_ASSIGN(auto published, TryPublish(store, work, clock));
    if (published) return *std::move(published);
  }
  return base::Fail(base::ErrorCode::kConflict, "table {} was changed by another writer {} times in a row",
                    base::Quoted(draft.table), kMostTries);
}

}  // namespace tidemill::dataset
