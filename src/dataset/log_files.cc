// SPDX-License-Identifier: Apache-2.0
// What can be told of a table without Arrow, so that a run that finds nothing new need not load it.
#include <algorithm>
#include <utility>

#include "tidemill/base/text.h"
#include "tidemill/dataset/dataset.h"

#include "delta_log.h"

namespace tidemill::dataset {
namespace {

constexpr std::uint64_t kMostCommitBytes = std::uint64_t{256} << 20U;

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

base::Result<std::map<std::string, std::int64_t>> ListTables(const base::FileStore& store) {
  TIDEMILL_ASSIGN(const auto folders, store.ListFolders(""));
  std::map<std::string, std::int64_t> tables;
  for (const std::string& folder : folders) {
    if (folder.starts_with('_') || folder.starts_with('.')) continue;
    TIDEMILL_ASSIGN(const auto latest, LatestNumber(store, folder));
    if (latest) tables.emplace(folder, *latest);
  }
  return tables;
}

base::Result<std::optional<std::int64_t>> LatestNumber(const base::FileStore& store, std::string_view table) {
  TIDEMILL_ASSIGN(const LogFiles files, ListLog(store, table));
  return files.Latest();
}

base::Result<std::optional<NewestCommit>> LoadNewestCommit(const base::FileStore& store, std::string_view table) {
  TIDEMILL_ASSIGN(const LogFiles files, ListLog(store, table));
  const auto latest = files.Latest();
  if (!latest || files.commits.empty() || files.commits.back() != *latest) return std::nullopt;
  const std::string path = CommitPath(table, *latest);
  TIDEMILL_ASSIGN(const std::string text, store.Read(path, kMostCommitBytes));
  TIDEMILL_ASSIGN(const Actions actions, ParseCommit(text, path, InfoReading::kRead));
  if (!actions.info) return std::nullopt;
  NewestCommit newest{.number = *latest, .facts = actions.info->facts};
  for (const AddFile& add : actions.adds) newest.rows += std::max<std::int64_t>(add.file.rows, 0);
  return newest;
}

}  // namespace tidemill::dataset
