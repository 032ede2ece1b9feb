// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "node.h"

namespace tidemill::recipe {

// TOML 1.0 as a Node. What is no TOML, or is nested deeper than 64 levels, is one fault ("bad-toml") and nothing.
std::optional<Node> ReadToml(std::string_view text, Faults& faults);

}  // namespace tidemill::recipe
