// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tidemill::web {

// Unpacks one gzip member that is part of the program.
std::string Inflate(std::string_view gzip);

}  // namespace tidemill::web
