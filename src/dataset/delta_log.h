// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/file_store.h"
#include "tidemill/base/result.h"

#include "delta_actions.h"

namespace tidemill::dataset {

// What lies in a table's _delta_log, by name.
struct LogFiles {
  std::vector<std::int64_t> commits;                             // ascending
  std::map<std::int64_t, std::vector<std::string>> checkpoints;  // complete ones; the paths of their parts
  // The newest version; nothing where the folder has neither commits nor checkpoints.
  std::optional<std::int64_t> Latest() const;
};
base::Result<LogFiles> ListLog(const base::FileStore& store, std::string_view table);

// "deaths/_delta_log/00000000000000000007.json"
std::string CommitPath(std::string_view table, std::int64_t number);

// A table as its log stands after a version.
struct Snapshot {
  std::int64_t number = -1;
  Protocol protocol;
  MetaData metadata;
  std::map<std::string, AddFile> active;  // by path
  CommitInfo info;                        // of this very version

  void Apply(Actions actions);
  // kUnsupported names the feature that a reader of version 1 would have to know.
  base::Status CheckReadable(std::string_view table) const;
  // The same of a writer that replaces all files.
  base::Status CheckWritable(std::string_view table) const;
  Version ToVersion() const;
};

// A version's snapshot, or the newest one's. Errors as LoadVersion.
base::Result<Snapshot> LoadSnapshot(const base::FileStore& store, std::string_view table,
                                    std::optional<std::int64_t> number);

// All actions of a checkpoint's part. `place` names it in errors.
base::Result<Actions> ParseCheckpoint(std::string bytes, std::string_view place);

}  // namespace tidemill::dataset
