// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "call.h"

namespace tidemill::orchestrator {

enum class Access : std::uint8_t { kRead, kWrite };

// A value named {…id} in the pattern is a UUID: other texts are no such path.
struct Route {
  std::string_view method;
  std::string_view pattern;  // below /api, without a slash at the end
  Access access;
  Handler handler;
};

// The first that fits counts.
std::span<const Route> Routes();

}  // namespace tidemill::orchestrator
