// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/testing/memory_store.h"

#include <cstdlib>
#include <filesystem>
#include <set>
#include <system_error>

namespace tidemill::base::testing {
namespace {

std::string Prefix(std::string_view folder) {
  return folder.empty() ? std::string() : std::string(folder) + "/";
}

tl::unexpected<Error> Gone() {
  return Fail(ErrorCode::kUnavailable, "the store failed, as the test asked for");
}

}  // namespace

Result<std::string> MemoryStore::Read(std::string_view path, std::uint64_t limit) const {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(path);
  if (found == files_.end()) return FailAt(ErrorCode::kNotFound, std::string(path), "no such file");
  if (found->second.size() > limit) return FailAt(ErrorCode::kTooLarge, std::string(path), "more than {}", limit);
  return found->second;
}

Result<bool> MemoryStore::Exists(std::string_view path) const {
  const std::lock_guard lock(mutex_);
  return files_.contains(path);
}

Result<std::vector<FileEntry>> MemoryStore::List(std::string_view folder, bool recursive) const {
  const std::lock_guard lock(mutex_);
  const std::string prefix = Prefix(folder);
  std::vector<FileEntry> entries;
  for (const auto& [path, bytes] : files_) {
    if (!path.starts_with(prefix)) continue;
    if (recursive || path.find('/', prefix.size()) == std::string::npos) entries.push_back({path, bytes.size()});
  }
  return entries;
}

Result<std::vector<std::string>> MemoryStore::ListFolders(std::string_view folder) const {
  const std::lock_guard lock(mutex_);
  const std::string prefix = Prefix(folder);
  std::set<std::string> names;
  for (const auto& [path, bytes] : files_) {
    const std::size_t end = path.find('/', prefix.size());
    if (path.starts_with(prefix) && end != std::string::npos) {
      names.insert(path.substr(prefix.size(), end - prefix.size()));
    }
  }
  return std::vector<std::string>(names.begin(), names.end());
}

Status MemoryStore::Put(std::string_view path, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  files_.insert_or_assign(std::string(path), std::string(bytes));
  return {};
}

Status MemoryStore::PutIfAbsent(std::string_view path, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (files_.emplace(path, bytes).second) return {};
  return FailAt(ErrorCode::kConflict, std::string(path), "is there already");
}

Status MemoryStore::Delete(std::string_view path) {
  const std::lock_guard lock(mutex_);
  if (const auto found = files_.find(path); found != files_.end()) files_.erase(found);
  return {};
}

std::map<std::string, std::string> MemoryStore::files() const {
  const std::lock_guard lock(mutex_);
  return {files_.begin(), files_.end()};
}

Result<std::string> FailingStore::Read(std::string_view path, std::uint64_t limit) const {
  if (dead()) return Gone();
  return store_.Read(path, limit);
}

Result<bool> FailingStore::Exists(std::string_view path) const {
  if (dead()) return Gone();
  return store_.Exists(path);
}

Result<std::vector<FileEntry>> FailingStore::List(std::string_view folder, bool recursive) const {
  if (dead()) return Gone();
  return store_.List(folder, recursive);
}

Result<std::vector<std::string>> FailingStore::ListFolders(std::string_view folder) const {
  if (dead()) return Gone();
  return store_.ListFolders(folder);
}

Status FailingStore::Write(const std::function<Status()>& write) {
  if (dead()) return Gone();
  if (++writes_ != at_) return write();
  if (failure_ == Failure::kAnswerLost) TIDEMILL_CHECK(write());
  return Gone();
}

Status FailingStore::Put(std::string_view path, std::string_view bytes) {
  return Write([&] { return store_.Put(path, bytes); });
}

Status FailingStore::PutIfAbsent(std::string_view path, std::string_view bytes) {
  return Write([&] { return store_.PutIfAbsent(path, bytes); });
}

Status FailingStore::Delete(std::string_view path) {
  return Write([&] { return store_.Delete(path); });
}

TemporaryFolder::TemporaryFolder() : path_((std::filesystem::temp_directory_path() / "tidemill-test-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) std::abort();
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace tidemill::base::testing
