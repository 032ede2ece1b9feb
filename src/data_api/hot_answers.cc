// SPDX-License-Identifier: Apache-2.0
#include "hot_answers.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "answer.h"
#include "etag.h"

namespace tidemill::data_api {
namespace {

constexpr std::int64_t kMostRows = 1'000'000;
constexpr std::string_view kETag = "ETag: ";

}  // namespace

std::string SeedETag(const LoadedDataset& dataset, std::int64_t year, std::string_view code) {
  return MakeETag(dataset.snapshot_id, fmt::format("/year/{}/geo_code/{}", year, code));
}

HotAnswers::HotAnswers(const LoadedDataset& dataset) {
  for (const auto& [name, value] : DatasetHeaders(dataset)) fields_ += name + ": " + value + "\r\n";
  body_fields_ = "Content-Type: application/json\r\n";
  if (dataset.snapshot->rows > kMostRows) return;
  const query::SeedIndex& seed = *dataset.snapshot->seed;
  std::vector<std::pair<std::size_t, Place>> found;  // where the path begins
  found.reserve(seed.pairs().size());
  for (const auto& pair : seed.pairs()) {
    const std::size_t path = bytes_.size();
    bytes_ += fmt::format("/year/{}/geo_code/{}", pair.year, base::PercentEncode(pair.code));
    Place place;
    place.etag_line = bytes_.size();
    bytes_ += fmt::format("{}{}\r\n", kETag, SeedETag(dataset, pair.year, pair.code));
    place.body = bytes_.size();
    seed.AppendBody(bytes_, pair);
    place.end = bytes_.size();
    found.emplace_back(path, place);
  }
  bytes_.shrink_to_fit();
  places_.reserve(found.size());
  for (const auto& [path, place] : found) {
    places_.emplace(std::string_view(bytes_).substr(path, place.etag_line - path), place);
  }
}

std::optional<HotAnswers::Answer> HotAnswers::Find(std::string_view path) const {
  const auto found = places_.find(path);
  if (found == places_.end()) return std::nullopt;
  const Place& place = found->second;
  const std::string_view bytes = bytes_;
  const std::string_view line = bytes.substr(place.etag_line, place.body - place.etag_line);
  return Answer{.etag = line.substr(kETag.size(), line.size() - kETag.size() - 2),
                .etag_line = line,
                .body = bytes.substr(place.body, place.end - place.body)};
}

}  // namespace tidemill::data_api
