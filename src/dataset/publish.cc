// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <arrow/table.h>
#include <arrow/type.h>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"
#include "tidemill/dataset/dataset.h"

#include "column_roles.h"
#include "delta_log.h"
#include "delta_schema.h"
#include "rows.h"

namespace tidemill::dataset {
namespace {

constexpr int kMostTries = 10;

// What engines may not throw away: old versions are what the dataset is for.
const std::map<std::string, std::string>& RetentionProperties() {
  static const std::map<std::string, std::string> kProperties = {
      {"delta.logRetentionDuration", "interval 36500 days"},
      {"delta.deletedFileRetentionDuration", "interval 36500 days"},
      {"delta.enableExpiredLogCleanup", "false"}};
  return kProperties;
}

bool IsTableName(std::string_view name) {
  return !name.empty() && name.size() <= 63 && name.front() >= 'a' && name.front() <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

base::Status CheckDraft(const Draft& draft) {
  if (!IsTableName(draft.table)) {
    return base::Fail(base::ErrorCode::kInvalid,
                      "table name {}, expected a letter and at most 62 more of a to z, 0 to 9, _",
                      base::Quoted(draft.table));
  }
  if (!draft.rows) return base::Fail(base::ErrorCode::kInternal, "table {} has no rows to publish", draft.table);
  std::vector<std::string> names = draft.rows->ColumnNames();
  std::sort(names.begin(), names.end());
  if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end()) {
    return base::Fail(base::ErrorCode::kInvalid, "table {} has two columns {}, expected names once", draft.table,
                      base::Quoted(*twice));
  }
  for (const std::string& key : draft.key) {
    if (std::binary_search(names.begin(), names.end(), key)) continue;
    return base::Fail(base::ErrorCode::kInvalid, "table {} has no column {}, expected the key's", draft.table,
                      base::Quoted(key));
  }
  return {};
}

// A GUID that a table made again does not share with the one before.
std::string TableId(const Draft& draft, base::Time now) {
  const std::string seed = fmt::format("{}\n{}\n{}", draft.table, draft.commit.run_id, now.time_since_epoch().count());
  const std::string hex = base::Sha256Hex(seed);
  const std::string_view digits = hex;
  // RFC 9562: version 8, variant 2.
  return fmt::format("{}-{}-8{}-a{}-{}", digits.substr(0, 8), digits.substr(8, 4), digits.substr(12, 3),
                     digits.substr(15, 3), digits.substr(18, 12));
}

base::Result<std::string> PutByContent(base::FileStore& store, std::string_view table, std::string_view folder,
                                       std::string_view bytes) {
  std::string path = fmt::format("{}{}.parquet", folder, base::Sha256Hex(bytes));
  auto status = store.PutIfAbsent(fmt::format("{}/{}", table, path), bytes);
  // What is there under that name has these bytes.
  if (!status && status.error().code != base::ErrorCode::kConflict) return tl::unexpected(std::move(status).error());
  return path;
}

// The draft with all that does not depend on the version before it.
struct Work {
  const Draft& draft;
  std::shared_ptr<arrow::Table> rows;
  std::string schema_string;
  std::vector<DeltaField> fields;
  std::optional<DataFile> file = {};  // once it is written
  std::string notes_file = {};
};

base::Status WriteFiles(base::FileStore& store, Work& work) {
  if (work.file) return {};
  std::shared_ptr<const std::string> bytes = work.draft.parquet;
  if (!bytes) {
    TIDEMILL_ASSIGN(std::string encoded, ToParquet(*work.rows));
    bytes = std::make_shared<const std::string>(std::move(encoded));
  }
  TIDEMILL_ASSIGN(std::string path, PutByContent(store, work.draft.table, "", *bytes));
  if (work.draft.notes) {
    TIDEMILL_ASSIGN(const std::string notes, ToParquet(*work.draft.notes));
    TIDEMILL_ASSIGN(work.notes_file, PutByContent(store, work.draft.table, "_notes/", notes));
  }
  work.file = DataFile{.path = std::move(path), .size = bytes->size(), .rows = work.rows->num_rows()};
  return {};
}

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

struct Change {
  Diff diff;
  bool same_columns = false;
};

base::Result<Change> ChangeSince(const base::FileStore& store, const Work& work, const Snapshot& before) {
  const Draft& draft = work.draft;
  if (before.number < 0) {
    TIDEMILL_ASSIGN(Diff diff, Compare(*work.rows->Slice(0, 0), *work.rows, draft.key, 0));
    return Change{.diff = std::move(diff)};
  }
  const Version version = before.ToVersion();
  TIDEMILL_ASSIGN(const auto fields, ParseSchemaString(version.schema, CommitPath(draft.table, before.number)));
  TIDEMILL_ASSIGN(const auto rows, ReadColumns(store, draft.table, version, WithoutLineage(fields)));
  Change change{.diff = {}, .same_columns = fields == work.fields};
  if (HasColumns(*rows, draft.key)) {
    TIDEMILL_ASSIGN(change.diff, Compare(*rows, *work.rows, draft.key));
    return change;
  }
  // Another key: no row is the same as one before.
  TIDEMILL_ASSIGN(change.diff, Compare(*work.rows->Slice(0, 0), *work.rows, draft.key, 0));
  change.diff.removed = rows->num_rows();
  return change;
}

std::optional<MetaData> NewMetaData(const Work& work, const Snapshot& before, bool same_columns, base::Time now) {
  MetaData metadata = before.metadata;
  metadata.facts = work.draft.facts;
  std::erase_if(metadata.facts.configuration, [](const auto& entry) { return entry.first.starts_with("delta."); });
  for (const auto& [key, value] : RetentionProperties()) metadata.delta.insert_or_assign(key, value);
  metadata.partition_columns.clear();
  if (before.number < 0) {
    metadata.id = TableId(work.draft, now);
    metadata.created_time = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count();
  }
  metadata.schema_string = work.schema_string;
  const bool same = same_columns && metadata.facts == before.metadata.facts &&
                    metadata.delta == before.metadata.delta && before.metadata.partition_columns.empty();
  if (same) return {};
  return metadata;
}

CommitDraft ToCommit(const Work& work, const Snapshot& before, const Change& change, base::Time now) {
  CommitDraft commit;
  commit.recorded = std::max(now, before.info.recorded.value_or(base::Time{}) + std::chrono::milliseconds(1));
  commit.operation = "WRITE";
  commit.read_version = before.number;
  commit.facts = work.draft.commit;
  commit.facts.notes_file = work.notes_file;
  commit.facts.added = change.diff.added;
  commit.facts.revised = change.diff.revised;
  commit.facts.removed = change.diff.removed;
  commit.write_protocol = before.number < 0;
  commit.metadata = NewMetaData(work, before, change.same_columns, now);
  for (const auto& [path, add] : before.active) {
    if (path != work.file->path) commit.removes.push_back(add.file);
  }
  if (!before.active.contains(work.file->path)) commit.add = work.file;
  return commit;
}

bool IsOurs(const CommitFacts& facts, const Draft& draft) {
  return !draft.commit.run_id.empty() && facts.run_id == draft.commit.run_id;
}

// Whether the commit that lies there is ours: after a conflict, and after a write whose answer was lost.
bool IsOurs(const base::FileStore& store, const std::string& path, const Draft& draft) {
  const auto text = store.Read(path);
  if (!text) return false;
  const auto actions = ParseCommit(*text, path, InfoReading::kRead);
  return actions && actions->info && IsOurs(actions->info->facts, draft);
}

Published PublishedBefore(const Snapshot& snapshot, const Draft& draft) {
  Published published{.table = draft.table, .version = snapshot.number, .diff = {}};
  published.diff.added = snapshot.info.facts.added;
  published.diff.revised = snapshot.info.facts.revised;
  published.diff.removed = snapshot.info.facts.removed;
  return published;
}

base::Result<Snapshot> LoadNewest(const base::FileStore& store, const std::string& table) {
  TIDEMILL_ASSIGN(const auto latest, LatestNumber(store, table));
  if (!latest) return Snapshot{};
  TIDEMILL_ASSIGN(Snapshot snapshot, LoadSnapshot(store, table, latest));
  TIDEMILL_CHECK(snapshot.CheckWritable(table));
  return snapshot;
}

// One try on the newest version. Nothing where another writer was first.
base::Result<std::optional<Published>> TryPublish(base::FileStore& store, Work& work, const base::Clock& clock) {
  const Draft& draft = work.draft;
  TIDEMILL_ASSIGN(const Snapshot before, LoadNewest(store, draft.table));
  if (before.number >= 0 && IsOurs(before.info.facts, draft)) return PublishedBefore(before, draft);
  TIDEMILL_ASSIGN(Change change, ChangeSince(store, work, before));
  Published published{.table = draft.table, .version = before.number, .diff = {}};
  if (before.number >= 0 && change.diff.empty() && change.same_columns) {
    published.unchanged = true;
    return published;
  }
  TIDEMILL_CHECK(WriteFiles(store, work));
  published.version = before.number + 1;
  const std::string path = CommitPath(draft.table, published.version);
  auto status = store.PutIfAbsent(path, ToCommitText(ToCommit(work, before, change, clock.Now())));
  published.diff = std::move(change.diff);
  if (status || IsOurs(store, path, draft)) return published;
  if (status.error().code == base::ErrorCode::kConflict) return std::nullopt;
  return tl::unexpected(std::move(status).error());
}

}  // namespace

base::Result<Published> Publish(base::FileStore& store, const Draft& draft, const base::Clock& clock) {
  TIDEMILL_CHECK(CheckDraft(draft));
  Work work{.draft = draft, .rows = LineageLast(*draft.rows), .schema_string = {}, .fields = {}};
  TIDEMILL_ASSIGN(work.schema_string, ToSchemaString(*work.rows->schema()));
  TIDEMILL_ASSIGN(work.fields, ParseSchemaString(work.schema_string, draft.table));
  for (int tries = 0; tries < kMostTries; ++tries) {
    TIDEMILL_ASSIGN(auto published, TryPublish(store, work, clock));
    if (published) return *std::move(published);
  }
  return base::Fail(base::ErrorCode::kConflict, "table {} was changed by another writer {} times in a row",
                    base::Quoted(draft.table), kMostTries);
}

base::Status WritePlainFile(base::FileStore& store, const PlainFile& file) {
  if (file.parquet) return store.Put(file.path, *file.parquet);
  TIDEMILL_ASSIGN(const std::string bytes, ToParquet(*file.rows, file.pandas_index, /*snappy=*/true));
  return store.Put(file.path, bytes);
}

}  // namespace tidemill::dataset
