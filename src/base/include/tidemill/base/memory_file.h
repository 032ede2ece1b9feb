// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "tidemill/base/descriptor.h"
#include "tidemill/base/mapped_file.h"
#include "tidemill/base/result.h"

namespace tidemill::base {

// Bytes that lie in the kernel's file cache and in no folder: a socket takes them from there without a copy. They never
// change, and go with the object.
class MemoryFile {
 public:
  // Errors: kUnavailable, where the system has no memory or no descriptors left.
  static Result<MemoryFile> Make(std::string_view bytes);

  int descriptor() const { return file_.get(); }
  // Mapped: what nobody looks at takes no memory of the process.
  std::string_view bytes() const { return mapped_.bytes(); }

 private:
  MemoryFile(Descriptor file, MappedFile mapped);

  Descriptor file_;
  MappedFile mapped_;
};

}  // namespace tidemill::base
