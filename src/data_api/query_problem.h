// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/query/query.h"

#include "loaded_dataset.h"
#include "problem.h"

namespace tidemill::data_api {

// A query's error as RFC 9457 has it.
Problem ToProblem(const query::QueryError& error, const LoadedDataset& dataset);
// An error that no route has a type of its own for.
Problem ToProblem(const base::Error& error);

}  // namespace tidemill::data_api
