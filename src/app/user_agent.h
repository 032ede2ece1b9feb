// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tidemill::app {

// Says who asks: the program, and whom to write to where the user gave an address.
std::string UserAgent(const std::string& contact);

}  // namespace tidemill::app
