// SPDX-License-Identifier: Apache-2.0
#include "delta_log.h"

#include <algorithm>
#include <utility>

#include "tidemill/base/text.h"
#include "tidemill/dataset/dataset.h"

namespace tidemill::dataset {
namespace {

constexpr std::uint64_t kMostCommitBytes = std::uint64_t{256} << 20U;
constexpr std::uint64_t kMostCheckpointBytes = std::uint64_t{1} << 30U;

std::string LogFolder(std::string_view table) {
  return fmt::format("{}/_delta_log", table);
}

// The number that 20 (or 10) digits make.
std::optional<std::int64_t> Digits(std::string_view text, std::size_t count) {
  if (text.size() != count || text.find_first_not_of("0123456789") != std::string_view::npos) return {};
  return base::ParseInt(text);
}

// "<20 digits>.checkpoint.parquet" is the one part of one, "….checkpoint.<10>.<10>.parquet" one of several.
struct CheckpointPart {
  std::int64_t number = 0, part = 1, parts = 1;
};
std::optional<CheckpointPart> ParseCheckpointName(std::string_view name) {
  const auto pieces = base::Split(name, '.');
  const bool single = pieces.size() == 3;
  if (!single && pieces.size() != 5) return {};
  if (pieces[1] != "checkpoint" || pieces.back() != "parquet") return {};
  const auto number = Digits(pieces[0], 20);
  if (!number) return {};
  if (single) return CheckpointPart{.number = *number};
  const auto part = Digits(pieces[2], 10);
  const auto parts = Digits(pieces[3], 10);
  if (!part || !parts || *part < 1 || *part > *parts) return {};
  return CheckpointPart{*number, *part, *parts};
}

// Of one version several checkpoints may lie side by side, whole or not.
using PartsByCount = std::map<std::int64_t, std::map<std::int64_t, std::string>>;

std::optional<std::vector<std::string>> CompleteOne(const PartsByCount& found) {
  for (const auto& [parts, paths] : found) {
    if (static_cast<std::int64_t>(paths.size()) != parts) continue;
    std::vector<std::string> result;
    for (const auto& part : paths) result.push_back(part.second);
    return result;
  }
  return {};
}

base::Status ApplyCheckpoint(const base::FileStore& store, const std::vector<std::string>& parts, Snapshot& snapshot) {
  for (const std::string& path : parts) {
    TIDEMILL_ASSIGN(std::string bytes, store.Read(path, kMostCheckpointBytes));
    TIDEMILL_ASSIGN(Actions actions, ParseCheckpoint(std::move(bytes), path));
    snapshot.Apply(std::move(actions));
  }
  return {};
}

base::Status ApplyCommit(const base::FileStore& store, std::string_view table, std::int64_t number, InfoReading info,
                         Snapshot& snapshot) {
  const std::string path = CommitPath(table, number);
  TIDEMILL_ASSIGN(const std::string text, store.Read(path, kMostCommitBytes));
  TIDEMILL_ASSIGN(Actions actions, ParseCommit(text, path, info));
  snapshot.Apply(std::move(actions));
  snapshot.number = number;
  return {};
}

base::Result<LogFiles> ListExistingLog(const base::FileStore& store, std::string_view table) {
  TIDEMILL_ASSIGN(LogFiles files, ListLog(store, table));
  if (!files.Latest()) {
    return base::Fail(base::ErrorCode::kNotFound, "no table {} in the store {}", base::Quoted(table), store.url());
  }
  return files;
}

// The newest checkpoint at or before `number`, or none.
const std::pair<const std::int64_t, std::vector<std::string>>* CheckpointBefore(const LogFiles& files,
                                                                                std::int64_t number) {
  auto after = files.checkpoints.upper_bound(number);
  return after == files.checkpoints.begin() ? nullptr : &*std::prev(after);
}

// The commits of (from, to], which must all be there.
base::Status CheckCommits(const LogFiles& files, std::string_view table, std::int64_t from, std::int64_t to) {
  auto at = std::upper_bound(files.commits.begin(), files.commits.end(), from);
  for (std::int64_t number = from + 1; number <= to; ++number, ++at) {
    if (at != files.commits.end() && *at == number) continue;
    return base::FailAt(base::ErrorCode::kMalformed, CommitPath(table, number),
                        "commit {} is missing, expected every commit of {} to {}", number, from + 1, to);
  }
  return {};
}

// The state after `number`, from the newest checkpoint before it. Facts are read of that commit only.
base::Result<Snapshot> Replay(const base::FileStore& store, std::string_view table, const LogFiles& files,
                              std::int64_t number) {
  Snapshot snapshot;
  if (const auto* checkpoint = CheckpointBefore(files, number)) {
    TIDEMILL_CHECK(ApplyCheckpoint(store, checkpoint->second, snapshot));
    snapshot.number = checkpoint->first;
  }
  TIDEMILL_CHECK(CheckCommits(files, table, snapshot.number, number));
  if (snapshot.number == number && std::binary_search(files.commits.begin(), files.commits.end(), number)) {
    TIDEMILL_CHECK(ApplyCommit(store, table, number, InfoReading::kRead, snapshot));
  }
  while (snapshot.number < number) {
    const InfoReading info = snapshot.number + 1 == number ? InfoReading::kRead : InfoReading::kSkip;
    TIDEMILL_CHECK(ApplyCommit(store, table, snapshot.number + 1, info, snapshot));
  }
  return snapshot;
}

}  // namespace

std::string CommitPath(std::string_view table, std::int64_t number) {
  return fmt::format("{}/_delta_log/{:020}.json", table, number);
}

std::optional<std::int64_t> LogFiles::Latest() const {
  std::optional<std::int64_t> latest;
  if (!commits.empty()) latest = commits.back();
  if (!checkpoints.empty()) latest = std::max(latest.value_or(0), checkpoints.rbegin()->first);
  return latest;
}

base::Result<LogFiles> ListLog(const base::FileStore& store, std::string_view table) {
  const std::string folder = LogFolder(table);
  TIDEMILL_ASSIGN(const auto entries, store.List(folder));
  LogFiles files;
  std::map<std::int64_t, PartsByCount> parts;
  for (const base::FileEntry& entry : entries) {
    const std::string_view name = std::string_view(entry.path).substr(folder.size() + 1);
    if (const auto checkpoint = ParseCheckpointName(name)) {
      parts[checkpoint->number][checkpoint->parts][checkpoint->part] = entry.path;
    } else if (name.ends_with(".json")) {
      if (const auto number = Digits(name.substr(0, name.size() - 5), 20)) files.commits.push_back(*number);
    }
  }
  std::sort(files.commits.begin(), files.commits.end());
  for (const auto& [number, found] : parts) {
    if (auto complete = CompleteOne(found)) files.checkpoints.emplace(number, *std::move(complete));
  }
  return files;
}

base::Result<Snapshot> LoadSnapshot(const base::FileStore& store, std::string_view table,
                                    std::optional<std::int64_t> number) {
  TIDEMILL_ASSIGN(const LogFiles files, ListExistingLog(store, table));
  const std::int64_t latest = *files.Latest();
  const std::int64_t wanted = number.value_or(latest);
  if (wanted < 0 || wanted > latest) {
    return base::Fail(base::ErrorCode::kNotFound, "table {} has no version {}, its newest is {}", base::Quoted(table),
                      wanted, latest);
  }
  TIDEMILL_ASSIGN(Snapshot snapshot, Replay(store, table, files, wanted));
  if (snapshot.metadata.schema_string.empty()) {
    return base::FailAt(base::ErrorCode::kMalformed, CommitPath(table, wanted),
                        "no metaData up to this commit, expected one");
  }
  return snapshot;
}

base::Result<std::vector<std::string>> ListTables(const base::FileStore& store) {
  TIDEMILL_ASSIGN(const auto folders, store.ListFolders(""));
  std::vector<std::string> tables;
  for (const std::string& folder : folders) {
    if (folder.starts_with('_') || folder.starts_with('.')) continue;
    TIDEMILL_ASSIGN(const auto latest, LatestNumber(store, folder));
    if (latest) tables.push_back(folder);
  }
  return tables;
}

base::Result<std::optional<std::int64_t>> LatestNumber(const base::FileStore& store, std::string_view table) {
  TIDEMILL_ASSIGN(const LogFiles files, ListLog(store, table));
  return files.Latest();
}

base::Result<Version> LoadVersion(const base::FileStore& store, std::string_view table,
                                  std::optional<std::int64_t> number) {
  TIDEMILL_ASSIGN(const Snapshot snapshot, LoadSnapshot(store, table, number));
  TIDEMILL_CHECK(snapshot.CheckReadable(table));
  return snapshot.ToVersion();
}

base::Result<std::vector<Version>> LoadHistory(const base::FileStore& store, std::string_view table) {
  TIDEMILL_ASSIGN(const LogFiles files, ListExistingLog(store, table));
  // Versions before the oldest checkpoint can be read only where their commits begin at 0.
  const bool from_start = !files.commits.empty() && files.commits.front() == 0;
  std::int64_t number = from_start || files.checkpoints.empty() ? 0 : files.checkpoints.begin()->first;
  TIDEMILL_ASSIGN(Snapshot snapshot, Replay(store, table, from_start ? LogFiles{files.commits, {}} : files, number));
  std::vector<Version> history;
  while (true) {
    TIDEMILL_CHECK(snapshot.CheckReadable(table));
    history.push_back(snapshot.ToVersion());
    if (++number > *files.Latest()) return history;
    TIDEMILL_CHECK(CheckCommits(files, table, number - 1, number));
    TIDEMILL_CHECK(ApplyCommit(store, table, number, InfoReading::kRead, snapshot));
  }
}

}  // namespace tidemill::dataset
