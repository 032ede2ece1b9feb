// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/base/text.h"

#include "encode_column.h"

namespace tidemill::query {

inline constexpr TextDialect kJson{.append_text = &base::AppendJsonString, .quote_dates = true, .not_a_number = "null"};

}  // namespace tidemill::query
