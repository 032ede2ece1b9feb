// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/recipe/recipe.h"
#include "tidemill/workbook/cell.h"

// References to notes inside a cell's text: recipes.md 3.8.
namespace tidemill::transform {

// A text without its references.
struct CleanText {
  std::string text;               // white space collapsed, trimmed
  std::vector<std::string> refs;  // "3"; in order of appearance
  bool script = false;            // by which kinds they stood there
  bool bracket = false;
  bool trailing = false;
};

// Takes off superscript runs (and superscript digits of Unicode) and bracketed references, as far as `notes` reads
// them. Powers of units ("km²") and ordinals ("21st") are text.
CleanText TakeOffReferences(std::string_view text, std::span<const workbook::TextRun> runs,
                            const recipe::NoteSpec& notes);

// Takes digits and commas off the end, after the last letter, where each number is a note that exists.
void TakeOffTrailing(CleanText& clean, const std::set<std::string, std::less<>>& known);

// "3", "12,": the numbers of a rest made of digits, commas and blanks only; empty where it holds anything else.
std::vector<std::string> NoteNumbers(std::string_view rest);

// The length of a bracketed reference ("[note 3]", "[Notes 1 and 2]") at the beginning of the text, or 0; its numbers
// go to `refs`.
std::size_t BracketReference(std::string_view text, std::vector<std::string>& refs);

}  // namespace tidemill::transform
