// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "catalog.h"
#include "series.h"

// Series as FRED's API has them: known by one id, each value with the days on which it was the published one.
namespace tidemill::data_api {

struct FredError {
  int status = 400;
  std::string message;
};

struct FredSeries {
  std::shared_ptr<const LoadedDataset> dataset;
  std::size_t series = 0;
  std::string id, key;
  Measure measure;
};
// "deaths_monthly.M.E08000007", with several measures "deaths_monthly:deaths.M.E08000007". FRED's own status for an id
// that is none is 400.
tl::expected<FredSeries, FredError> FindFredSeries(const Catalog& catalog, std::string_view id);

inline constexpr std::string_view kFirstRealtime = "1776-07-04";
inline constexpr std::string_view kLastRealtime = "9999-12-31";

// Days as texts; `end` is the last of the span's. A missing value is ".".
struct FredPoint {
  std::string date, start, end, value;
};
// The values of the newest version, said to be published on its day; `units` is FRED's name of a transform ("lin":
// none).
base::Result<std::vector<FredPoint>> NewestPoints(const FredSeries& series, std::string_view units);
// All values that ever were the published ones, by date, then start. A dataset without versions has one span for each.
base::Result<std::vector<FredPoint>> AllPoints(const FredSeries& series);

// The name of the transform behind FRED's units, empty for "lin"; nothing for those that are not served.
std::optional<std::string_view> TransformOfUnits(std::string_view units);
// The day of the newest version.
std::string RealtimeOf(const LoadedDataset& dataset);

}  // namespace tidemill::data_api
