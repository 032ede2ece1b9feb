// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/query/cursor.h"

#include "vintage_choice.h"

namespace tidemill::data_api {
namespace {

Problem NoVintage(const LoadedDataset& newest, const std::string& what) {
  return {"no-vintage",
          fmt::format("{} has no {}; its newest is {}", newest.id, what, newest.vintage),
          {{"valid", base::JsonString("/v1/datasets/" + newest.id + "/vintages")}}};
}

}  // namespace

tl::expected<ChosenVintage, Problem> ChooseVintage(const std::shared_ptr<const LoadedDataset>& newest,
                                                   const VintageWish& wish, std::string_view cursor) {
  std::int64_t number = wish.number.value_or(newest->vintage);
  if (!wish.number && !cursor.empty()) {
    const auto walked = query::VintageOfCursor(cursor);
    if (walked) number = *walked;
  }
  if (number != newest->vintage || !wish.as_of.empty() || wish.all) {
    return tl::unexpected(NoVintage(*newest, fmt::format("vintage {} at hand", number)));
  }
  ChosenVintage chosen{.dataset = newest, .cube = newest->snapshot->cube};
  chosen.pinned = wish.number.has_value();
  chosen.canonical = fmt::format("vintage={}", number);
  if (wish.number) chosen.as_given = chosen.canonical;
  return chosen;
}

}  // namespace tidemill::data_api
