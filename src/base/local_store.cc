// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tidemill/base/descriptor.h"
#include "tidemill/base/file_store.h"
#include "tidemill/base/new_file.h"
#include "tidemill/base/text.h"

namespace tidemill::base {
namespace {

namespace fs = std::filesystem;

class LocalStore final : public FileStore {
 public:
  LocalStore(std::string url, std::string root) : url_(std::move(url)), root_(std::move(root)) {}

  const std::string& url() const override { return url_; }

  Result<std::string> Read(std::string_view path, std::uint64_t limit) const override {
    TIDEMILL_ASSIGN(const std::string file, Resolve(path));
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0) return FailOnFile("open", file, errno);
    struct stat status{};
    if (::fstat(descriptor.get(), &status) != 0) return FailOnFile("read", file, errno);
    if (S_ISDIR(status.st_mode)) return FailAt(ErrorCode::kNotFound, file, "is a folder, expected a file");
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > limit) return FailAt(ErrorCode::kTooLarge, file, "has {} bytes, at most {} are read", size, limit);
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < bytes.size()) {
      const ssize_t got = ::read(descriptor.get(), bytes.data() + have, bytes.size() - have);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return FailOnFile("read", file, errno);
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
  }

  Result<bool> Exists(std::string_view path) const override {
    TIDEMILL_ASSIGN(const std::string file, Resolve(path));
    struct stat status{};
    if (::stat(file.c_str(), &status) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return FailOnFile("look for", file, errno);
  }

  Result<std::vector<FileEntry>> List(std::string_view folder, bool recursive) const override {
    TIDEMILL_ASSIGN(const std::string start, Resolve(folder));
    std::vector<FileEntry> entries;
    TIDEMILL_CHECK(ListInto(start, std::string(folder), recursive, entries));
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return entries;
  }

  Result<std::vector<std::string>> ListFolders(std::string_view folder) const override {
    TIDEMILL_ASSIGN(const std::string start, Resolve(folder));
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(start, error), end; !error && it != end; it.increment(error)) {
      std::error_code ignored;
      if (it->is_directory(ignored)) names.push_back(it->path().filename().string());
    }
    if (error && error != std::errc::no_such_file_or_directory) return FailOnFile("list", start, error.value());
    std::sort(names.begin(), names.end());
    return names;
  }

  Status Put(std::string_view path, std::string_view bytes) override {
    TIDEMILL_ASSIGN(NewFile file, WriteAside(path, bytes));
    return file.Replace();
  }

  Status PutIfAbsent(std::string_view path, std::string_view bytes) override {
    TIDEMILL_ASSIGN(NewFile file, WriteAside(path, bytes));
    return file.PutIfAbsent();
  }

  Status Delete(std::string_view path) override {
    TIDEMILL_ASSIGN(const std::string file, Resolve(path));
    if (::unlink(file.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) return FailOnFile("delete", file, errno);
    return {};
  }

  std::string LocalPath(std::string_view path) const override {
    auto file = Resolve(path);
    return file ? *file : std::string();
  }

 private:
  Result<std::string> Resolve(std::string_view path) const {
    for (const std::string_view part : Split(path, '/')) {
      if (part == ".." || part == ".") {
        return Fail(ErrorCode::kInvalid, "path {} leaves the store {}", Quoted(path), url_);
      }
    }
    if (path.starts_with('/') || path.find('\0') != std::string_view::npos) {
      return Fail(ErrorCode::kInvalid, "path {} is not relative to the store {}", Quoted(path), url_);
    }
    return path.empty() ? root_ : root_ + "/" + std::string(path);
  }

  static Status ListInto(const std::string& folder, const std::string& prefix, bool recursive,
                         std::vector<FileEntry>& entries) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      const std::string name = it->path().filename().string();
      if (name.starts_with(kTemporaryPrefix)) continue;
      const std::string path = prefix.empty() ? name : prefix + "/" + name;
      std::error_code gone;
      if (it->is_directory(gone)) {
        if (recursive) TIDEMILL_CHECK(ListInto(it->path().string(), path, true, entries));
        continue;
      }
      struct stat status{};
      if (::stat(it->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;  // gone, or no file
      const auto modified =
          std::chrono::seconds(status.st_mtim.tv_sec) + std::chrono::nanoseconds(status.st_mtim.tv_nsec);
      entries.push_back(
          {path, static_cast<std::uint64_t>(status.st_size), Time(std::chrono::floor<Duration>(modified))});
    }
    if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory) {
      return FailOnFile("list", folder, error.value());
    }
    return {};
  }

  Result<NewFile> WriteAside(std::string_view path, std::string_view bytes) const {
    TIDEMILL_ASSIGN(const std::string name, Resolve(path));
    std::error_code error;
    fs::create_directories(fs::path(name).parent_path(), error);
    if (error) return FailOnFile("make the folder of", name, error.value());
    TIDEMILL_ASSIGN(NewFile file, NewFile::Open(name));
    TIDEMILL_CHECK(file.Write(bytes));
    return file;
  }

  std::string url_;
  std::string root_;
};

}  // namespace

Result<std::unique_ptr<FileStore>> OpenLocalStore(std::string url) {
  std::string root = url;
  if (root.starts_with("file://")) {
    root = root.substr(7);
  } else if (root.starts_with("file:")) {
    root = root.substr(5);
  } else if (const std::size_t at = root.find("://"); at != std::string::npos) {
    return Fail(ErrorCode::kUnsupported, "store {} has the scheme '{}', expected a folder", Quoted(url),
                root.substr(0, at));
  }
  while (root.size() > 1 && root.ends_with('/')) root.pop_back();
  if (root.empty()) return Fail(ErrorCode::kInvalid, "store {} names no folder", Quoted(url));
  std::error_code error;
  if (fs::exists(root, error) && !fs::is_directory(root, error)) {
    return Fail(ErrorCode::kInvalid, "store '{}' is a file, expected a folder", url);
  }
  return std::unique_ptr<FileStore>(std::make_unique<LocalStore>(std::move(url), std::move(root)));
}

}  // namespace tidemill::base
