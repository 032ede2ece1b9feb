// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>

#include "tidemill/dataset/dataset.h"

namespace tidemill::dataset {

boost::json::object ToJson(const CommitFacts& facts);
// What is absent or of another type stays at its default: anybody may have written it.
CommitFacts CommitFactsFrom(const boost::json::object& object);

boost::json::object ToJson(const TableFacts& facts);
TableFacts TableFactsFrom(const boost::json::object& object);

}  // namespace tidemill::dataset
