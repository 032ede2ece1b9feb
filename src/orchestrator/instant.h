// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "tidemill/base/instant.h"

namespace tidemill::orchestrator {

using base::InstantText;
using base::ParseInstant;

inline std::int64_t Micros(base::Time time) {
  return time.time_since_epoch().count();
}
inline base::Time FromMicros(std::int64_t micros) {
  return base::Time(base::Duration(micros));
}

}  // namespace tidemill::orchestrator
