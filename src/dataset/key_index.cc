// SPDX-License-Identifier: Apache-2.0
#include "key_index.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace tidemill::dataset {
namespace {

// Numbers pairs of numbers 0, 1, 2 … in the order they are first seen: open addressing, at most half full.
class PairNumbers {
 public:
  explicit PairNumbers(std::size_t most) : slots_(std::bit_ceil(most * 2 + 2)) {}

  std::int64_t NumberOf(std::int64_t a, std::int64_t b) {
    std::uint64_t hash = static_cast<std::uint64_t>(a) * 0x9E3779B97F4A7C15U;
    hash = (hash ^ (hash >> 32U) ^ static_cast<std::uint64_t>(b)) * 0xD6E8FEB86659FD93U;
    std::size_t at = (hash ^ (hash >> 32U)) & (slots_.size() - 1);
    while (slots_[at].number >= 0) {
      if (slots_[at].a == a && slots_[at].b == b) return slots_[at].number;
      at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at] = {a, b, count_};
    return count_++;
  }
  std::size_t count() const { return static_cast<std::size_t>(count_); }

 private:
  struct Slot {
    std::int64_t a = 0, b = 0, number = -1;
  };
  std::vector<Slot> slots_;
  std::int64_t count_ = 0;
};

// The rows' keys so far: numbers from 0 to below `count`.
struct Keys {
  std::vector<std::int64_t> before, after;
  std::size_t count = 1;
};

// How many values the column has if they are small numbers, as the codes of texts are; a null is one more. 0 if not.
std::size_t SmallRange(const CodePair& column) {
  std::int64_t most = -1;
  for (const Codes* codes : {&column.before, &column.after}) {
    for (const std::int64_t value : codes->value) {
      if (value < 0) return 0;
      most = std::max(most, value);
    }
  }
  return most < (std::int64_t{1} << 30) ? static_cast<std::size_t>(most + 2) : 0;
}

void FoldSmall(const Codes& codes, std::size_t range, std::vector<std::int64_t>& keys) {
  const auto factor = static_cast<std::int64_t>(range);
  for (std::size_t row = 0; row < keys.size(); ++row) {
    keys[row] = keys[row] * factor + (codes.valid[row] != 0 ? codes.value[row] : factor - 1);
  }
}

void FoldAny(const Codes& codes, PairNumbers& numbers, std::vector<std::int64_t>& keys) {
  for (std::size_t row = 0; row < keys.size(); ++row) {
    // The validity goes with the key, so that a null and a zero differ.
    const std::int64_t half = codes.valid[row] != 0 ? keys[row] * 2 : keys[row] * 2 + 1;
    keys[row] = numbers.NumberOf(half, codes.value[row]);
  }
}

// Keys stay below a few times the number of rows, so that they can be places in a list.
Keys FoldAll(const std::vector<CodePair>& columns, std::size_t rows_before, std::size_t rows_after) {
  const std::size_t most = (rows_before + rows_after) * 4 + 1024;
  Keys keys{std::vector<std::int64_t>(rows_before, 0), std::vector<std::int64_t>(rows_after, 0)};
  for (const CodePair& column : columns) {
    const std::size_t range = SmallRange(column);
    if (range > 0 && range <= most / keys.count) {
      FoldSmall(column.before, range, keys.before);
      FoldSmall(column.after, range, keys.after);
      keys.count *= range;
      continue;
    }
    PairNumbers numbers(rows_before + rows_after);
    FoldAny(column.before, numbers, keys.before);
    FoldAny(column.after, numbers, keys.after);
    keys.count = std::max<std::size_t>(1, numbers.count());
  }
  return keys;
}

}  // namespace

KeyMatch MatchKeys(const std::vector<CodePair>& columns, std::size_t rows_before, std::size_t rows_after) {
  const auto [before, after, keys] = FoldAll(columns, rows_before, rows_after);
  KeyMatch match;
  match.before_of_after.assign(rows_after, -1);
  match.after_of_before.assign(rows_before, -1);
  // Rows of `before` with one key, chained in their order.
  std::vector<std::int64_t> head(keys, -1);
  std::vector<std::int64_t> next(rows_before, -1);
  for (std::size_t row = rows_before; row-- > 0;) {
    const auto key = static_cast<std::size_t>(before[row]);
    next[row] = head[key];
    if (head[key] >= 0) match.repeated_before = head[key];
    head[key] = static_cast<std::int64_t>(row);
  }
  std::vector<bool> seen(keys, false);
  for (std::size_t row = 0; row < rows_after; ++row) {
    const auto key = static_cast<std::size_t>(after[row]);
    if (seen[key] && match.repeated_after < 0) match.repeated_after = static_cast<std::int64_t>(row);
    seen[key] = true;
    const std::int64_t other = head[key];
    if (other < 0) continue;
    head[key] = next[static_cast<std::size_t>(other)];
    match.before_of_after[row] = other;
    match.after_of_before[static_cast<std::size_t>(other)] = static_cast<std::int64_t>(row);
  }
  return match;
}

}  // namespace tidemill::dataset
