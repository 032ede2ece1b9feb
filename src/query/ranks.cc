// SPDX-License-Identifier: Apache-2.0
#include "ranks.h"

#include <algorithm>
#include <numeric>

#include "array_values.h"

namespace tidemill::query {

Ranks RanksOf(const arrow::Array& values) {
  Ranks ranks;
  ranks.of_place.resize(static_cast<std::size_t>(values.length()));
  std::iota(ranks.of_place.begin(), ranks.of_place.end(), 0U);
  const std::vector<std::uint64_t> keys = OrderKeys(values, ranks.of_place, false);
  std::vector<std::uint64_t> distinct = keys;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  ranks.first_place.resize(distinct.size());
  for (std::size_t place = ranks.of_place.size(); place-- > 0;) {
    const auto rank = std::lower_bound(distinct.begin(), distinct.end(), keys[place]) - distinct.begin();
    ranks.of_place[place] = static_cast<std::uint32_t>(rank);
    ranks.first_place[static_cast<std::size_t>(rank)] = static_cast<std::uint32_t>(place);
  }
  return ranks;
}

}  // namespace tidemill::query
