// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"
#include "tidemill/orchestrator/service.h"

#include "call.h"

// What the server tells of itself to who operates it: nothing of it is secret.
namespace tidemill::orchestrator {

// A background service: when it had its last round (the epoch: never, or nobody knows), what went wrong then. `every`
// is 0 where it goes by something else than the clock.
struct RoundSeen {
  std::string_view name;
  base::Duration every;
  base::Time ran;
  std::string problem;
};

struct Settings {
  const ServiceOptions& options;
  base::Time started;
  bool services;  // started
  std::span<const RoundSeen> rounds;
};

Outcome<Answer> PageSettings(Call& call, const Settings& settings);

}  // namespace tidemill::orchestrator
