// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/prefect/json.h"

namespace tidemill::prefect {

// Appends "name: value" in block style, one member a line, `level` times indented by two.
void AppendYamlMember(std::string& out, std::string_view name, const json::value& value, std::size_t level);
// A text as a scalar that reads back as this text.
std::string YamlScalar(std::string_view text);

}  // namespace tidemill::prefect
