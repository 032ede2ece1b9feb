// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/date.h"
#include "tidemill/base/result.h"
#include "tidemill/recipe/recipe.h"
#include "tidemill/transform/register.h"
#include "tidemill/transform/tidy.h"
#include "tidemill/workbook/workbook.h"

// Drafts a recipe for a workbook that nobody has described yet, by the heuristics of recipes.md 5. It would rather ask
// than guess.
namespace tidemill::transform {

// One choice, with what was next to it. It is sure at a confidence of 0.80 and a margin of 0.15.
struct Decision {
  std::string about;   // "sheet", "table", "year"; "column C", "axis", "values", "marker"
  std::string choice;  // "'Figures for 2018'"
  double confidence = 1;
  std::string reason;
  std::string runner_up;  // empty: there was no other
  double runner_up_confidence = 0;
  std::string settle;  // the options that settle it: "--header 6, or --header 8"
  bool sure() const {
    return confidence >= 0.80 && (runner_up.empty() || confidence - runner_up_confidence >= 0.15 - 1e-9);
  }
};

// Another workbook of the same series: the draft is tried on it too.
struct OtherEdition {
  std::string file;
  recipe::Captures captures;
  std::string bytes;
};

// What a person settles beforehand.
struct DraftOptions {
  std::string sheet;
  std::optional<int> header;           // row of the (innermost) header, from 1
  std::string axis;                    // "month" …, or "none"; empty: as it looks
  std::string name, title, publisher;  // of the recipe; empty: made up from what is there
  std::string source;                  // lines of TOML; empty: the file
  recipe::Captures captures;           // of the link: {year} …
  bool source_captures_year = false;   // then {year} may be written
  std::string file;                    // the workbook's name
  std::vector<OtherEdition> others;
  base::Date today;
};

struct Draft {
  std::string toml;  // empty where a decision is not sure: the last one
  std::vector<Decision> decisions;
  std::vector<std::string> unread;   // what the reader found odd in the file, each with its place
  std::vector<std::string> remarks;  // what was seen and is worth a look
  std::vector<std::string> left;  // what a person must decide, each with its place; empty: every cell is accounted for
  Accounting accounting;          // of the draft on this file
  std::int64_t rows = 0;          // values and markers of the draft on this file
  bool unsure() const { return toml.empty(); }
};

// Errors: the workbook cannot be opened or read, holds no sheet with a table (kInvalid), or not what the options name
// (kNotFound).
base::Result<Draft> DraftRecipe(std::string_view bytes, const DraftOptions& options, const Register& geography,
                                const workbook::Limits& limits, std::stop_token stop);

}  // namespace tidemill::transform
