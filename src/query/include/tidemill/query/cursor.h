// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemill::query {

// What ties a cursor to its query: the version, and the query's canonical text without paging.
struct CursorScope {
  std::uint32_t vintage = 0;
  std::string canonical;
};

std::string WriteCursor(const CursorScope& scope, std::uint32_t place);
// The place of the last row; nothing where the cursor is none of ours, or of another query or vintage.
std::optional<std::uint32_t> ReadCursor(std::string_view cursor, const CursorScope& scope);
// The vintage in a cursor, for a walk stays in the one it began with. Nothing where it is none of ours.
std::optional<std::uint32_t> VintageOfCursor(std::string_view cursor);

}  // namespace tidemill::query
