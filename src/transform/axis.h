// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/period.h"
#include "tidemill/recipe/recipe.h"

// The texts of axes: recipes.md 3.7.
namespace tidemill::transform {

// A text of an axis, read.
struct AxisValue {
  std::string text;                    // as it is written: "2018-01", "85+"
  std::optional<base::Period> period;  // none for age bands and texts
  std::string format;                  // by which it was read: "%b-%y"
  std::string rest;                    // what was left over; such a value is no match
};

// Reads the texts of one axis. Copyable, immutable.
class AxisReader {
 public:
  // `year` completes months and weeks without one; two-digit years lie within 50 of `near_year`.
  AxisReader(recipe::AxisKind kind, std::vector<std::string> parse, std::optional<int> year, int near_year);

  // The value, where the whole text was used up; else the longest beginning that can be read, with its `rest`; else
  // nothing. `text` is without references; case and the kind of dash do not matter.
  std::optional<AxisValue> Read(std::string_view text) const;
  // False where a number cell can never be one of this axis.
  bool TakesNumbers() const;

 private:
  std::optional<AxisValue> ReadByKind(std::string_view text) const;

  recipe::AxisKind kind_;
  std::vector<std::string> formats_;
  bool formats_only_ = false;
  std::optional<int> year_;
  int near_year_ = 0;
};

// The frequency of an axis; none for age bands and texts.
std::optional<base::Frequency> FrequencyOf(recipe::AxisKind kind);
std::string_view ToText(recipe::AxisKind kind);  // "fiscal-year"

}  // namespace tidemill::transform
