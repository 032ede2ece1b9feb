// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tidemill/base/period.h"
#include "tidemill/base/result.h"

// The grammar of sums: shared/design/recipes.md, 3.10.
namespace tidemill::recipe {

// A code (perhaps with * and ?) or, quoted, a label.
struct Area {
  std::string text;
  bool quoted = false;
};

struct Term {
  enum class Kind { kArea, kIt, kSumOfAreas, kSumOfChildren, kSumOfOthers, kNumber } kind = Kind::kArea;
  bool negative = false;
  std::vector<Area> areas;
  double number = 0;
};

struct Exception {
  base::Period period;
  std::optional<double> by;  // left − right must be this; without it the period is skipped and listed
};

struct SumCheck {
  enum class Relation { kEqual, kAtMost, kAtLeast } relation = Relation::kEqual;
  std::vector<Area> each;  // empty: one evaluation
  std::vector<Term> left;
  std::vector<Term> right;
  std::optional<double> within;
  bool within_percent = false;
  std::optional<double> rounded_to;
  std::vector<Exception> exceptions;
  std::string because;
  std::string text;  // as written
  std::string of;    // value column; empty: every one
  std::string over;  // column whose texts the areas are; empty: codes, else labels
  std::string year;  // a range of editions ("2015.."); empty: all
};

// Errors are kInvalid ("bad-check"), the message shows the text with a caret.
base::Result<SumCheck> ParseSumCheck(std::string_view text);

}  // namespace tidemill::recipe
