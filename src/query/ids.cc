// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/ids.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tidemill::query {
namespace {

template <class To, class Variant>
void Convert(Variant& ids, std::size_t reserved) {
  std::vector<To> wider;
  std::visit(
      [&](const auto& narrow) {
        wider.reserve(std::max(reserved, narrow.size()));
        for (const auto id : narrow) wider.push_back(static_cast<To>(id));
      },
      ids);
  ids = std::move(wider);
}

}  // namespace

void Ids::Reserve(std::size_t rows) {
  reserved_ = rows;
  std::visit([rows](auto& ids) { ids.reserve(rows); }, ids_);
}

void Ids::Widen(std::uint32_t greatest) {
  const std::size_t needed = greatest <= std::numeric_limits<std::uint8_t>::max()    ? 0
                             : greatest <= std::numeric_limits<std::uint16_t>::max() ? 1
                                                                                     : 2;
  if (needed <= ids_.index()) return;
  if (needed == 1) {
    Convert<std::uint16_t>(ids_, reserved_);
  } else {
    Convert<std::uint32_t>(ids_, reserved_);
  }
}

void Ids::Renumber(const std::vector<std::uint32_t>& numbers) {
  std::visit(
      [&](auto& ids) {
        for (auto& id : ids) id = static_cast<std::decay_t<decltype(id)>>(numbers[id]);
      },
      ids_);
}

void Ids::Permute(const std::vector<std::uint32_t>& order) {
  std::visit(
      [&](auto& ids) {
        std::decay_t<decltype(ids)> permuted(order.size());
        for (std::size_t i = 0; i < order.size(); ++i) permuted[i] = ids[order[i]];
        ids = std::move(permuted);
      },
      ids_);
}

}  // namespace tidemill::query
