// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tidemill::http {

// Header fields by name and value, in order; names are compared without case.
using Headers = std::vector<std::pair<std::string, std::string>>;

}  // namespace tidemill::http
