// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "tidemill/query/cursor.h"
#include "tidemill/query/query.h"

namespace tidemill::data_api {

// A page of a list whose entries are numbers, each once.
struct Page {
  std::size_t begin = 0, end = 0;  // in the list
  std::string next;                // cursor; empty on the last page
};
// Errors: bad-cursor.
tl::expected<Page, query::QueryError> TakePage(const std::vector<std::uint32_t>& list,
                                               const std::optional<std::uint32_t>& limit, std::string_view cursor,
                                               const query::CursorScope& scope);

}  // namespace tidemill::data_api
