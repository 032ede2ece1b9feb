// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <arrow/type_fwd.h>

namespace tidemill::query {

// The values of an array in their order, equal ones under one number.
struct Ranks {
  std::vector<std::uint32_t> of_place;
  std::vector<std::uint32_t> first_place;  // of each rank
  std::uint32_t count() const { return static_cast<std::uint32_t>(first_place.size()); }
};
Ranks RanksOf(const arrow::Array& values);

}  // namespace tidemill::query
