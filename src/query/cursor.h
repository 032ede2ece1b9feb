// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tidemill/query/run_query.h"

namespace tidemill::query {

std::string WriteCursor(const CursorScope& scope, std::uint32_t place);
// The place of the last row; nothing where the cursor is none of ours, or of another query or vintage.
std::optional<std::uint32_t> ReadCursor(std::string_view cursor, const CursorScope& scope);

}  // namespace tidemill::query
