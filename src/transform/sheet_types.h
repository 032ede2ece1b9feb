// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tidemill/workbook/cell.h"

#include "sheet_batches.h"
#include "sheet_column.h"
#include "text_pool.h"

namespace tidemill::transform {

inline constexpr std::int64_t kMillisecondsOfDay = 86'400'000;

// Whole, and held exactly by both an int64 and a double.
inline bool IsWhole(double number) {
  constexpr double kMost = 9'007'199'254'740'992;  // 2^53
  return number >= -kMost && number <= kMost && static_cast<double>(static_cast<std::int64_t>(number)) == number;
}

// A date cell's moment as milliseconds since 1970-01-01T00:00; nothing where it is no day, but a time of day.
std::optional<std::int64_t> MillisecondsOf(const workbook::Cell& cell);
// "2018-01-31", or "2018-01-31T08:30:00.250" where it is no midnight.
std::string MomentText(std::int64_t milliseconds);

// What all values of a column have in common.
class ColumnTraits {
 public:
  void Add(ValueKind kind, std::uint64_t bits) {
    if (kind == ValueKind::kNumber) {
      whole_ = whole_ && IsWhole(std::bit_cast<double>(bits));
    } else if (kind == ValueKind::kDate) {
      midnight_ = midnight_ && std::bit_cast<std::int64_t>(bits) % kMillisecondsOfDay == 0;
    }
  }
  // The type of the column's commonest kind that is no text; kTexts where all are texts.
  ColumnType TypeOf(const SheetColumn& column) const;

 private:
  bool whole_ = true;     // all numbers
  bool midnight_ = true;  // of the dates
};

// A column with its type: what is of another kind has become a text. Its names are still to be given.
// `codes` is lent, by number in the pool: empty at first, then as the call before left it.
TypedColumn ToTyped(SheetColumn column, const ColumnTraits& traits, TextPool& pool, std::vector<std::int32_t>& codes);

}  // namespace tidemill::transform
