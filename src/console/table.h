// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/prefect/json.h"

namespace tidemill::console {

// A line a row, columns padded to their widest; `columns` as "Title=path|Title=path". Instants are cut to seconds.
std::string ToTable(const prefect::json::array& rows, std::string_view columns);

// Without what could move the cursor; line breaks and tabs stay where `lines`.
std::string Printable(std::string text, bool lines = false);

}  // namespace tidemill::console
