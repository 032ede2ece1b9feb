// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "loaded_dataset.h"

namespace tidemill::data_api {

// The answers to /year/{year}/geo_code/{geo_code} of one version, written beforehand: every pair that has rows, where
// the dataset has at most a million. Immutable.
class HotAnswers {
 public:
  explicit HotAnswers(const LoadedDataset& dataset);

  struct Answer {
    std::string_view etag;       // with its quotes
    std::string_view etag_line;  // the header line
    std::string_view body;
  };
  // By the path as a client sends it, when it escapes no more than it must.
  std::optional<Answer> Find(std::string_view path) const;
  // The header lines that all of them share, but the ETag's, and that of the body's type.
  std::string_view fields() const { return fields_; }
  std::string_view body_fields() const { return body_fields_; }

 private:
  struct Place {
    std::size_t etag_line = 0;
    std::size_t body = 0;
    std::size_t end = 0;
  };
  std::string fields_, body_fields_;
  std::string bytes_;  // path, ETag line and body of each
  std::unordered_map<std::string_view, Place> places_;
};

// The ETag of an answer of the route, whether it was written beforehand or not.
std::string SeedETag(const LoadedDataset& dataset, std::int64_t year, std::string_view code);

}  // namespace tidemill::data_api
