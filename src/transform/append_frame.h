// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "tidemill/base/result.h"
#include "tidemill/frame/frame.h"

namespace tidemill::transform {

// `more` below `stacked`; columns that only one of the two has are filled with nulls in the other. Fails where a column
// has another type in `more`, which is `where`.
base::Status AppendFrame(frame::Frame& stacked, const frame::Frame& more, std::string_view where);

}  // namespace tidemill::transform
