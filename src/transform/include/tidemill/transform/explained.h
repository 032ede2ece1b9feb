// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/recipe/recipe.h"
#include "tidemill/transform/cell_class.h"
#include "tidemill/transform/finding.h"
#include "tidemill/transform/register.h"
#include "tidemill/transform/tidy.h"
#include "tidemill/workbook/workbook.h"

// How a recipe bound to a workbook, cell by cell, for people who write or review one. It takes more time and memory
// than Tidy, which is what runs use.
namespace tidemill::transform {

// A cell with content; row and column from 0.
struct PictureCell {
  std::uint32_t row = 0;
  std::uint16_t column = 0;
  CellClass cell_class = CellClass::kNone;
  std::string text;    // as the sheet shows it
  std::string became;  // in the table: "698", "null, x", "2018-01"; empty where it is not written
};

// One sheet, drawn with all its tables.
struct Picture {
  std::string sheet;
  bool bound = false;                                 // false: the recipe found no table on it
  std::vector<PictureCell> cells;                     // row by row
  std::map<std::uint32_t, std::string> row_keys;      // of rows of observations: "E06000047, County Durham"
  std::map<std::uint32_t, std::string> column_names;  // the recipe's, "geo_code"; of an axis that of the values
  std::map<std::uint32_t, std::string> column_keys;   // under an axis: "2018-01"
  std::optional<workbook::Range> header, body;        // of the first table
};

// What might have been meant, where a recipe did not bind.
struct Candidate {
  std::string what;  // "sheet", "table", "column place_name"
  std::string sheet;
  std::optional<workbook::Range> range;  // none: the whole sheet
  double score = 0;                      // 0..1
  std::string why;                       // "2 of 3 headers; 12 cells read as month"
  bool never = false;                    // a sheet that the recipe takes out, or that is hidden
};

struct Explained {
  std::string recipe, file, edition;
  std::optional<base::Error> error;   // why it did not bind; then `text` is empty
  std::vector<Candidate> candidates;  // then; the best of each kind first
  std::string text;                   // how it bound, in lines for people (recipes.md 3.14)
  Accounting accounting;
  std::vector<Finding> findings;
  std::vector<Picture> pictures;  // of the first sheet that is bound, or of where binding stopped
};

struct ExplainOptions {
  std::string sheet;  // this one, whatever the recipe picks; empty: as the recipe says
};

// Errors: the workbook cannot be opened or its sheet not be read; no sheet of the name that was asked for (kNotFound).
// A recipe that does not bind is no error here.
base::Result<Explained> ExplainBinding(std::string_view bytes, const recipe::Recipe& recipe, const EditionInput& input,
                                       const ExplainOptions& options, const Register& geography,
                                       const workbook::Limits& limits, std::stop_token stop);

}  // namespace tidemill::transform
