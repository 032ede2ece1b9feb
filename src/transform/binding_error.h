// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/base/result.h"

namespace tidemill::transform {

// An error that stops an edition: the recipe does not fit the workbook. `slug` is a word of recipes.md.
template <class... Args>
tl::unexpected<base::Error> BindingError(std::string_view slug, std::string place, fmt::format_string<Args...> format,
                                         Args&&... args) {
  return tl::unexpected(
      base::Error{.code = base::ErrorCode::kInvalid,
                  .message = fmt::format("{}: {}", slug, fmt::format(format, std::forward<Args>(args)...)),
                  .place = std::move(place),
                  .verdict = base::Verdict::kCheckFailed});
}

}  // namespace tidemill::transform
