// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/etl/stages.h"

namespace tidemill::etl_tables {

// Reads the workbooks, binds the recipe, checks, and compares with the last version.
base::Result<etl::Transformed> Transform(flow::Run& run, const etl::Job& job, const etl::Extracted& extracted,
                                         etl::Report& report);
// Publishes what was prepared.
base::Status Load(flow::Run& run, const etl::Job& job, const dataset::Prepared& prepared, etl::Report& report);

}  // namespace tidemill::etl_tables
