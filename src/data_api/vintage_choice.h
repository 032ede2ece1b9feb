// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "tidemill/query/query.h"

#include "loaded_dataset.h"
#include "problem.h"

// Which version of a dataset a query is about.
namespace tidemill::data_api {

// What `vintage`, `as_of`, `as_of_by` and `vintages` ask for.
struct VintageWish {
  std::optional<std::int64_t> number;
  std::string as_of;  // a date or, by `recorded`, an instant
  bool by_recorded = false;
  bool all = false;
};
tl::expected<VintageWish, query::QueryError> ParseVintageWish(const std::vector<query::Parameter>& parameters);

struct ChosenVintage {
  std::shared_ptr<const LoadedDataset> dataset;  // of that version
  std::shared_ptr<const query::Cube> cube;
  bool pinned = false;    // names a version, so the answer never changes
  bool all = false;       // the history of every value
  std::string as_given;   // "vintage=41", as the next page's URL repeats it
  std::string canonical;  // the same for the canonical URL
  std::string scope;      // what a cursor is bound to beside the query and the version
};
// `cursor`: a walk stays in the version that it began with. Errors: no-vintage, bad-cursor.
tl::expected<ChosenVintage, Problem> ChooseVintage(const std::shared_ptr<const LoadedDataset>& newest,
                                                   const VintageWish& wish, std::string_view cursor);

// The parameters above, which queries pass over.
inline constexpr std::array<std::string_view, 4> kVintageParameters = {"vintage", "as_of", "as_of_by", "vintages"};

}  // namespace tidemill::data_api
