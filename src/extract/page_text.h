// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tidemill::extract {

// The text of a page as UTF-8, without byte order mark: what is no UTF-8 is taken for Windows-1252, as browsers do with
// pages that do not say.
std::string PageToUtf8(std::string_view bytes);

}  // namespace tidemill::extract
