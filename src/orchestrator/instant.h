// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"

namespace tidemill::orchestrator {

// "2026-11-22T16:53:37.280885Z", always with microseconds.
std::string InstantText(base::Time time);
// RFC 3339, also with a blank for the T and without an offset (UTC then): clients send all of these.
std::optional<base::Time> ParseInstant(std::string_view text);

constexpr double kMicros = 1e6;  // a second's

inline std::int64_t Micros(base::Time time) {
  return time.time_since_epoch().count();
}
inline base::Time FromMicros(std::int64_t micros) {
  return base::Time(base::Duration(micros));
}

}  // namespace tidemill::orchestrator
