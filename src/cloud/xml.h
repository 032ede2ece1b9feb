// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// S3's answers: elements without attributes that matter, texts without markup.
namespace tidemill::cloud {

// What stands inside each <name>…</name> of `xml`, from the outside; elements of one name are never nested there.
std::vector<std::string_view> Elements(std::string_view xml, std::string_view name);
// The text of the first one, entities resolved.
std::optional<std::string> FirstElement(std::string_view xml, std::string_view name);

}  // namespace tidemill::cloud
