// SPDX-License-Identifier: Apache-2.0
#include "places.h"

namespace tidemill::query {

std::vector<std::uint32_t> PlacesOf(const Cube& cube, Level level, const std::uint32_t* rows, std::size_t count) {
  std::vector<std::uint32_t> places(rows, rows + count);
  if (level == Level::kTime) {
    for (std::uint32_t& place : places) place = cube.time_ids[place];
  }
  if (level != Level::kSeries) return places;
  std::uint32_t series = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;  // of the series' rows; rows of one series come together more often than not
  for (std::uint32_t& place : places) {
    if (place < begin || place >= end) {
      series = cube.SeriesOf(place);
      begin = cube.offsets[series];
      end = cube.offsets[series + 1];
    }
    place = series;
  }
  return places;
}

}  // namespace tidemill::query
