// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/query/query.h"

namespace tidemill::query {

// "geo_code" or "geo_code__startswith" as column and operator; checks that the operator suits the column's kind.
struct FilterName {
  std::size_t column = 0;
  Operator op = Operator::kIs;
};
Checked<FilterName> ParseFilterName(const Parameter& parameter, const Cube& cube, const ParseOptions& options);

// Adds a parameter's values to the filter of its name. Values are checked against the column's kind and codes.
std::optional<QueryError> AddFilter(const Parameter& parameter, const Cube& cube, const ParseOptions& options,
                                    std::vector<Filter>& filters);

QueryError MakeError(std::string type, const Parameter& parameter, std::string message);

}  // namespace tidemill::query
