// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/etl/stages.h"

namespace tidemill::etl_tables {

// The stages of the flows that work on tables: what comes with Arrow.
const etl::TableStages& Stages();

}  // namespace tidemill::etl_tables
