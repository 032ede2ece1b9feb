// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/period.h"
#include "tidemill/recipe/recipe.h"

#include "axis_format.h"

// The texts of axes: recipes.md 3.7.
namespace tidemill::transform {

// A text of an axis, read.
struct AxisValue {
  std::string text;                    // as it is written: "2018-01", "85+"
  std::optional<base::Period> period;  // none for age bands and texts
  std::string format;                  // by which it was read: "%b-%y"
  std::string rest;                    // what was left over; such a value is no match
  // A month, quarter or week whose year stands elsewhere; the period's own is 0.
  bool needs_year() const { return period && period->year == 0; }
};

// The format of a value that a date cell told, whatever it shows.
constexpr std::string_view kDateCell = "date cell";

// The period in that year; nothing where there is none (week 53 of 2019, 29 February 2021).
std::optional<base::Period> InYear(base::Period period, int year);

// Reads the texts of one axis. Copyable, immutable.
class AxisReader {
 public:
  // `year` completes months, quarters and weeks without one; `year_elsewhere`: they may stay without. Two-digit years
  // lie within 50 of `near_year`.
  AxisReader(recipe::AxisKind kind, const std::vector<std::string>& parse, std::optional<int> year, int near_year,
             bool year_elsewhere = false);
  // The reader of a column; its `map` is laid over the texts first.
  AxisReader(const recipe::ColumnSpec& column, std::optional<int> year, int near_year, bool year_elsewhere);

  // The value, where the whole text was used up; else the longest beginning that can be read, with its `rest`; else
  // nothing. `text` is without references; case and the kind of dash do not matter.
  std::optional<AxisValue> Read(std::string_view text) const;
  // A date cell whose format shows a whole date (`whole`), or no more than its month.
  std::optional<AxisValue> ReadDate(base::Date date, bool whole) const;
  // False where a number cell can never be one of this axis.
  bool TakesNumbers() const;
  recipe::AxisKind kind() const { return kind_; }

 private:
  std::optional<AxisValue> ReadByFormats(std::string_view plain) const;
  std::optional<AxisValue> ReadByKind(std::string_view plain) const;
  std::optional<base::Period> PeriodOf(const DateParts& parts) const;
  bool Complete(AxisValue& value) const;

  recipe::AxisKind kind_;
  std::vector<AxisFormat> formats_;
  bool formats_only_ = false;
  bool formats_take_numbers_ = false;
  std::optional<int> year_;
  int near_year_ = 0;
  bool year_elsewhere_ = false;
  std::map<std::string, std::string> map_;
};

// The frequency of an axis; none for age bands and texts.
std::optional<base::Frequency> FrequencyOf(recipe::AxisKind kind);
std::string_view ToText(recipe::AxisKind kind);  // "fiscal-year"

}  // namespace tidemill::transform
