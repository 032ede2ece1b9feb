// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// ASCII text as header fields have it.
namespace tidemill::http {

bool EqualNoCase(std::string_view a, std::string_view b);
bool StartsWithNoCase(std::string_view text, std::string_view start);
// Without the blanks and tabs around it.
std::string_view TrimBlanks(std::string_view text);
// Whether a comma-separated list has this item, case aside.
bool ListHas(std::string_view list, std::string_view item);

}  // namespace tidemill::http
