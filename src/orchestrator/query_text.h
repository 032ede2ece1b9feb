// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidemill::orchestrator {

// The first value of a name in "a=1&b=2", percent-decoded, '+' as a blank.
std::optional<std::string> QueryValue(std::string_view query, std::string_view name);

}  // namespace tidemill::orchestrator
