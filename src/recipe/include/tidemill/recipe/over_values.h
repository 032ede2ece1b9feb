// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tidemill::recipe {

// SumCheck::over where no column is called so: the areas are the value columns themselves, in each row.
inline constexpr std::string_view kOverValues = "values";

}  // namespace tidemill::recipe
