// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/clock.h"
#include "tidemill/base/result.h"

namespace tidemill::base {

struct FileEntry {
  std::string path;  // relative to the store, parts joined by '/'
  std::uint64_t size = 0;
  Time modified{};
};

// A folder of whole files: local now; gs:// and s3:// implement the same. Paths are relative, parts joined by '/', and
// never leave the store. Every write is whole or absent for readers, whatever happens to this process. Thread-safe.
// Errors: kNotFound, kForbidden (read-only), kTooLarge (`limit`), kUnavailable (disk full, network), kConflict.
class FileStore {
 public:
  virtual ~FileStore() = default;
  // The store as its user wrote it, for messages.
  virtual const std::string& url() const = 0;
  virtual Result<std::string> Read(std::string_view path, std::uint64_t limit = std::uint64_t{4} << 30U) const = 0;
  virtual Result<bool> Exists(std::string_view path) const = 0;
  // The files right in `folder` (and below it where `recursive`), by path. A missing folder is empty.
  virtual Result<std::vector<FileEntry>> List(std::string_view folder, bool recursive = false) const = 0;
  // The names of the folders right in `folder`, sorted.
  virtual Result<std::vector<std::string>> ListFolders(std::string_view folder) const = 0;
  // Writes or replaces.
  virtual Status Put(std::string_view path, std::string_view bytes) = 0;
  // Writes where nothing is; kConflict where something is already. Of several writers at once exactly one wins.
  virtual Status PutIfAbsent(std::string_view path, std::string_view bytes) = 0;
  // A missing file is no error.
  virtual Status Delete(std::string_view path) = 0;
  // The file's name in the local file system, empty where it has none.
  virtual std::string LocalPath(std::string_view path) const = 0;
};

// Opens a store by its URL: a path or file:. Other schemes are kUnsupported until their module registers them in app.
// Nothing is created until the first write.
Result<std::unique_ptr<FileStore>> OpenLocalStore(std::string url);

}  // namespace tidemill::base
