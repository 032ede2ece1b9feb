// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "tidemill/base/result.h"

namespace tidemill::app {

// The orchestration server over the database in `folder`, until `stop`; `listening` is told once it answers.
base::Status RunOrchestration(const std::string& host, int port, const std::string& folder,
                              std::function<void(std::uint16_t port)> listening, std::stop_token stop);

}  // namespace tidemill::app
