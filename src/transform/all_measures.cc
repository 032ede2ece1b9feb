// SPDX-License-Identifier: Apache-2.0
#include "all_measures.h"

#include <algorithm>

namespace tidemill::transform {

Measure AllMeasures(const Body& body) {
  Measure all;
  if (body.measures.empty()) return all;
  const Measure& first = body.measures.front();
  const auto alike = [&](const Measure& one) { return one.whole && one.unit == first.unit; };
  all.whole = std::ranges::all_of(body.measures, alike);
  if (all.whole) all.unit = first.unit;
  for (const Measure& one : body.measures) {
    all.states.insert(all.states.end(), one.states.begin(), one.states.end());
    all.status.insert(all.status.end(), one.status.begin(), one.status.end());
    if (all.whole) {
      all.ints.insert(all.ints.end(), one.ints.begin(), one.ints.end());
    } else {
      for (std::size_t i = 0; i < one.states.size(); ++i) all.doubles.push_back(one.AsDouble(i));
    }
  }
  return all;
}

}  // namespace tidemill::transform
