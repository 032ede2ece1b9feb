// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/memory_file.h"

#include <cerrno>
#include <string>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

namespace tidemill::base {
namespace {

constexpr const char* kName = "tidemill answer";  // seen in /proc only

Status WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return FailOnFile("write", kName, errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace

MemoryFile::MemoryFile(Descriptor file, MappedFile mapped) : file_(std::move(file)), mapped_(std::move(mapped)) {}

Result<MemoryFile> MemoryFile::Make(std::string_view bytes) {
  Descriptor file(::memfd_create(kName, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (file.get() < 0) return FailOnFile("make", kName, errno);
  TIDEMILL_CHECK(WriteAll(file.get(), bytes));
  constexpr int kForEver = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (::fcntl(file.get(), F_ADD_SEALS, kForEver) != 0) return FailOnFile("seal", kName, errno);
  TIDEMILL_ASSIGN(MappedFile mapped, MappedFile::Open(fmt::format("/proc/self/fd/{}", file.get())));
  return MemoryFile(std::move(file), std::move(mapped));
}

}  // namespace tidemill::base
