// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "tidemill/query/query.h"

namespace tidemill::query {

// A column for each measure and transform that `transform=yoy,mean5y` asks for; a stored column of such a name stands
// for it. Sums leave out what cannot be added up. Errors: bad-value, conflicting-parameters where the rows are no time
// series, not-additive where nothing would be left.
Checked<std::vector<DerivedColumn>> ParseTransforms(const Parameter& parameter, const Cube& cube);

// The cube's columns and the derived ones as names, kinds and types, without rows.
std::shared_ptr<const Cube> NameDerived(const Cube& cube, const std::vector<DerivedColumn>& derived);

// The cube with the values of `query.derived` in all series that the query's filters of dimensions let pass; those of
// other series mean nothing. 422 overflow where a sum of integers is none of 64 bits.
Checked<std::shared_ptr<const Cube>> DeriveColumns(const Query& query, const Cube& cube);

}  // namespace tidemill::query
