// SPDX-License-Identifier: Apache-2.0
#include "key_column.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace tidemill::query {
namespace {

// Numbers for the values in their order, looked up in a table where they lie close together.
class IntegerNumbers {
 public:
  explicit IntegerNumbers(const std::vector<std::int64_t>& values) {
    FindBounds(values);
    const bool dense =
        low_ <= high_ && static_cast<std::uint64_t>(high_) - static_cast<std::uint64_t>(low_) < kMostSlots;
    if (dense) slots_.resize(static_cast<std::size_t>(high_ - low_) + 1, 0);
    for (const std::int64_t value : values) {
      if (value == kNoInteger) continue;
      if (dense) {
        slots_[static_cast<std::size_t>(value - low_)] = 1;
      } else {
        numbers_.try_emplace(value, 0U);
      }
    }
    dense ? NumberSlots() : NumberOthers();
  }
  std::vector<std::int64_t> distinct;  // in order

  std::uint32_t Of(std::int64_t value) const {
    if (value == kNoInteger) return static_cast<std::uint32_t>(distinct.size());
    return slots_.empty() ? numbers_.find(value)->second : slots_[static_cast<std::size_t>(value - low_)];
  }

 private:
  static constexpr std::uint64_t kMostSlots = 1U << 22U;

  void FindBounds(const std::vector<std::int64_t>& values) {
    for (const std::int64_t value : values) {
      if (value == kNoInteger) continue;
      low_ = std::min(low_, value);
      high_ = std::max(high_, value);
    }
  }
  void NumberSlots() {
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
      if (slots_[slot] == 0) continue;
      slots_[slot] = static_cast<std::uint32_t>(distinct.size());
      distinct.push_back(low_ + static_cast<std::int64_t>(slot));
    }
  }
  void NumberOthers() {
    for (const auto& [value, number] : numbers_) distinct.push_back(value);
    std::sort(distinct.begin(), distinct.end());
    for (std::size_t i = 0; i < distinct.size(); ++i) numbers_[distinct[i]] = static_cast<std::uint32_t>(i);
  }

  std::int64_t low_ = std::numeric_limits<std::int64_t>::max(), high_ = kNoInteger;
  std::vector<std::uint32_t> slots_;
  std::unordered_map<std::int64_t, std::uint32_t> numbers_;
};

}  // namespace

KeyColumn KeyOfTexts(Texts texts) {
  KeyColumn key;
  key.has_nulls = texts.has_nulls;
  key.ids = std::move(texts.rows);
  key.texts = std::move(texts.values);
  return key;
}

KeyColumn KeyOfIntegers(const std::vector<std::int64_t>& values) {
  IntegerNumbers numbers(values);
  KeyColumn key;
  key.has_nulls = std::find(values.begin(), values.end(), kNoInteger) != values.end();
  key.ids.Reserve(values.size());
  key.ids.Append(values.size(), static_cast<std::uint32_t>(numbers.distinct.size()),
                 [&](std::size_t i) { return numbers.Of(values[i]); });
  key.integers = std::move(numbers.distinct);
  for (const std::int64_t value : key.integers) key.texts.push_back(std::to_string(value));
  return key;
}

std::optional<std::vector<base::Period>> ParseTimes(const std::vector<std::string>& texts) {
  std::vector<base::Period> periods;
  for (const std::string& text : texts) {
    const auto period = base::ParsePeriod(text);
    if (!period || base::ToText(*period) != text) return std::nullopt;
    if (!periods.empty() && period->frequency != periods.front().frequency) return std::nullopt;
    periods.push_back(*period);
  }
  if (!std::is_sorted(periods.begin(), periods.end())) return std::nullopt;
  return periods;
}

void CompareWithBefore(const std::vector<const KeyColumn*>& columns, std::size_t begin, std::size_t count,
                       std::int8_t* order) {
  std::fill_n(order, count, std::int8_t{0});
  for (const KeyColumn* column : columns) {
    column->ids.Visit([&](const auto* ids) {
      const auto* before = ids + (begin - 1);
      for (std::size_t i = 0; i < count; ++i) {
        const int sign = static_cast<int>(before[i + 1] > before[i]) - static_cast<int>(before[i + 1] < before[i]);
        order[i] = static_cast<std::int8_t>(order[i] != 0 ? order[i] : sign);
      }
    });
  }
}

bool AreSorted(const std::vector<const KeyColumn*>& columns, std::size_t rows) {
  std::array<std::int8_t, 4096> order{};
  for (std::size_t begin = 1; begin < rows; begin += order.size()) {
    const std::size_t count = std::min(order.size(), rows - begin);
    CompareWithBefore(columns, begin, count, order.data());
    if (std::any_of(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), [](auto o) { return o < 0; })) {
      return false;
    }
  }
  return true;
}

// Counting sorts, the last column first.
std::vector<std::uint32_t> SortedOrder(const std::vector<const KeyColumn*>& columns, std::size_t rows) {
  std::vector<std::uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0U);
  std::vector<std::uint32_t> next(rows);
  for (std::size_t c = columns.size(); c-- > 0;) {
    columns[c]->ids.Visit([&](const auto* ids) {
      std::vector<std::uint32_t> begins(columns[c]->count() + 1, 0);
      for (std::size_t row = 0; row < rows; ++row) ++begins[static_cast<std::size_t>(ids[row]) + 1];
      std::partial_sum(begins.begin(), begins.end(), begins.begin());
      for (const std::uint32_t row : order) next[begins[ids[row]]++] = row;
    });
    std::swap(order, next);
  }
  return order;
}

}  // namespace tidemill::query
