// SPDX-License-Identifier: Apache-2.0
#include "faults.h"

#include <algorithm>
#include <utility>

namespace tidemill::recipe {

void Faults::Add(std::string_view code, Place place, std::string message) {
  if (!seen_.emplace(place.line, place.column, message).second) return;
  Problem problem{.code = std::string(code), .message = std::move(message), .line = place.line, .column = place.column};
  const auto before = [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  };
  problems_.insert(std::upper_bound(problems_.begin(), problems_.end(), problem, before), std::move(problem));
}

std::vector<Problem> Faults::Take() {
  seen_.clear();
  return std::exchange(problems_, {});
}

}  // namespace tidemill::recipe
