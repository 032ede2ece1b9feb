// SPDX-License-Identifier: Apache-2.0
#include "time_steps.h"

#include <algorithm>

namespace tidemill::query {

TimeSteps FindTimeSteps(const Cube& cube) {
  TimeSteps steps;
  const auto& times = cube.times;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const bool follows = i > 0 && base::Next(times[i - 1]) == times[i];
    steps.previous.push_back(follows ? static_cast<std::int32_t>(i) - 1 : -1);
    base::Period before = times[i];
    --before.year;
    const auto found = std::lower_bound(times.begin(), times.end(), before);
    const bool is_there = found != times.end() && *found == before;
    steps.year_before.push_back(is_there ? static_cast<std::int32_t>(found - times.begin()) : -1);
  }
  return steps;
}

std::int64_t RowAt(const Cube& cube, std::size_t series, std::int32_t time) {
  if (time < 0) return -1;
  return cube.time_ids.Visit([&](const auto* ids) -> std::int64_t {
    const auto wanted = static_cast<std::uint32_t>(time);
    const auto* end = ids + cube.offsets[series + 1];
    const auto* found = std::lower_bound(ids + cube.offsets[series], end, wanted);
    return found == end || *found != wanted ? -1 : found - ids;
  });
}

}  // namespace tidemill::query
