// SPDX-License-Identifier: Apache-2.0
#include "column_facts.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>

#include <arrow/array.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

#include "array_values.h"
#include "virtual_columns.h"
#include "words.h"

namespace tidemill::query {
namespace {

// Counts different numbers up to a limit: a set with open addressing.
class DistinctCounter {
 public:
  void Add(std::uint64_t bits) {
    if (count_ > kMost || (any_ && bits == last_)) return;
    any_ = true;
    last_ = bits;
    if (bits == 0) {
      count_ += has_zero_ ? 0 : 1;
      has_zero_ = true;
      return;
    }
    if (2 * static_cast<std::size_t>(count_) >= slots_.size()) Grow();
    if (Insert(slots_, bits)) ++count_;
  }
  std::int64_t count() const { return count_ > kMost ? -1 : count_; }

 private:
  static constexpr std::int64_t kMost = 1'000'000;

  static bool Insert(std::vector<std::uint64_t>& slots, std::uint64_t bits) {
    std::size_t slot = static_cast<std::size_t>(bits * 0x9E3779B97F4A7C15ULL >> 20U) & (slots.size() - 1);
    while (slots[slot] != 0 && slots[slot] != bits) slot = (slot + 1) & (slots.size() - 1);
    const bool is_new = slots[slot] == 0;
    slots[slot] = bits;
    return is_new;
  }
  void Grow() {
    std::vector<std::uint64_t> larger(slots_.size() * 4);
    for (const std::uint64_t bits : slots_) {
      if (bits != 0) Insert(larger, bits);
    }
    slots_ = std::move(larger);
  }

  std::vector<std::uint64_t> slots_ = std::vector<std::uint64_t>(1024);  // 0: free
  std::int64_t count_ = 0;
  std::uint64_t last_ = 0;
  bool any_ = false, has_zero_ = false;
};

// How many rows have the value at a place of the column's array: calls use(place, rows).
template <class Use>
void ForEachNullPlace(const Cube& cube, const CubeColumn& column, Use&& use) {
  if (column.values->null_count() == 0) return;
  if (column.level == Level::kTime) {
    for (std::uint32_t row = 0; row < cube.rows; ++row) {
      if (column.values->IsNull(cube.time_ids[row])) use(1);
    }
    return;
  }
  for (std::int64_t place = 0; place < column.values->length(); ++place) {
    if (!column.values->IsNull(place)) continue;
    const auto series = static_cast<std::size_t>(place);
    use(column.level == Level::kSeries ? cube.offsets[series + 1] - cube.offsets[series] : 1U);
  }
}

std::int64_t NullRows(const Cube& cube, const CubeColumn& column) {
  std::int64_t nulls = 0;
  ForEachNullPlace(cube, column, [&](std::uint32_t rows) { nulls += rows; });
  return nulls;
}

void FillTextFacts(Column& column, const arrow::Array& words) {
  const std::size_t count = WordCount(words);
  column.distinct = static_cast<std::int64_t>(count);
  if (count == 0) return;
  column.min = base::JsonString(WordAt(words, 0));
  column.max = base::JsonString(WordAt(words, count - 1));
}

// `to` turns a stored number into the value that counts, or nothing where it is none.
template <class To, class ToJson>
void FillNumberFacts(Column& column, const arrow::Array& array, To&& to, ToJson&& to_json) {
  DistinctCounter distinct;
  const bool has_nulls = array.null_count() > 0;
  VisitNumbers(array, [&](const auto* values) {
    using Value = std::decay_t<decltype(*to(*values))>;
    std::optional<std::pair<Value, Value>> bounds;
    for (std::int64_t i = 0; i < array.length(); ++i) {
      if (has_nulls && array.IsNull(i)) continue;
      const auto value = to(values[i]);
      if (!value) {
        ++column.nulls;
        continue;
      }
      std::uint64_t bits = 0;
      std::memcpy(&bits, &*value, sizeof *value);
      distinct.Add(bits);
      if (!bounds) bounds.emplace(*value, *value);
      bounds->first = std::min(bounds->first, *value);
      bounds->second = std::max(bounds->second, *value);
    }
    if (!bounds) return;
    column.min = to_json(bounds->first);
    column.max = to_json(bounds->second);
  });
  column.distinct = distinct.count();
}

std::optional<double> Finite(double value) {
  return std::isfinite(value) ? std::optional(value == 0 ? 0.0 : value) : std::nullopt;
}

void FillColumn(Column& column, const Cube& cube, const CubeColumn& known) {
  const arrow::Array& values = *known.values;
  column.nulls = NullRows(cube, known);
  switch (known.kind) {
    case Kind::kText:
    case Kind::kSet:
    case Kind::kPeriod:
      return FillTextFacts(column, values);
    case Kind::kInteger:
      return FillNumberFacts(
          column, values, [](auto value) { return std::optional(static_cast<std::int64_t>(value)); },
          [](std::int64_t value) { return std::to_string(value); });
    case Kind::kNumber:
      return FillNumberFacts(
          column, values, [](auto value) { return Finite(static_cast<double>(value)); },
          [](double value) { return base::ShortestDouble(value); });
    case Kind::kDate:
    case Kind::kInstant:
      return FillNumberFacts(
          column, values,
          [&](auto value) { return std::optional(DayOfMoment(static_cast<std::int64_t>(value), *values.type())); },
          [](std::int64_t day) { return base::JsonString(base::ToText(base::Date(std::chrono::days(day)))); });
    case Kind::kBoolean:
      column.nulls = -1;
      return;
  }
}

}  // namespace

void FillFacts(std::vector<Column>& columns, const Cube& cube) {
  for (Column& column : columns) {
    const int place = cube.Find(column.name);
    if (place < 0 || cube.columns[static_cast<std::size_t>(place)].is_virtual) continue;
    const CubeColumn& known = cube.columns[static_cast<std::size_t>(place)];
    column.codes = known.codes;
    if (column.role != Role::kLineage) FillColumn(column, cube, known);
  }
}

}  // namespace tidemill::query
