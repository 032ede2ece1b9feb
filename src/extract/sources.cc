// SPDX-License-Identifier: Apache-2.0
#include "tidemill/extract/sources.h"

#include <algorithm>
#include <set>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"

#include "source_json.h"

namespace tidemill::extract {
namespace {

using base::ErrorCode;

constexpr std::string_view kFolder = "_sources";
constexpr std::string_view kSidecar = ".json";
constexpr std::uint64_t kMostSidecarBytes = std::uint64_t{16} << 20U;

std::string BytesPath(const Source& source) {
  return fmt::format("{}/{}.{}", kFolder, source.sha256, source.extension);
}

std::string SidecarPath(const Source& source) {
  return fmt::format("{}/{}{}", kFolder, source.sha256, kSidecar);
}

bool SameSighting(const Sighting& a, const Sighting& b) {
  return a.url == b.url && a.page == b.page && a.recipe == b.recipe;
}

// Adds the sighting, or brings the one of the same address, page and recipe up to date. The first time stays.
void Note(Source& source, const Sighting& sighting) {
  const auto same = std::find_if(source.sightings.begin(), source.sightings.end(),
                                 [&](const Sighting& s) { return SameSighting(s, sighting); });
  if (same == source.sightings.end()) {
    source.sightings.push_back(sighting);
    return;
  }
  const base::Time first_seen = same->first_seen;
  *same = sighting;
  same->first_seen = first_seen;
}

// A file whose name can lead neither out of the folder nor to a sidecar.
bool IsExtension(std::string_view text) {
  return !text.empty() && text.size() <= 8 && text != "json" &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

}  // namespace

base::Result<SourceStore> SourceStore::Open(base::FileStore& store) {
  SourceStore sources(store);
  TIDEMILL_ASSIGN(const auto files, store.List(kFolder));
  std::set<std::string_view> paths;
  for (const base::FileEntry& file : files) paths.insert(file.path);
  for (const base::FileEntry& file : files) {
    if (!file.path.ends_with(kSidecar)) continue;
    TIDEMILL_ASSIGN(const std::string json, store.Read(file.path, kMostSidecarBytes));
    auto source = ParseSource(json);
    if (!source) {
      source.error().place = store.url() + "/" + file.path;
      return tl::unexpected(std::move(source).error());
    }
    // Without its bytes a source is as good as never fetched.
    if (file.path == SidecarPath(*source) && paths.contains(BytesPath(*source))) {
      sources.sources_.push_back(*std::move(source));
    }
  }
  return sources;
}

std::optional<SourceStore::Held> SourceStore::FindByUrl(std::string_view url) const {
  std::optional<Held> newest;
  for (const Source& source : sources_) {
    for (const Sighting& sighting : source.sightings) {
      if (sighting.url != url) continue;
      if (!newest || sighting.last_seen > newest->sighting->last_seen) newest = Held{&source, &sighting};
    }
  }
  return newest;
}

base::Result<Source> SourceStore::Keep(std::string_view bytes, std::string_view extension, const Sighting& sighting) {
  if (!IsExtension(extension)) {
    return base::Fail(ErrorCode::kInvalid, "extension {}, expected up to 8 small letters and digits",
                      base::Quoted(extension));
  }
  const std::string sha256 = base::Sha256Hex(bytes);
  auto held = std::find_if(sources_.begin(), sources_.end(), [&](const Source& s) { return s.sha256 == sha256; });
  Source source =
      held != sources_.end()
          ? *held
          : Source{.sha256 = sha256, .extension = std::string(extension), .bytes = bytes.size(), .sightings = {}};
  if (held == sources_.end()) {
    const base::Status put = store_->PutIfAbsent(BytesPath(source), bytes);
    if (!put && put.error().code != ErrorCode::kConflict) return tl::unexpected(put.error());
  }
  Note(source, sighting);
  TIDEMILL_CHECK(store_->Put(SidecarPath(source), ToJson(source)));
  if (held != sources_.end()) {
    *held = source;
  } else {
    sources_.push_back(source);
  }
  return source;
}

base::Status SourceStore::Touch(const std::string& sha256, const Sighting& sighting) {
  const auto held = std::find_if(sources_.begin(), sources_.end(), [&](const Source& s) { return s.sha256 == sha256; });
  if (held == sources_.end()) return base::Fail(ErrorCode::kNotFound, "no source {} is kept", base::Quoted(sha256));
  Source source = *held;
  Note(source, sighting);
  TIDEMILL_CHECK(store_->Put(SidecarPath(source), ToJson(source)));
  *held = std::move(source);
  return {};
}

base::Result<std::string> SourceStore::ReadBytes(const Source& source) const {
  const std::string path = BytesPath(source);
  TIDEMILL_ASSIGN(std::string bytes, store_->Read(path));
  if (base::Sha256Hex(bytes) != source.sha256) {
    return base::FailAt(ErrorCode::kMalformed, store_->url() + "/" + path,
                        "is no longer what was fetched: delete it and run again");
  }
  return bytes;
}

}  // namespace tidemill::extract
