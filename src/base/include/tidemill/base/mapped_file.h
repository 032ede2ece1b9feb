// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tidemill/base/result.h"

namespace tidemill::base {

// The bytes of a file, mapped and not copied: a look into a large one costs what is looked at. What is no regular file
// (a pipe) is read to its end.
class MappedFile {
 public:
  // Errors name the file: kNotFound (also for a folder), kForbidden, kTooLarge (more than `limit`), kUnavailable.
  static Result<MappedFile> Open(const std::string& file, std::size_t limit = std::size_t{4} << 30U);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::string_view bytes() const { return mapped_ != nullptr ? std::string_view(mapped_, size_) : read_; }

 private:
  MappedFile() = default;

  char* mapped_ = nullptr;
  std::size_t size_ = 0;
  std::string read_;
};

}  // namespace tidemill::base
