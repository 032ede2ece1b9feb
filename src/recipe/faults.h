// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "tidemill/recipe/recipe.h"

namespace tidemill::recipe {

struct Place {
  int line = 1;
  int column = 1;
};

// Collects all faults of a text, each once: a recipe is read again with every [[when]] laid over it.
class Faults {
 public:
  void Add(std::string_view code, Place place, std::string message);
  bool empty() const { return problems_.empty(); }
  // In order of place.
  std::vector<Problem> Take();

 private:
  std::set<std::tuple<int, int, std::string>> seen_;
  std::vector<Problem> problems_;  // in order of place
};

}  // namespace tidemill::recipe
