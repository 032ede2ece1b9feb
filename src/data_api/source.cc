// SPDX-License-Identifier: Apache-2.0
#include "source.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "tidemill/dataset/dataset.h"

namespace tidemill::data_api {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kParquet = ".parquet";
constexpr std::string_view kCsv = ".csv";

// "Deaths 2018.parquet" → "deaths_2018"
std::string IdOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  for (const std::string_view ending : {kParquet, kCsv}) {
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
  }
  std::string id;
  for (const char c : name.substr(0, 60)) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    id += kept ? c : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : '_';
  }
  if (id.empty() || id.front() < 'a' || id.front() > 'z') id.insert(0, "d_");
  return id;
}

// "a/b/c" → ("a/b", "c"); a bare name lies in ".".
std::pair<std::string, std::string> SplitPath(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

Result<Place> PlaceOfOne(const std::string& path, Source::Kind kind, const ServiceOptions& options) {
  const auto [parent, name] = SplitPath(path);
  TIDEMILL_ASSIGN(auto opened, options.open_store(parent));
  Place place;
  place.store = std::move(opened);
  place.one = {.id = IdOf(name), .kind = kind, .store = place.store, .path = name};
  return place;
}

bool IsTableFile(std::string_view path) {
  return path.ends_with(kParquet) || path.ends_with(kCsv);
}

Result<bool> HasTableFiles(const base::FileStore& store) {
  TIDEMILL_ASSIGN(const auto files, store.List(""));
  return std::any_of(files.begin(), files.end(), [](const auto& file) { return IsTableFile(file.path); });
}

std::string StampOf(const base::FileEntry& file) {
  return fmt::format("{} bytes of {}", file.size, file.modified.time_since_epoch().count());
}

// Of a file in a local folder, whose others are not looked at.
std::optional<base::FileEntry> FindLocalFile(const std::string& name) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(name, missing);
  if (missing) return std::nullopt;
  const auto modified = std::filesystem::last_write_time(name, missing);
  if (missing) return std::nullopt;
  const auto at = std::chrono::file_clock::to_sys(modified);
  return base::FileEntry{.path = name, .size = size, .modified = std::chrono::floor<base::Duration>(at)};
}

Result<std::optional<base::FileEntry>> FindFile(const base::FileStore& store, const std::string& path) {
  if (const std::string name = store.LocalPath(path); !name.empty()) return FindLocalFile(name);
  TIDEMILL_ASSIGN(const auto files, store.List(""));
  const auto at = std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.path == path; });
  return at == files.end() ? std::nullopt : std::optional(*at);
}

}  // namespace

Result<Place> FindPlace(const std::string& path, const ServiceOptions& options) {
  if (IsTableFile(path)) {
    TIDEMILL_ASSIGN(Place file, PlaceOfOne(path, Source::Kind::kFile, options));
    TIDEMILL_ASSIGN(const bool exists, file.store->Exists(file.one.path));
    if (exists) return file;
  }
  TIDEMILL_ASSIGN(auto opened, options.open_store(path));
  Place place;
  place.store = std::move(opened);
  TIDEMILL_ASSIGN(const auto folders, place.store->ListFolders(""));
  if (std::find(folders.begin(), folders.end(), "_delta_log") != folders.end()) {
    return PlaceOfOne(path, Source::Kind::kTable, options);
  }
  TIDEMILL_ASSIGN(const auto tables, dataset::ListTables(*place.store));
  place.kind = Place::Kind::kStore;
  if (!tables.empty()) return place;
  TIDEMILL_ASSIGN(const bool has_files, HasTableFiles(*place.store));
  place.kind = Place::Kind::kFolder;
  if (has_files) return place;
  return base::Fail(ErrorCode::kNotFound,
                    "nothing to serve in '{}': expected a store, a table, a Parquet or CSV file or a folder "
                    "of such",
                    path);
}

Result<std::vector<Source>> ListSources(const Place& place) {
  std::vector<Source> sources;
  if (place.kind == Place::Kind::kOne) {
    sources.push_back(place.one);
  } else if (place.kind == Place::Kind::kStore) {
    TIDEMILL_ASSIGN(const auto tables, dataset::ListTables(*place.store));
    for (const auto& [table, latest] : tables) {
      sources.push_back({IdOf(table), Source::Kind::kTable, place.store, table, std::to_string(latest)});
    }
  } else {
    TIDEMILL_ASSIGN(const auto files, place.store->List(""));
    for (const auto& file : files) {
      if (IsTableFile(file.path)) {
        sources.push_back({IdOf(file.path), Source::Kind::kFile, place.store, file.path, StampOf(file)});
      }
    }
  }
  return sources;
}

Result<std::string> StampOf(const Source& source) {
  if (!source.stamp.empty()) return source.stamp;
  if (source.kind == Source::Kind::kTable) {
    TIDEMILL_ASSIGN(const auto number, dataset::LatestNumber(*source.store, source.path));
    if (number) return std::to_string(*number);
  } else {
    TIDEMILL_ASSIGN(const auto file, FindFile(*source.store, source.path));
    if (file) return StampOf(*file);
  }
  return base::Fail(ErrorCode::kNotFound, "{} is gone from {}", base::Quoted(source.path), source.store->url());
}

}  // namespace tidemill::data_api
