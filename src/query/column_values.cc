// SPDX-License-Identifier: Apache-2.0
#include "column_values.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <string_view>
#include <unordered_map>

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/type.h>
#include <arrow/util/decimal.h>

namespace tidemill::query {
namespace {

using arrow::Type;

const arrow::DataType& ValueType(const arrow::DataType& type) {
  if (type.id() != Type::DICTIONARY) return type;
  return *static_cast<const arrow::DictionaryType&>(type).value_type();
}

bool IsText(const arrow::DataType& type) {
  return type.id() == Type::STRING || type.id() == Type::LARGE_STRING;
}

std::string_view TextAt(const arrow::Array& array, std::int64_t i) {
  if (array.type_id() == Type::STRING) return static_cast<const arrow::StringArray&>(array).GetView(i);
  return static_cast<const arrow::LargeStringArray&>(array).GetView(i);
}

// Gives each distinct text a number, in order of appearance.
class Numbering {
 public:
  explicit Numbering(std::vector<std::string_view>& values) : values_(values) {}
  std::int32_t Of(std::string_view text) {
    const auto [found, is_new] = numbers_.try_emplace(text, static_cast<std::int32_t>(values_.size()));
    if (is_new) values_.push_back(text);
    return found->second;
  }

 private:
  std::vector<std::string_view>& values_;
  std::unordered_map<std::string_view, std::int32_t> numbers_;
};

void AppendDictionary(const arrow::DictionaryArray& array, Numbering& numbering, std::vector<std::int32_t>& rows) {
  const arrow::Array& dictionary = *array.dictionary();
  std::vector<std::int32_t> numbers(static_cast<std::size_t>(dictionary.length()), -2);  // -2: not met
  for (std::int64_t i = 0; i < array.length(); ++i) {
    if (array.IsNull(i)) {
      rows.push_back(-1);
      continue;
    }
    const std::int64_t index = array.GetValueIndex(i);
    std::int32_t& number = numbers[static_cast<std::size_t>(index)];
    if (number == -2) number = dictionary.IsNull(index) ? -1 : numbering.Of(TextAt(dictionary, index));
    rows.push_back(number);
  }
}

// Puts the values in byte order and lets the rows follow.
void SortByValue(Texts& texts, const std::vector<std::string_view>& values) {
  std::vector<std::int32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  const auto at = [&](std::int32_t number) { return values[static_cast<std::size_t>(number)]; };
  std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) { return at(a) < at(b); });
  std::vector<std::int32_t> place(values.size());
  for (const std::int32_t number : order) {
    place[static_cast<std::size_t>(number)] = static_cast<std::int32_t>(texts.values.size());
    texts.values.emplace_back(at(number));
  }
  for (std::int32_t& row : texts.rows) row = row < 0 ? -1 : place[static_cast<std::size_t>(row)];
}

// Calls f(array) for every chunk, as the array's own class; chunks of other types are passed over.
template <class F>
void ForEachNumberChunk(const arrow::ChunkedArray& column, F&& f) {
  for (const auto& chunk : column.chunks()) {
    switch (chunk->type_id()) {
      case Type::INT8:
        f(static_cast<const arrow::Int8Array&>(*chunk));
        break;
      case Type::INT16:
        f(static_cast<const arrow::Int16Array&>(*chunk));
        break;
      case Type::INT32:
        f(static_cast<const arrow::Int32Array&>(*chunk));
        break;
      case Type::INT64:
        f(static_cast<const arrow::Int64Array&>(*chunk));
        break;
      case Type::UINT8:
        f(static_cast<const arrow::UInt8Array&>(*chunk));
        break;
      case Type::UINT16:
        f(static_cast<const arrow::UInt16Array&>(*chunk));
        break;
      case Type::UINT32:
        f(static_cast<const arrow::UInt32Array&>(*chunk));
        break;
      case Type::UINT64:
        f(static_cast<const arrow::UInt64Array&>(*chunk));
        break;
      case Type::FLOAT:
        f(static_cast<const arrow::FloatArray&>(*chunk));
        break;
      case Type::DOUBLE:
        f(static_cast<const arrow::DoubleArray&>(*chunk));
        break;
      default:
        break;
    }
  }
}

void AppendDecimals(const arrow::ChunkedArray& column, std::vector<double>& out) {
  const auto scale = static_cast<const arrow::DecimalType&>(*column.type()).scale();
  for (const auto& chunk : column.chunks()) {
    for (std::int64_t i = 0; i < chunk->length(); ++i) {
      double value = std::nan("");
      if (!chunk->IsNull(i) && chunk->type_id() == Type::DECIMAL128) {
        value = arrow::Decimal128(static_cast<const arrow::Decimal128Array&>(*chunk).GetValue(i)).ToDouble(scale);
      } else if (!chunk->IsNull(i)) {
        value = arrow::Decimal256(static_cast<const arrow::Decimal256Array&>(*chunk).GetValue(i)).ToDouble(scale);
      }
      out.push_back(value);
    }
  }
}

bool IsDecimal(const arrow::DataType& type) {
  return type.id() == Type::DECIMAL128 || type.id() == Type::DECIMAL256;
}

std::int32_t DayOf(std::int64_t value, std::int64_t per_day) {
  constexpr std::int64_t kMostDays = 3'000'000;  // some 8,000 years either way
  const std::int64_t day = value / per_day - (value % per_day < 0 ? 1 : 0);
  return day < -kMostDays || day > kMostDays ? kNoDay : static_cast<std::int32_t>(day);
}

}  // namespace

bool HoldsText(const arrow::DataType& type) {
  return IsText(ValueType(type));
}
bool HoldsDates(const arrow::DataType& type) {
  return type.id() == Type::DATE32 || type.id() == Type::DATE64 || type.id() == Type::TIMESTAMP;
}
bool HoldsIntegers(const arrow::DataType& type) {
  return arrow::is_integer(type.id());
}
bool HoldsNumbers(const arrow::DataType& type) {
  return HoldsIntegers(type) || type.id() == Type::FLOAT || type.id() == Type::DOUBLE || IsDecimal(type);
}

Texts ReadTexts(const arrow::ChunkedArray& column) {
  Texts texts;
  if (!HoldsText(*column.type())) return texts;
  std::vector<std::string_view> values;
  Numbering numbering(values);
  texts.rows.reserve(static_cast<std::size_t>(column.length()));
  for (const auto& chunk : column.chunks()) {
    if (chunk->type_id() == Type::DICTIONARY) {
      AppendDictionary(static_cast<const arrow::DictionaryArray&>(*chunk), numbering, texts.rows);
      continue;
    }
    for (std::int64_t i = 0; i < chunk->length(); ++i) {
      texts.rows.push_back(chunk->IsNull(i) ? -1 : numbering.Of(TextAt(*chunk, i)));
    }
  }
  SortByValue(texts, values);
  return texts;
}

Texts ToTexts(const std::vector<std::int64_t>& numbers, std::int64_t null) {
  Texts texts;
  std::unordered_map<std::int64_t, std::int32_t> places;
  std::deque<std::string> written;
  std::vector<std::string_view> values;
  for (const std::int64_t number : numbers) {
    if (number == null) {
      texts.rows.push_back(-1);
      continue;
    }
    const auto [place, is_new] = places.try_emplace(number, static_cast<std::int32_t>(values.size()));
    if (is_new) values.push_back(written.emplace_back(std::to_string(number)));
    texts.rows.push_back(place->second);
  }
  SortByValue(texts, values);
  return texts;
}

std::vector<double> ReadNumbers(const arrow::ChunkedArray& column) {
  std::vector<double> numbers;
  numbers.reserve(static_cast<std::size_t>(column.length()));
  if (IsDecimal(*column.type())) {
    AppendDecimals(column, numbers);
    return numbers;
  }
  ForEachNumberChunk(column, [&](const auto& array) {
    for (std::int64_t i = 0; i < array.length(); ++i) {
      numbers.push_back(array.IsNull(i) ? std::nan("") : static_cast<double>(array.Value(i)));
    }
  });
  return numbers;
}

std::vector<std::int64_t> ReadIntegers(const arrow::ChunkedArray& column, std::int64_t null) {
  std::vector<std::int64_t> numbers;
  if (!HoldsIntegers(*column.type())) return numbers;
  numbers.reserve(static_cast<std::size_t>(column.length()));
  ForEachNumberChunk(column, [&](const auto& array) {
    for (std::int64_t i = 0; i < array.length(); ++i) {
      numbers.push_back(array.IsNull(i) ? null : static_cast<std::int64_t>(array.Value(i)));
    }
  });
  return numbers;
}

std::int64_t MomentsOfDay(const arrow::DataType& type) {
  constexpr std::int64_t kSeconds = 86'400;
  if (type.id() == Type::DATE32) return 1;
  if (type.id() == Type::DATE64) return kSeconds * 1'000;
  switch (static_cast<const arrow::TimestampType&>(type).unit()) {
    case arrow::TimeUnit::SECOND:
      return kSeconds;
    case arrow::TimeUnit::MILLI:
      return kSeconds * 1'000;
    case arrow::TimeUnit::MICRO:
      return kSeconds * 1'000'000;
    case arrow::TimeUnit::NANO:
      return kSeconds * 1'000'000'000;
  }
  return kSeconds;
}

std::vector<std::int64_t> ReadMoments(const arrow::ChunkedArray& column, std::int64_t null) {
  std::vector<std::int64_t> moments;
  moments.reserve(static_cast<std::size_t>(column.length()));
  const auto append = [&](const auto& array) {
    for (std::int64_t i = 0; i < array.length(); ++i) {
      moments.push_back(array.IsNull(i) ? null : static_cast<std::int64_t>(array.Value(i)));
    }
  };
  for (const auto& chunk : column.chunks()) {
    if (chunk->type_id() == Type::DATE32) append(static_cast<const arrow::Date32Array&>(*chunk));
    if (chunk->type_id() == Type::DATE64) append(static_cast<const arrow::Date64Array&>(*chunk));
    if (chunk->type_id() == Type::TIMESTAMP) append(static_cast<const arrow::TimestampArray&>(*chunk));
  }
  return moments;
}

std::vector<std::int32_t> ReadDays(const arrow::ChunkedArray& column) {
  std::vector<std::int32_t> days;
  if (!HoldsDates(*column.type())) return days;
  const std::int64_t per_day = MomentsOfDay(*column.type());
  days.reserve(static_cast<std::size_t>(column.length()));
  for (const auto& chunk : column.chunks()) {
    for (std::int64_t i = 0; i < chunk->length(); ++i) {
      if (chunk->IsNull(i)) {
        days.push_back(kNoDay);
      } else if (chunk->type_id() == Type::DATE32) {
        days.push_back(DayOf(static_cast<const arrow::Date32Array&>(*chunk).Value(i), per_day));
      } else if (chunk->type_id() == Type::DATE64) {
        days.push_back(DayOf(static_cast<const arrow::Date64Array&>(*chunk).Value(i), per_day));
      } else {
        days.push_back(DayOf(static_cast<const arrow::TimestampArray&>(*chunk).Value(i), per_day));
      }
    }
  }
  return days;
}

}  // namespace tidemill::query
