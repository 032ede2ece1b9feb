// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/clock.h"
#include "tidemill/base/file_store.h"
#include "tidemill/base/result.h"
#include "tidemill/frame/frame.h"

// A dataset is a Delta table (protocol reader 1, writer 2) in STORE/<table>/: immutable Parquet files named by their
// SHA-256 and a _delta_log of JSON commits; a vintage is a version. shared/design/architecture.md 4.4, dependencies.md
// "Delta".
namespace tidemill::dataset {

// Where a version's figures come from.
struct VersionSource {
  std::string url, sha256, edition, file;
  std::uint64_t bytes = 0;
  base::Time fetched_at;
  std::string released;                        // "2019-08-27" or empty
  std::map<std::string, double> markers = {};  // "deaths [x]" → percent of the column's cells
};

// One check that a version went through.
struct VersionCheck {
  std::string check;       // "E92000001 = sum(E12*)", or a finding's name: "edition-vanished"
  std::string result;      // "passed"; "waived": held, and accepted; "warned"
  std::int64_t count = 0;  // how often it was evaluated, or found
};

// What a commit says of itself, in commitInfo under "tidemill".
struct CommitFacts {
  std::string run_id;  // the same for all tables of a run
  std::string recipe, recipe_hash, program_version;
  std::string inputs_key;  // equal inputs, equal key: a run that finds it committed need not read a workbook
  std::vector<VersionSource> sources;
  std::int64_t checks_passed = 0, checks_failed = 0, checks_waived = 0;
  std::vector<VersionCheck> checks = {};  // each of them; empty where an older program wrote the commit
  std::vector<std::string> findings;      // warnings, and holds that were accepted
  std::string released;                   // newest of the sources
  std::string lock;                       // the lock file's text
  std::string notes_file;                 // "_notes/<sha256>.parquet" or empty
  std::int64_t added = 0, revised = 0, removed = 0;
};

// Facts of the dataset, kept in metaData.
struct TableFacts {
  std::string title, description;
  std::map<std::string, std::string> configuration;  // "tidemill.licence", "tidemill.publisher" …
  bool operator==(const TableFacts&) const = default;
};

struct DataFile {
  std::string path;  // in the table's folder, decoded
  std::uint64_t size = 0;
  std::int64_t rows = -1;                                            // -1 where the log does not say
  std::map<std::string, std::optional<std::string>> partition = {};  // columns that the log holds, not the file
};

// One version, as its log tells it.
struct Version {
  std::int64_t number = 0;
  base::Time recorded;
  std::string table_id;
  TableFacts facts;
  CommitFacts commit;
  std::vector<DataFile> files;
  std::string schema;  // Delta's schemaString
  std::vector<std::string> partition_columns;
};

// The tables in a store by name, folders with a _delta_log that do not begin with '_', with the number of their newest
// version.
base::Result<std::map<std::string, std::int64_t>> ListTables(const base::FileStore& store);
// The number of the newest version; nothing where there is no table. Cheap: asks for names only.
base::Result<std::optional<std::int64_t>> LatestNumber(const base::FileStore& store, std::string_view table);
// What the newest commit says of itself, from its one file; `rows` of the files it adds. Nothing where there is no
// table, or where its newest version is told by a checkpoint alone.
struct NewestCommit {
  std::int64_t number = 0;
  CommitFacts facts;
  std::int64_t rows = 0;
};
base::Result<std::optional<NewestCommit>> LoadNewestCommit(const base::FileStore& store, std::string_view table);
// Errors: kNotFound, kUnsupported (a feature of the protocol we do not know), kMalformed (a broken log, with file and
// line).
base::Result<Version> LoadVersion(const base::FileStore& store, std::string_view table,
                                  std::optional<std::int64_t> number = {});
// All versions that the log still tells, the oldest first.
base::Result<std::vector<Version>> LoadHistory(const base::FileStore& store, std::string_view table);
// The rows of a version; field metadata (roles, units) as in the Delta schema.
base::Result<std::shared_ptr<arrow::Table>> ReadRows(const base::FileStore& store, std::string_view table,
                                                     const Version& version);

// Differences by key. A row is revised where a value or status differs, relabelled where only a label does; roles come
// from the field metadata "tidemill.role", else from names (…_name and …_label are labels; src, src_row, src_col
// lineage; edition and geo_vintage attributes). Lineage and attributes do not count, nor the order of rows, nor columns
// that only one table has. Equality is exact; a null differs from any value; texts compare as texts whether dictionary
// or not, numbers as numbers. A key that repeats in `after` is kInvalid.
struct Diff {
  std::int64_t added = 0, revised = 0, removed = 0, relabelled = 0;
  bool empty() const { return added + revised + removed + relabelled == 0; }
  struct Change {
    std::string key;  // "E08000007 2018-01"
    std::string column;
    std::string before, after;
    double size = 0;  // after − before, of numbers
  };
  std::vector<Change> changes;  // the first 1,000: revised, removed, relabelled, added; a null is an empty text
  std::vector<std::string> removed_keys;
};
base::Result<Diff> Compare(const arrow::Table& before, const arrow::Table& after, const std::vector<std::string>& key,
                           std::size_t most_changes = 1'000);

// One table to be published.
struct Draft {
  std::string table;  // folder
  std::shared_ptr<const frame::Frame> rows;
  std::vector<std::string> key;
  TableFacts facts;
  CommitFacts commit;                          // `added`, `revised`, `removed` and `notes_file` are filled in
  std::shared_ptr<const frame::Frame> notes;   // written as _notes/<sha256>.parquet; may be null
  std::shared_ptr<const std::string> parquet;  // the rows as Parquet where they are known already: not encoded again
};
struct PlainFile {
  std::string path;  // "deaths_data.parquet", in the store
  std::shared_ptr<const frame::Frame> rows;
  std::shared_ptr<const std::string> parquet;  // as in Draft
};

// Parquet as published: zstd, groups of 32,768 rows, lineage columns last.
base::Result<std::string> ToVersionParquet(const std::shared_ptr<const frame::Frame>& rows);
// Parquet as pandas writes it: snappy, groups of a million rows.
base::Result<std::string> ToPlainParquet(const frame::Frame& rows);
base::Result<std::shared_ptr<arrow::Table>> FromParquet(std::string bytes);

base::Result<std::shared_ptr<arrow::Table>> ToArrow(const frame::Frame& rows);
// kInternal where a column has a type that no frame has.
base::Result<frame::Frame> ToFrame(const arrow::Table& table);

// Between transform and load: the versions of one recipe, in STORE/_prepared/<recipe with '/' as '-'>/: Parquet files
// and prepared.json, which is written last. Replaces what was prepared before.
struct Prepared {
  std::string recipe;
  std::vector<Draft> drafts;  // in recipe order
  std::vector<PlainFile> files;
  std::string report_json;        // of the transform
  std::vector<std::string> held;  // findings that wait for --accept
};
base::Status SavePrepared(base::FileStore& store, const Prepared& prepared);
// Whether something is prepared; needs no Arrow.
base::Result<bool> IsPrepared(const base::FileStore& store, std::string_view recipe);
base::Result<std::optional<Prepared>> LoadPrepared(const base::FileStore& store, std::string_view recipe);
base::Status DropPrepared(base::FileStore& store, std::string_view recipe);
// The same without the clearing up: nothing is prepared any more. Needs no Arrow.
base::Status ForgetPrepared(base::FileStore& store, std::string_view recipe);

struct Published {
  std::string table;
  std::int64_t version = 0;
  bool unchanged = false;  // nothing but lineage or bytes differs: no commit
  Diff diff;               // against the version before; all added for the first
};
// Commits one table: writes the Parquet file aside, then the log entry with PutIfAbsent. A conflict is read back: it is
// ours if its run id matches; else the commit is tried again on the newer version (kConflict after 10 tries).
// Nothing is committed where the diff is empty and the columns' names, types and field metadata are those of the newest
// version; facts of the dataset alone (a title, a date of the next release) wait for the next version.
// A table whose newest version has the draft's run id is published already: the answer has its counts, no changes.
// Errors: kInvalid (a name or key that may not be, a key that occurs twice), kUnsupported (a column type or a feature
// of the table that Delta's writer 2 does not know), and the store's.
base::Result<Published> Publish(base::FileStore& store, const Draft& draft, const base::Clock& clock);
// The same for a table that has no version yet; nothing where it has one, or gets one meanwhile. Needs no Arrow.
base::Result<std::optional<Published>> PublishFirst(base::FileStore& store, const Draft& draft,
                                                    const base::Clock& clock);
base::Status WritePlainFile(base::FileStore& store, const PlainFile& file);

}  // namespace tidemill::dataset
