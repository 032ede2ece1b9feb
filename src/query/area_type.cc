// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "tidemill/query/cube.h"

namespace tidemill::query {
namespace {

using namespace std::string_view_literals;

// Entities of the code register for statistical geographies (GSS), by the first three characters of a code.
constexpr std::array kEntities = {
    std::pair{"E06"sv, "lad"sv},       std::pair{"E07"sv, "lad"sv},         std::pair{"E08"sv, "lad"sv},
    std::pair{"E09"sv, "lad"sv},       std::pair{"W06"sv, "lad"sv},         std::pair{"S12"sv, "lad"sv},
    std::pair{"N09"sv, "lad"sv},       std::pair{"E10"sv, "county"sv},      std::pair{"E11"sv, "met-county"sv},
    std::pair{"E12"sv, "region"sv},    std::pair{"E13"sv, "london-part"sv}, std::pair{"E92"sv, "country"sv},
    std::pair{"W92"sv, "country"sv},   std::pair{"S92"sv, "country"sv},     std::pair{"N92"sv, "country"sv},
    std::pair{"K02"sv, "country"sv},   std::pair{"K03"sv, "country"sv},     std::pair{"K04"sv, "country"sv},
    std::pair{"J99"sv, "elsewhere"sv},
};

bool IsOneCode(std::string_view code) {
  return code.size() == 9 && code[0] >= 'A' && code[0] <= 'Z' &&
         std::all_of(code.begin() + 1, code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string_view AreaTypeOf(std::string_view code) {
  if (!IsOneCode(code)) return code.size() > 9 && IsOneCode(code.substr(0, 9)) ? "combined" : "other";
  for (const auto& [entity, type] : kEntities) {
    if (code.starts_with(entity)) return type;
  }
  return code.substr(0, 3);
}

const std::vector<std::string>& AreaTypes() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> types = {"combined", "other"};
    for (const auto& [entity, type] : kEntities) types.emplace_back(type);
    std::sort(types.begin(), types.end());
    types.erase(std::unique(types.begin(), types.end()), types.end());
    return types;
  }();
  return all;
}

}  // namespace tidemill::query
