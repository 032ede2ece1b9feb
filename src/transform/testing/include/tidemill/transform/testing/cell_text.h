// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "tidemill/frame/frame.h"

namespace tidemill::transform::testing {

// A cell of a table as text, whatever its type; "null" for nulls.
std::string CellText(const frame::Frame& table, const std::string& column, std::int64_t row);

}  // namespace tidemill::transform::testing
