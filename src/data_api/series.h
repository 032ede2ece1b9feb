// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "tidemill/base/json_writer.h"
#include "tidemill/query/cube.h"

#include "loaded_dataset.h"
#include "problem.h"
#include "read_query.h"

// What the routes of one series and of one observation share.
namespace tidemill::data_api {

// "M.E08000007.csv": an extension counts only where the key without it has as many parts as keys have.
struct SeriesName {
  std::string key, extension;  // "json" where none is given
};
SeriesName ParseSeriesName(const query::Cube& cube, std::string_view text);

// Errors: not-found, with the nearest keys; also where keys repeat, so that no series is one.
tl::expected<std::size_t, Problem> FindSeries(const LoadedDataset& dataset, const query::Cube& cube,
                                              const std::string& key);

struct Measure {
  std::size_t column = 0;
  int status = -1;  // its column
  std::string unit;
};
// The measure of that name; the first where it is empty. Errors: bad-value, not-found.
tl::expected<Measure, Problem> FindMeasure(const LoadedDataset& dataset, const query::Cube& cube,
                                           std::string_view name);

// `"dimensions":{…},"labels":{…}`
void WriteCodes(base::JsonWriter& json, const query::Cube& cube, std::size_t series);

// Routes of one thing take no filters.
std::optional<Problem> RefuseFilters(const ReadQueryResult& read);

}  // namespace tidemill::data_api
