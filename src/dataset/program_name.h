// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tidemill::dataset {

// "tidemill version 0.1.0", as Parquet files name their writer.
std::string_view ProgramName();

}  // namespace tidemill::dataset
