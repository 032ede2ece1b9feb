// SPDX-License-Identifier: Apache-2.0
#include "column_slice.h"

#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>

#include "value_index.h"

namespace tidemill::frame {
namespace {

constexpr std::size_t kMostDictionaryBytes = std::size_t{1} << 20U;
// Longer texts help no reader to leave out a group.
constexpr std::size_t kMostRangeBytes = 256;

template <class Value>
void AppendNumber(std::string& out, Value value) {
  static_assert(std::endian::native == std::endian::little);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void AppendText(std::string& out, std::string_view text) {
  AppendNumber(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

// Calls `use(value)` for each value of the rows that is not null, as the type that is stored.
template <class Use>
void ForEachNumber(const Column& column, std::size_t begin, std::size_t end, Use&& use) {
  const auto each = [&](const auto& values, auto as) {
    for (std::size_t row = begin; row < end; ++row) {
      if (column.valid.empty() || column.valid[row] != 0) use(static_cast<decltype(as)>(values[row]));
    }
  };
  switch (PhysicalTypeOf(column.kind)) {
    case PhysicalType::kInt32:
      return each(column.ints, std::int32_t{});
    case PhysicalType::kInt64:
      return each(column.ints, std::int64_t{});
    case PhysicalType::kFloat:
      return each(column.doubles, float{});
    case PhysicalType::kDouble:
      return each(column.doubles, double{});
    case PhysicalType::kByteArray:
      return;
  }
}

template <class Value>
std::uint64_t BitsOf(Value value) {
  if constexpr (std::is_same_v<Value, float>) return std::bit_cast<std::uint32_t>(value);
  if constexpr (std::is_same_v<Value, double>) return std::bit_cast<std::uint64_t>(value);
  return static_cast<std::uint64_t>(value);
}

// The smallest and greatest of numbers; what is none is left out, and a zero stands for both zeros.
template <class Value>
class Range {
 public:
  void Add(Value value) {
    if (value != value) return;
    if (!smallest_ || value < *smallest_) smallest_ = value;
    if (!greatest_ || value > *greatest_) greatest_ = value;
  }
  void Put(ColumnSlice& slice) const {
    if (!smallest_) return;
    slice.has_range = true;
    AppendNumber(slice.smallest, *smallest_ == Value{} && std::is_floating_point_v<Value> ? -Value{} : *smallest_);
    AppendNumber(slice.greatest, *greatest_ == Value{} ? Value{} : *greatest_);
  }

 private:
  std::optional<Value> smallest_, greatest_;
};

void ForgetDictionary(ColumnSlice& slice) {
  slice.dictionary.clear();
  slice.dictionary_size = 0;
  slice.indices.clear();
}

template <class Value>
void SliceNumbers(const Column& column, std::size_t begin, std::size_t end, ColumnSlice& slice) {
  // With more different values than a third of the rows an index saves little, and costs a dictionary.
  ValueIndex index((end - begin) / 3 + 16);
  Range<Value> range;
  slice.indices.resize(end - begin);
  std::uint32_t* const indices = slice.indices.data();
  std::size_t values = 0;
  bool repeats = true;
  std::uint64_t before = 0;
  std::uint32_t at = 0;
  const auto take = [&](auto value) {
    const std::uint64_t bits = BitsOf(value);
    if (bits != before || values == 0) {
      before = bits;
      range.Add(static_cast<Value>(value));
      if (repeats) at = index.Find(bits);
      repeats = repeats && at != ValueIndex::kFull;
      if (repeats && at == slice.dictionary_size) {
        AppendNumber(slice.dictionary, value);
        ++slice.dictionary_size;
      }
    }
    indices[values++] = at;
  };
  ForEachNumber(column, begin, end, take);
  range.Put(slice);
  slice.nulls = end - begin - values;
  slice.indices.resize(values);
  if (!repeats || slice.dictionary.size() > kMostDictionaryBytes) ForgetDictionary(slice);
}

void SliceTexts(const Column& column, std::size_t begin, std::size_t end, ColumnSlice& slice) {
  constexpr auto kUnseen = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> index_of_word(column.words.size(), kUnseen);
  const std::string* smallest = nullptr;
  const std::string* greatest = nullptr;
  const auto take_word = [&](std::size_t code) {
    const std::string& word = column.words[code];
    if (smallest == nullptr || word < *smallest) smallest = &word;
    if (greatest == nullptr || word > *greatest) greatest = &word;
    index_of_word[code] = static_cast<std::uint32_t>(slice.dictionary_size++);
    if (slice.dictionary.size() <= kMostDictionaryBytes) AppendText(slice.dictionary, word);
  };
  slice.indices.resize(end - begin);
  std::uint32_t* const indices = slice.indices.data();
  std::size_t values = 0;
  for (std::size_t row = begin; row < end; ++row) {
    if (column.codes[row] < 0) continue;
    const auto code = static_cast<std::size_t>(column.codes[row]);
    if (index_of_word[code] == kUnseen) take_word(code);
    indices[values++] = index_of_word[code];
  }
  slice.nulls = end - begin - values;
  slice.indices.resize(values);
  if (smallest != nullptr && smallest->size() <= kMostRangeBytes && greatest->size() <= kMostRangeBytes) {
    slice.has_range = true;
    slice.smallest = *smallest;
    slice.greatest = *greatest;
  }
  if (slice.dictionary.size() > kMostDictionaryBytes) ForgetDictionary(slice);
}

}  // namespace

PhysicalType PhysicalTypeOf(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kText:
    case ColumnKind::kPlainText:
      return PhysicalType::kByteArray;
    case ColumnKind::kInt16:
    case ColumnKind::kInt32:
    case ColumnKind::kDate32:
      return PhysicalType::kInt32;
    case ColumnKind::kInt64:
    case ColumnKind::kTimestampNs:
    case ColumnKind::kDecimal:
      return PhysicalType::kInt64;
    case ColumnKind::kFloat32:
      return PhysicalType::kFloat;
    case ColumnKind::kFloat64:
      return PhysicalType::kDouble;
  }
  return PhysicalType::kByteArray;
}

ColumnSlice SliceOf(const Column& column, std::size_t begin, std::size_t end) {
  ColumnSlice slice;
  switch (PhysicalTypeOf(column.kind)) {
    case PhysicalType::kInt32:
      SliceNumbers<std::int32_t>(column, begin, end, slice);
      break;
    case PhysicalType::kInt64:
      SliceNumbers<std::int64_t>(column, begin, end, slice);
      break;
    case PhysicalType::kFloat:
      SliceNumbers<float>(column, begin, end, slice);
      break;
    case PhysicalType::kDouble:
      SliceNumbers<double>(column, begin, end, slice);
      break;
    case PhysicalType::kByteArray:
      SliceTexts(column, begin, end, slice);
      break;
  }
  return slice;
}

void AppendPlain(std::string& out, const Column& column, std::size_t begin, std::size_t end) {
  if (!column.is_text()) {
    return ForEachNumber(column, begin, end, [&](auto value) { AppendNumber(out, value); });
  }
  for (std::size_t row = begin; row < end; ++row) {
    if (column.codes[row] >= 0) AppendText(out, column.TextAt(row));
  }
}

}  // namespace tidemill::frame
