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

// How much later a sighting must be to be written again if nothing else has changed: a write that is synced costs as
// much as the question to the server.
constexpr std::chrono::hours kWriteAgainAfter{1};

bool SaysMore(const Sighting& before, const Sighting& now) {
  return before.text != now.text || before.heading != now.heading || before.etag != now.etag ||
         before.last_modified != now.last_modified || now.last_seen - before.last_seen >= kWriteAgainAfter;
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
  if (Source* held = FindBySha256(sha256)) {
    TIDEMILL_CHECK(Update(*held, sighting));
    return *held;
  }
  Source source{.sha256 = sha256, .extension = std::string(extension), .bytes = bytes.size(), .sightings = {sighting}};
  const base::Status put = store_->PutIfAbsent(BytesPath(source), bytes);
  if (!put && put.error().code != ErrorCode::kConflict) return tl::unexpected(put.error());
  TIDEMILL_CHECK(store_->Put(SidecarPath(source), ToJson(source)));
  sources_.push_back(source);
  return source;
}

base::Status SourceStore::Touch(const std::string& sha256, const Sighting& sighting) {
  Source* held = FindBySha256(sha256);
  if (held == nullptr) return base::Fail(ErrorCode::kNotFound, "no source {} is kept", base::Quoted(sha256));
  return Update(*held, sighting);
}

Source* SourceStore::FindBySha256(std::string_view sha256) {
  const auto held = std::find_if(sources_.begin(), sources_.end(), [&](const Source& s) { return s.sha256 == sha256; });
  return held == sources_.end() ? nullptr : &*held;
}

base::Status SourceStore::Update(Source& held, const Sighting& sighting) {
  const auto newest = FindByUrl(sighting.url);
  const bool vouched_for = newest && newest->source == &held;
  Source source = held;
  const auto before = std::find_if(source.sightings.begin(), source.sightings.end(),
                                   [&](const Sighting& s) { return SameSighting(s, sighting); });
  if (before == source.sightings.end()) {
    source.sightings.push_back(sighting);
  } else {
    if (vouched_for && !SaysMore(*before, sighting)) return {};
    const base::Time first_seen = before->first_seen;
    *before = sighting;
    before->first_seen = first_seen;
  }
  TIDEMILL_CHECK(store_->Put(SidecarPath(source), ToJson(source)));
  held = std::move(source);
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
