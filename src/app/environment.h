// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tidemill::app {

// The value of an environment variable, empty where it is not set.
std::string FromEnvironment(const std::string& name);
// The program's own file, to start it again; "tidemill" where the system does not say.
std::string OwnProgram();

}  // namespace tidemill::app
