// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "tidemill/base/text.h"

#include "object_bucket.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using base::FileEntry;
using base::Result;
using base::Status;

constexpr std::size_t kMostPages = 10'000;

class ObjectStore final : public base::FileStore {
 public:
  ObjectStore(std::string url, std::string folder, std::unique_ptr<ObjectBucket> bucket)
      : url_(std::move(url)), folder_(std::move(folder)), bucket_(std::move(bucket)) {}

  const std::string& url() const override { return url_; }

  Result<std::string> Read(std::string_view path, std::uint64_t limit) const override {
    TIDEMILL_ASSIGN(const std::string name, Resolve(path));
    return bucket_->Get(name, limit);
  }

  Result<bool> Exists(std::string_view path) const override {
    TIDEMILL_ASSIGN(const std::string name, Resolve(path));
    return bucket_->Exists(name);
  }

  Result<std::vector<FileEntry>> List(std::string_view folder, bool recursive) const override {
    std::vector<FileEntry> entries;
    TIDEMILL_CHECK(EachPage(folder, recursive, [&](ObjectPage& page) {
      for (FileEntry& entry : page.objects) {
        // A name that ends in '/' is what some tools leave to show an empty folder.
        if (entry.path.ends_with('/')) continue;
        entry.path.erase(0, folder_.size());
        entries.push_back(std::move(entry));
      }
    }));
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return entries;
  }

  Result<std::vector<std::string>> ListFolders(std::string_view folder) const override {
    std::vector<std::string> names;
    const std::size_t before = Prefix(folder).size();
    TIDEMILL_CHECK(EachPage(folder, false, [&](ObjectPage& page) {
      for (const std::string& whole : page.folders) {
        if (whole.size() > before + 1) names.push_back(whole.substr(before, whole.size() - before - 1));
      }
    }));
    std::sort(names.begin(), names.end());
    return names;
  }

  Status Put(std::string_view path, std::string_view bytes) override {
    TIDEMILL_ASSIGN(const std::string name, Resolve(path));
    TIDEMILL_CHECK(bucket_->Put(name, bytes, Condition::kAny));
    return {};
  }

  Status PutIfAbsent(std::string_view path, std::string_view bytes) override {
    TIDEMILL_ASSIGN(const std::string name, Resolve(path));
    TIDEMILL_ASSIGN(const Written written, bucket_->Put(name, bytes, Condition::kAbsent));
    if (!written.refused) return {};
    if (written.doubtful) {
      const auto there = bucket_->Get(name, bytes.size());
      if (there && *there == bytes) return {};
    }
    return base::FailAt(ErrorCode::kConflict, url_ + "/" + std::string(path), "is there already");
  }

  Status Delete(std::string_view path) override {
    TIDEMILL_ASSIGN(const std::string name, Resolve(path));
    return bucket_->Delete(name);
  }

  std::string LocalPath(std::string_view /*path*/) const override { return {}; }

 private:
  Result<std::string> Resolve(std::string_view path) const {
    for (const std::string_view part : base::Split(path, '/')) {
      if (part == ".." || part == ".") {
        return base::Fail(ErrorCode::kInvalid, "path {} leaves the store {}", base::Quoted(path), url_);
      }
    }
    if (path.empty() || path.starts_with('/') || path.find('\0') != std::string_view::npos) {
      return base::Fail(ErrorCode::kInvalid, "path {} is not relative to the store {}", base::Quoted(path), url_);
    }
    return folder_ + std::string(path);
  }

  std::string Prefix(std::string_view folder) const {
    return folder.empty() ? folder_ : folder_ + std::string(folder) + "/";
  }

  template <class Use>
  Status EachPage(std::string_view folder, bool recursive, Use use) const {
    const std::string prefix = Prefix(folder);
    std::string next;
    for (std::size_t pages = 0; pages < kMostPages; ++pages) {
      TIDEMILL_ASSIGN(ObjectPage page, bucket_->List(prefix, recursive, next));
      use(page);
      next = std::move(page.next);
      if (next.empty()) return {};
    }
    return base::FailAt(ErrorCode::kTooLarge, url_ + "/" + std::string(folder), "lists more than {} pages", kMostPages);
  }

  std::string url_;
  std::string folder_;
  std::unique_ptr<ObjectBucket> bucket_;
};

}  // namespace

std::unique_ptr<base::FileStore> MakeObjectStore(std::string url, std::string folder,
                                                 std::unique_ptr<ObjectBucket> bucket) {
  return std::make_unique<ObjectStore>(std::move(url), std::move(folder), std::move(bucket));
}

}  // namespace tidemill::cloud
