// SPDX-License-Identifier: Apache-2.0
#include "user_agent.h"

#include <fmt/core.h>

namespace tidemill::app {

std::string UserAgent(const std::string& contact) {
  const std::string who = contact.empty() ? std::string() : "; contact: " + contact;
  return fmt::format("tidemill/{} (fetches published statistics, one request at a time{})", TIDEMILL_VERSION, who);
}

std::string ApiUserAgent() {
  return "tidemill/" TIDEMILL_VERSION;
}

}  // namespace tidemill::app
