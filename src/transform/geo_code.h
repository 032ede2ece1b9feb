// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tidemill/recipe/recipe.h"
#include "tidemill/transform/register.h"

// Codes of areas: recipes.md 7.
namespace tidemill::transform {

// What a code cell holds once cleaned.
struct CleanedCode {
  std::string code;                // parts joined by column.join
  std::vector<std::string> parts;  // "K04000001", "J99000001"
  bool valid = false;              // every part has the form of the column's system
};

// `text` without note references. NFKC, trimmed, upper case (GSS), padded, split, joined.
CleanedCode CleanCode(std::string_view text, const recipe::ColumnSpec& column);

// The form of a system's codes: "gss", "ons-snac"; of any other system each text that is not empty has it.
bool HasForm(std::string_view part, std::string_view system);

// The system of the codes that are written.
std::string_view TargetSystem(const recipe::ColumnSpec& column);

// True for a code that keeps the name of its system, because the target system has none: "ons-snac:20UB".
bool IsKept(std::string_view code);

// "a / b" by " / " → "a", "b"; the whole text where the separator is empty.
std::vector<std::string_view> SplitBy(std::string_view text, std::string_view separator);

// The parts of a code as CleanCode joined them.
std::vector<std::string_view> PartsOf(std::string_view code, std::string_view join);

}  // namespace tidemill::transform
