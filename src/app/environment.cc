// SPDX-License-Identifier: Apache-2.0
#include "environment.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace tidemill::app {

std::string FromEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value != nullptr ? value : "";
}

std::string OwnProgram() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string("tidemill") : program.string();
}

}  // namespace tidemill::app
