// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/mapped_file.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tidemill/base/descriptor.h"

namespace tidemill::base {
namespace {

tl::unexpected<Error> TooLarge(const std::string& file, std::size_t limit) {
  return FailAt(ErrorCode::kTooLarge, file, "has more than {} bytes, which is the most that is read", limit);
}

Status ReadToEnd(int fd, const std::string& file, std::size_t limit, std::string& into) {
  constexpr std::size_t kPiece = std::size_t{1} << 20U;
  for (;;) {
    const std::size_t have = into.size();
    into.resize(have + kPiece);
    const ssize_t got = ::read(fd, into.data() + have, kPiece);
    into.resize(have + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FailOnFile("read", file, errno);
    if (got == 0) return {};
    if (into.size() > limit) return TooLarge(file, limit);
  }
}

}  // namespace

Result<MappedFile> MappedFile::Open(const std::string& file, std::size_t limit) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) return FailOnFile("open", file, errno);
  struct stat status{};
  if (::fstat(descriptor.get(), &status) != 0) return FailOnFile("read", file, errno);
  if (S_ISDIR(status.st_mode)) return FailAt(ErrorCode::kNotFound, file, "is a folder, expected a file");
  MappedFile result;
  if (!S_ISREG(status.st_mode)) {
    TIDEMILL_CHECK(ReadToEnd(descriptor.get(), file, limit, result.read_));
    return result;
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > limit) return TooLarge(file, limit);
  if (size == 0) return result;
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.get(), 0);
  if (mapped == MAP_FAILED) return FailOnFile("map", file, errno);
  result.mapped_ = static_cast<char*>(mapped);
  result.size_ = size;
  return result;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : mapped_(std::exchange(other.mapped_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      read_(std::move(other.read_)) {}

MappedFile::~MappedFile() {
  if (mapped_ != nullptr) ::munmap(mapped_, size_);
}

}  // namespace tidemill::base
