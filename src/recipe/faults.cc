// SPDX-License-Identifier: Apache-2.0
#include "faults.h"

#include <algorithm>

namespace tidemill::recipe {

void Faults::Add(std::string_view code, Place place, std::string message) {
  if (!seen_.emplace(place.line, place.column, message).second) return;
  problems_.push_back(
      {.code = std::string(code), .message = std::move(message), .line = place.line, .column = place.column});
}

std::vector<Problem> Faults::Take() {
  std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  seen_.clear();
  return std::exchange(problems_, {});
}

}  // namespace tidemill::recipe
