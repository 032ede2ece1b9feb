// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/recipe/recipe.h"

// Texts in the body: numbers, markers, statuses. recipes.md 3.6, 3.9.
namespace tidemill::transform {

// The markers that a recipe knows: its own, and those of the base set.
class MarkerSet {
 public:
  explicit MarkerSet(const recipe::MarkerSpec& spec);

  // A marker of the recipe's own whose whole text this is. `text` is normalised.
  const recipe::Marker* FindOwn(std::string_view text) const;
  // The status letters of a text that is nothing but markers ("[p][r]", "[e, r]", "p"); empty where it is not.
  std::vector<std::string> ReadAll(std::string_view text) const;

 private:
  bool AddWord(std::string_view word, bool bracketed, std::vector<std::string>& statuses) const;

  std::vector<recipe::Marker> own_;
  bool gss_ = false;
};

// A text of a value cell, read.
struct TextValue {
  enum class Kind { kNumber, kMarker, kUnknown } kind = Kind::kUnknown;
  std::optional<double> number;       // also of a marker that has a value
  std::vector<std::string> statuses;  // letters, unsorted
  std::string marker;                 // normalised, as it stood
  std::string digits;                 // of a number: "-1234.50", all of them
};

// `text` as it stands (for own markers), `clean` without references. A text of references alone is the caller's.
TextValue ReadValueText(std::string_view text, std::string_view clean, const recipe::ColumnSpec& column,
                        const MarkerSet& markers);

// The number in parts of 10^-scale, where it has so many digits at most (`precision` 0: no limit of its own) and fits
// 64 bits. Of a cell's number the noise of its last digits does not count, where there is a scale.
std::optional<std::int64_t> WholeOf(double number, int precision, int scale);
// The same of digits, exactly.
std::optional<std::int64_t> WholeOf(std::string_view digits, int precision, int scale);

// Sorted, without repetition, joined by ','.
std::string JoinStatuses(std::vector<std::string> letters);

}  // namespace tidemill::transform
