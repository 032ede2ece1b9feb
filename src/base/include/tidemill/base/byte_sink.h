// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "tidemill/base/result.h"

namespace tidemill::base {

// Takes bytes piece by piece, in order. An error ends the writing; the one who writes gives it on.
using ByteSink = std::function<Status(std::string_view)>;

}  // namespace tidemill::base
