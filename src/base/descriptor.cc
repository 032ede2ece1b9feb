// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/descriptor.h"

#include <cerrno>
#include <system_error>

#include <unistd.h>

namespace tidemill::base {
namespace {

ErrorCode CodeOf(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EEXIST:
      return ErrorCode::kConflict;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kForbidden;
    default:
      return ErrorCode::kUnavailable;
  }
}

}  // namespace

int Descriptor::Close() {
  const int fd = std::exchange(fd_, -1);
  return fd >= 0 ? ::close(fd) : 0;
}

tl::unexpected<Error> FailOnFile(const std::string& what, const std::string& file, int error) {
  return FailAt(CodeOf(error), file, "cannot {}: {}", what, std::generic_category().message(error));
}

}  // namespace tidemill::base
