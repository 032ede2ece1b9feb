// SPDX-License-Identifier: Apache-2.0
#include "file_set.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/mapped_file.h"
#include "tidemill/base/sha256.h"
#include "tidemill/dataset/dataset.h"

namespace tidemill::data_api {
namespace {

using base::Result;

constexpr std::size_t kHexDigits = 64;

// Our own files are named by their SHA-256; empty for those of others.
std::string HashInName(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);  // npos + 1 = 0
  if (!name.ends_with(".parquet")) return {};
  name.remove_suffix(std::string_view(".parquet").size());
  const bool hex = name.size() == kHexDigits && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return hex ? std::string(name) : std::string();
}

Result<http::SharedBytes> Map(const std::string& file) {
  TIDEMILL_ASSIGN(auto mapped, base::MappedFile::Open(file));
  auto owner = std::make_shared<const base::MappedFile>(std::move(mapped));
  const std::string_view bytes = owner->bytes();
  return http::SharedBytes{bytes, std::move(owner)};
}

http::SharedBytes Share(std::shared_ptr<const std::string> text) {
  const std::string_view bytes = *text;
  return {bytes, std::move(text)};
}

}  // namespace

FileSet::FileSet(Source source, std::int64_t newest, std::string_view content)
    : source_(std::move(source)), newest_(newest) {
  if (source_.kind == Source::Kind::kTable || !source_.path.ends_with(".parquet")) return;
  plain_.push_back({.sha256 = base::Sha256Hex(content),
                    .path = source_.path,
                    .size = content.size(),
                    .rows = -1,
                    .vintages = {newest}});
}

std::string FileUrl(std::string_view dataset, const ServedFile& file) {
  return fmt::format("/v1/datasets/{}/files/sha256-{}.parquet", dataset, file.sha256);
}

std::vector<const ServedFile*> FileSet::Current() const {
  std::vector<const ServedFile*> current;
  const auto files = Files();
  if (!files) return current;
  for (const ServedFile& file : **files) {
    if (file.vintages.back() == newest_) current.push_back(&file);
  }
  return current;
}

Result<const std::vector<ServedFile>*> FileSet::Files() const {
  if (source_.kind != Source::Kind::kTable) return &plain_;
  const std::lock_guard lock(mutex_);
  if (!files_) {
    TIDEMILL_ASSIGN(files_, FilesOfTable());
  }
  return &*files_;
}

Result<std::vector<ServedFile>> FileSet::FilesOfTable() const {
  TIDEMILL_ASSIGN(const auto history, dataset::LoadHistory(*source_.store, source_.path));
  std::map<std::string, ServedFile> by_path;
  for (const auto& version : history) {
    if (version.number > newest_) continue;
    for (const auto& data : version.files) {
      ServedFile& file = by_path[data.path];
      file.sha256 = HashInName(data.path);
      file.path = fmt::format("{}/{}", source_.path, data.path);
      file.size = data.size;
      file.rows = data.rows;
      if (file.vintages.empty()) file.recorded = version.recorded;
      file.vintages.push_back(version.number);
    }
  }
  std::vector<ServedFile> files;
  for (auto& [path, file] : by_path) {
    if (file.sha256.empty()) {
      const auto bytes = Read(file);
      if (!bytes) continue;  // vacuumed, and nobody knows what was in it
      file.sha256 = base::Sha256Hex(bytes->bytes);
    }
    files.push_back(std::move(file));
  }
  std::stable_sort(files.begin(), files.end(),
                   [](const auto& a, const auto& b) { return a.vintages.back() > b.vintages.back(); });
  return files;
}

// Files of a table never change, so they can be mapped; a plain file may be cut short under a mapping.
Result<http::SharedBytes> FileSet::Read(const ServedFile& file) const {
  const std::string local = source_.kind == Source::Kind::kTable ? source_.store->LocalPath(file.path) : "";
  if (!local.empty()) return Map(local);
  TIDEMILL_ASSIGN(std::string text, source_.store->Read(file.path));
  return Share(std::make_shared<const std::string>(std::move(text)));
}

Result<http::SharedBytes> FileSet::Bytes(const ServedFile& file) const {
  if (source_.kind == Source::Kind::kTable) return Read(file);
  const std::lock_guard lock(mutex_);
  if (auto read = read_.lock()) return Share(std::move(read));
  TIDEMILL_ASSIGN(auto text, source_.store->Read(file.path));
  if (base::Sha256Hex(text) != file.sha256) {
    return base::Fail(base::ErrorCode::kNotFound, "file {} has been replaced since it was loaded",
                      base::Quoted(file.path));
  }
  auto read = std::make_shared<const std::string>(std::move(text));
  read_ = read;
  return Share(std::move(read));
}

}  // namespace tidemill::data_api
