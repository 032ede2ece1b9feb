// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/base/descriptor.h"

namespace tidemill::base {

// What names of files that are still being written begin with.
inline constexpr std::string_view kTemporaryPrefix = ".writing-";

// A file that is written beside its place and put there whole: readers see all of it or nothing. What was not put into
// its place is removed at the end of its life.
class NewFile {
 public:
  // The folder must be there.
  static Result<NewFile> Open(std::string file);
  // One that a person named: what symbolic links lead to is replaced, not the link; a device or a pipe is written to.
  static Result<NewFile> OpenNamed(const std::string& file);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();

  Status Write(std::string_view bytes);
  // Puts it into its place, over what was there. It is on the disk then.
  Status Replace();
  // The same where nothing is; kConflict where something is already. Of several writers at once exactly one wins.
  Status PutIfAbsent();

 private:
  NewFile(std::string file, std::string temporary, int fd)
      : file_(std::move(file)), temporary_(std::move(temporary)), descriptor_(fd) {}
  Status Sync();
  Status SyncFolder() const;

  std::string file_;
  std::string temporary_;  // empty once it is gone, and of a device or pipe
  Descriptor descriptor_;
};

}  // namespace tidemill::base
