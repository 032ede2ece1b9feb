// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace tidemill::transform {

// A column's name made from a header: "Live births [note 3]" → "live_births"; `otherwise` where nothing is left of it.
// Never a reserved word, never one of `taken`, to which it is added.
std::string ColumnNameFrom(std::string_view header, std::string_view otherwise, std::set<std::string>& taken);

// A pattern that matches this text and no other: special characters are escaped.
std::string PatternOf(std::string_view text);

// A text in TOML, with its quotes.
std::string TomlText(std::string_view text);

// The unit that a header or title names: "(thousands)", "£ million", "%"; empty where it names none.
std::string UnitIn(std::string_view text);

}  // namespace tidemill::transform
