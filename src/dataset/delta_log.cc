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
