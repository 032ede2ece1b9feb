// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/new_file.h"

#include <atomic>
#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tidemill::base {

Result<NewFile> NewFile::Open(std::string file) {
  static std::atomic<unsigned> counter{0};
  const std::filesystem::path target(file);
  const std::string name =
      fmt::format("{}{}-{}-{}", kTemporaryPrefix, ::getpid(), counter++, target.filename().string());
  std::string temporary = (target.parent_path() / name).string();
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return FailOnFile("write", file, errno);
  return NewFile(std::move(file), std::move(temporary), fd);
}

Result<NewFile> NewFile::OpenNamed(const std::string& file) {
  struct stat status{};
  const bool is_there = ::stat(file.c_str(), &status) == 0;
  if (is_there && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return FailOnFile("write", file, errno);
    return NewFile(file, {}, fd);
  }
  constexpr int kMostLinks = 40;
  std::error_code error;
  std::filesystem::path target(file);
  for (int links = 0; std::filesystem::is_symlink(target, error); ++links) {
    if (links == kMostLinks) return FailOnFile("write", file, ELOOP);
    const auto next = std::filesystem::read_symlink(target, error);
    if (error) return FailOnFile("write", file, error.value());
    target = target.parent_path() / next;  // an absolute one replaces it
  }
  return Open(target.string());
}

NewFile::NewFile(NewFile&& other) noexcept
    : file_(std::move(other.file_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::move(other.descriptor_)) {}

NewFile::~NewFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Status NewFile::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor_.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return FailOnFile("write", file_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Status NewFile::Sync() {
  if (::fsync(descriptor_.get()) != 0) return FailOnFile("write", file_, errno);
  if (descriptor_.Close() != 0) return FailOnFile("write", file_, errno);
  return {};
}

Status NewFile::SyncFolder() const {
  const auto parent = std::filesystem::path(file_).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() >= 0) ::fsync(descriptor.get());  // some file systems refuse it; the data is synced already
  return {};
}

Status NewFile::Replace() {
  if (temporary_.empty()) {
    if (descriptor_.Close() != 0) return FailOnFile("write", file_, errno);
    return {};
  }
  TIDEMILL_CHECK(Sync());
  if (::rename(temporary_.c_str(), file_.c_str()) != 0) return FailOnFile("write", file_, errno);
  temporary_.clear();
  return SyncFolder();
}

Status NewFile::PutIfAbsent() {
  TIDEMILL_CHECK(Sync());
  // rename would replace what another writer has put there in the meantime; link refuses.
  if (::link(temporary_.c_str(), file_.c_str()) != 0) return FailOnFile("write", file_, errno);
  ::unlink(temporary_.c_str());
  temporary_.clear();
  return SyncFolder();
}

}  // namespace tidemill::base
