// SPDX-License-Identifier: Apache-2.0
#include "publish_work.h"

#include <algorithm>
#include <utility>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"

#include "column_roles.h"

namespace tidemill::dataset {
namespace {

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
  std::vector<std::string> names;
  for (const frame::Column& column : draft.rows->columns) names.push_back(column.name);
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

base::Status WriteFiles(base::FileStore& store, Work& work) {
  if (work.file) return {};
  std::shared_ptr<const std::string> bytes = work.draft.parquet;
  if (!bytes) {
    TIDEMILL_ASSIGN(std::string encoded, ToVersionParquet(work.rows));
    bytes = std::make_shared<const std::string>(std::move(encoded));
  }
  TIDEMILL_ASSIGN(std::string path, PutByContent(store, work.draft.table, "", *bytes));
  if (work.draft.notes) {
    TIDEMILL_ASSIGN(const std::string notes, ToVersionParquet(work.draft.notes));
    TIDEMILL_ASSIGN(work.notes_file, PutByContent(store, work.draft.table, "_notes/", notes));
  }
  work.file = DataFile{.path = std::move(path), .size = bytes->size(), .rows = work.rows->num_rows()};
  return {};
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

// Whether the commit that lies there is ours: after a conflict, and after a write whose answer was lost.
bool IsOurs(const base::FileStore& store, const std::string& path, const Draft& draft) {
  const auto text = store.Read(path);
  if (!text) return false;
  const auto actions = ParseCommit(*text, path, InfoReading::kRead);
  return actions && actions->info && IsOurs(actions->info->facts, draft);
}

}  // namespace

bool IsOurs(const CommitFacts& facts, const Draft& draft) {
  return !draft.commit.run_id.empty() && facts.run_id == draft.commit.run_id;
}

base::Result<Work> MakeWork(const Draft& draft) {
  TIDEMILL_CHECK(CheckDraft(draft));
  Work work{.draft = draft, .rows = LineageLast(draft.rows), .schema_string = {}, .fields = {}};
  TIDEMILL_ASSIGN(work.schema_string, ToSchemaString(*work.rows));
  TIDEMILL_ASSIGN(work.fields, ParseSchemaString(work.schema_string, draft.table));
  return work;
}

base::Result<std::optional<Published>> Commit(base::FileStore& store, Work& work, const Snapshot& before, Change change,
                                              base::Time now) {
  TIDEMILL_CHECK(WriteFiles(store, work));
  Published published{.table = work.draft.table, .version = before.number + 1, .diff = {}};
  const std::string path = CommitPath(work.draft.table, published.version);
  auto status = store.PutIfAbsent(path, ToCommitText(ToCommit(work, before, change, now)));
  published.diff = std::move(change.diff);
  if (status || IsOurs(store, path, work.draft)) return published;
  if (status.error().code == base::ErrorCode::kConflict) return std::nullopt;
  return tl::unexpected(std::move(status).error());
}

base::Status WritePlainFile(base::FileStore& store, const PlainFile& file) {
  if (file.parquet) return store.Put(file.path, *file.parquet);
  TIDEMILL_ASSIGN(const std::string bytes, ToPlainParquet(*file.rows));
  return store.Put(file.path, bytes);
}

}  // namespace tidemill::dataset
