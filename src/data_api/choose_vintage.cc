// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"
#include "tidemill/query/cursor.h"

#include "query_problem.h"
#include "vintage_choice.h"

namespace tidemill::data_api {
namespace {

using Loaded = std::shared_ptr<const LoadedDataset>;
template <class T>
using OrProblem = tl::expected<T, Problem>;

Problem NoVintage(const LoadedDataset& newest, const std::string& what) {
  return {"no-vintage",
          fmt::format("{} has no version {}; its newest is {}", newest.id, what, newest.vintage),
          {{"valid", base::JsonString("/v1/datasets/" + newest.id + "/vintages")}}};
}

// The end of the day that a date names, or the instant itself.
base::Time EndOf(const std::string& text) {
  if (const auto date = base::ParseDate(text)) return base::Time(*date + std::chrono::days(1));
  return base::ParseRfc3339(text).value_or(base::Time()) + base::Time::duration(1);
}

bool IsEligible(const dataset::Version& version, const VintageWish& wish) {
  return wish.by_recorded ? version.recorded < EndOf(wish.as_of) : ReleasedOf(version) <= wish.as_of;
}

OrProblem<std::int64_t> NumberAsOf(const LoadedDataset& newest, const VintageWish& wish) {
  if (!newest.vintages) return tl::unexpected(NoVintage(newest, "of a date: it is one file"));
  const auto versions = newest.vintages->List();
  if (!versions) return tl::unexpected(ToProblem(versions.error()));
  const dataset::Version* best = nullptr;
  for (const dataset::Version& version : **versions) {
    if (!IsEligible(version, wish)) continue;
    const bool later = best == nullptr || wish.by_recorded || ReleasedOf(version) >= ReleasedOf(*best);
    if (later) best = &version;
  }
  if (best != nullptr) return best->number;
  Problem problem = NoVintage(newest, fmt::format("as early as {}", wish.as_of));
  if (!(*versions)->empty()) {
    const dataset::Version& first = (*versions)->front();
    problem.members.emplace_back(
        "first", base::JsonString(wish.by_recorded ? base::ToRfc3339(first.recorded) : ReleasedOf(first)));
  }
  return tl::unexpected(std::move(problem));
}

OrProblem<Loaded> LoadNumber(const Loaded& newest, std::int64_t number) {
  if (number == newest->vintage) return newest;
  const bool may_be = newest->vintages && number >= 0 && number < newest->vintage;
  if (!may_be) return tl::unexpected(NoVintage(*newest, std::to_string(number)));
  auto loaded = newest->vintages->Load(number);
  if (loaded) return *std::move(loaded);
  if (loaded.error().code != base::ErrorCode::kNotFound) return tl::unexpected(ToProblem(loaded.error()));
  return tl::unexpected(NoVintage(*newest, std::to_string(number)));
}

OrProblem<ChosenVintage> ChooseHistory(const Loaded& dataset, const Loaded& newest, const VintageWish& wish) {
  if (!newest->vintages) return tl::unexpected(NoVintage(*newest, "but one: it is a file"));
  auto cube = newest->vintages->History(dataset->vintage, wish.by_recorded);
  if (!cube) return tl::unexpected(ToProblem(cube.error()));
  ChosenVintage chosen{.dataset = dataset, .cube = *std::move(cube)};
  chosen.all = true;
  chosen.pinned = wish.number.has_value();
  const std::string clock = wish.by_recorded ? "as_of_by=recorded&" : "";
  chosen.canonical = fmt::format("vintage={}&{}vintages=all", dataset->vintage, clock);
  chosen.as_given = wish.number ? chosen.canonical : clock + "vintages=all";
  chosen.scope = clock + "vintages=all";
  return chosen;
}

}  // namespace

OrProblem<ChosenVintage> ChooseVintage(const Loaded& newest, const VintageWish& wish, std::string_view cursor) {
  std::int64_t number = wish.number.value_or(newest->vintage);
  if (!wish.as_of.empty()) {
    const auto found = NumberAsOf(*newest, wish);
    if (!found) return tl::unexpected(found.error());
    number = *found;
  }
  if (const auto walked = query::VintageOfCursor(cursor); walked && !wish.number) number = *walked;
  auto dataset = LoadNumber(newest, number);
  if (!dataset) return tl::unexpected(std::move(dataset).error());
  if (wish.all) return ChooseHistory(*dataset, newest, wish);
  ChosenVintage chosen{.dataset = *dataset, .cube = (*dataset)->snapshot->cube};
  chosen.pinned = wish.number.has_value();
  chosen.canonical = fmt::format("vintage={}", number);
  if (wish.number) chosen.as_given = chosen.canonical;
  if (!wish.as_of.empty()) {
    chosen.as_given = "as_of=" + query::EncodeValue(wish.as_of) + (wish.by_recorded ? "&as_of_by=recorded" : "");
  }
  return chosen;
}

}  // namespace tidemill::data_api
