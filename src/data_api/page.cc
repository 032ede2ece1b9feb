// SPDX-License-Identifier: Apache-2.0
#include "page.h"

#include <algorithm>

namespace tidemill::data_api {

tl::expected<Page, query::QueryError> TakePage(const std::vector<std::uint32_t>& list,
                                               const std::optional<std::uint32_t>& limit, std::string_view cursor,
                                               const query::CursorScope& scope) {
  Page page;
  if (!cursor.empty()) {
    const auto last = query::ReadCursor(cursor, scope);
    const auto found = last ? std::find(list.begin(), list.end(), *last) : list.end();
    if (found == list.end()) {
      return tl::unexpected(query::QueryError{
          .type = "bad-cursor",
          .error = {.code = base::ErrorCode::kMalformed,
                    .message = base::Quoted(cursor) + " is no cursor of this list; expected what `next` of its last "
                                                      "page said"},
          .parameter = "cursor",
          .value = std::string(cursor)});
    }
    page.begin = static_cast<std::size_t>(found - list.begin()) + 1;
  }
  page.end = limit ? std::min<std::size_t>(list.size(), page.begin + *limit) : list.size();
  if (page.end > page.begin && page.end < list.size()) page.next = query::WriteCursor(scope, list[page.end - 1]);
  return page;
}

}  // namespace tidemill::data_api
