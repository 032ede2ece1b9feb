// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "tidemill/query/query.h"

#include "problem.h"
#include "routes.h"
#include "vintage_choice.h"

namespace tidemill::data_api {

// What a route takes beside filters.
struct QueryRules {
  std::vector<std::string_view> reserved = query::ParseOptions().reserved;
  std::vector<std::string_view> passed = {};  // read by the route itself
  bool takes_vintages = false;                // vintages=all too
};

struct ReadQueryResult {
  std::vector<query::Parameter> parameters;
  ChosenVintage vintage;
  query::Query query;
  // Of a parameter that the route reads itself; empty where it is not given.
  std::string_view Value(std::string_view name) const;
};

// Splits the query, chooses the version, and checks all against its columns and codes.
tl::expected<ReadQueryResult, Problem> ReadQuery(const Question& question,
                                                 const std::shared_ptr<const LoadedDataset>& newest,
                                                 const QueryRules& rules);

}  // namespace tidemill::data_api
