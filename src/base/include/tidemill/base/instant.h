// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"

namespace tidemill::base {

// "2026-11-22T16:53:37.280885Z", always with microseconds.
std::string InstantText(Time time);
// RFC 3339, also with a blank for the T and without an offset (UTC then): clients send all of these.
std::optional<Time> ParseInstant(std::string_view text);

}  // namespace tidemill::base
