// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tidemill::app {

// Says who asks: the program, and whom to write to where the user gave an address.
std::string UserAgent(const std::string& contact);
// The same to an orchestration server.
std::string ApiUserAgent();

}  // namespace tidemill::app
