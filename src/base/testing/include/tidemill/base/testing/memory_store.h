// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/file_store.h"

namespace tidemill::base::testing {

// A store in memory. Thread-safe.
class MemoryStore final : public FileStore {
 public:
  const std::string& url() const override { return url_; }
  Result<std::string> Read(std::string_view path, std::uint64_t limit) const override;
  Result<bool> Exists(std::string_view path) const override;
  Result<std::vector<FileEntry>> List(std::string_view folder, bool recursive) const override;
  Result<std::vector<std::string>> ListFolders(std::string_view folder) const override;
  Status Put(std::string_view path, std::string_view bytes) override;
  Status PutIfAbsent(std::string_view path, std::string_view bytes) override;
  Status Delete(std::string_view path) override;
  std::string LocalPath(std::string_view) const override { return {}; }

  // All files, by path.
  std::map<std::string, std::string> files() const;

 private:
  std::string url_ = "memory:";
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> files_;
};

// How a store fails at its n-th write (Put, PutIfAbsent, Delete).
enum class Failure {
  kRefused,     // that one write fails with kUnavailable and leaves nothing; later ones succeed
  kAnswerLost,  // that one write is done, but reported as kUnavailable
  kDead,        // the process is gone: that write and every call after it fail
};

// Passes all on to another store, which must outlive it, until the write it was told.
class FailingStore final : public FileStore {
 public:
  // `at_write` counts from 1; 0 never fails.
  FailingStore(FileStore& store, int at_write, Failure failure) : store_(store), at_(at_write), failure_(failure) {}

  const std::string& url() const override { return store_.url(); }
  Result<std::string> Read(std::string_view path, std::uint64_t limit) const override;
  Result<bool> Exists(std::string_view path) const override;
  Result<std::vector<FileEntry>> List(std::string_view folder, bool recursive) const override;
  Result<std::vector<std::string>> ListFolders(std::string_view folder) const override;
  Status Put(std::string_view path, std::string_view bytes) override;
  Status PutIfAbsent(std::string_view path, std::string_view bytes) override;
  Status Delete(std::string_view path) override;
  std::string LocalPath(std::string_view path) const override { return store_.LocalPath(path); }

  int writes() const { return writes_; }
  bool failed() const { return at_ > 0 && writes_ >= at_; }

 private:
  bool dead() const { return failure_ == Failure::kDead && failed(); }
  Status Write(const std::function<Status()>& write);

  FileStore& store_;
  int at_;
  Failure failure_;
  int writes_ = 0;
};

// A folder of its own for a test, taken away at the end. Thread-safe to make.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace tidemill::base::testing
