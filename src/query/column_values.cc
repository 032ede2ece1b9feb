// SPDX-License-Identifier: Apache-2.0
#include "column_values.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/type.h>
#include <arrow/util/decimal.h>

#include "array_values.h"

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

std::string_view PlainTextAt(const arrow::Array& array, std::int64_t i) {
  if (array.type_id() == Type::STRING) return static_cast<const arrow::StringArray&>(array).GetView(i);
  return static_cast<const arrow::LargeStringArray&>(array).GetView(i);
}

// Gives each distinct text a number, in order of appearance, and null one too.
class Numbering {
 public:
  std::uint32_t Of(std::string_view text) {
    const auto [found, is_new] = numbers_.try_emplace(text, count());
    if (is_new) values_.push_back(text);
    return found->second;
  }
  std::uint32_t OfNull() {
    if (!null_) {
      null_ = count();
      values_.emplace_back();
    }
    return *null_;
  }
  std::uint32_t greatest() const { return values_.empty() ? 0 : count() - 1; }

  // Puts the texts in byte order and lets the rows follow.
  void Finish(Texts& texts) const {
    std::vector<std::uint32_t> order;
    for (std::uint32_t number = 0; number < count(); ++number) {
      if (number != null_) order.push_back(number);
    }
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return values_[a] < values_[b]; });
    std::vector<std::uint32_t> place(values_.size(), static_cast<std::uint32_t>(order.size()));
    for (const std::uint32_t number : order) {
      place[number] = static_cast<std::uint32_t>(texts.values.size());
      texts.values.emplace_back(values_[number]);
    }
    texts.has_nulls = null_.has_value();
    texts.rows.Renumber(place);
  }

 private:
  std::uint32_t count() const { return static_cast<std::uint32_t>(values_.size()); }

  std::vector<std::string_view> values_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::optional<std::uint32_t> null_;
};

template <class Index>
void AppendIndices(const arrow::DictionaryArray& array, const Index* indices, Numbering& numbering, Ids& rows) {
  const arrow::Array& dictionary = *array.dictionary();
  const auto length = static_cast<std::size_t>(array.length());
  const bool has_nulls = array.null_count() > 0;
  const auto is_null = [&](std::size_t i) { return has_nulls && array.IsNull(static_cast<std::int64_t>(i)); };
  std::vector<std::uint8_t> met(static_cast<std::size_t>(dictionary.length()), 0);
  for (std::size_t i = 0; i < length; ++i) {
    if (is_null(i)) continue;
    const auto index = static_cast<std::size_t>(indices[i]);
    if (index >= met.size()) throw std::out_of_range("a row's place in its dictionary is beyond the dictionary's end");
    met[index] = 1;
  }
  std::vector<std::uint32_t> numbers(met.size(), 0);
  for (std::size_t word = 0; word < met.size(); ++word) {
    if (met[word] == 0) continue;
    const auto place = static_cast<std::int64_t>(word);
    numbers[word] = dictionary.IsNull(place) ? numbering.OfNull() : numbering.Of(PlainTextAt(dictionary, place));
  }
  const std::uint32_t* number_of = numbers.data();
  if (has_nulls) {
    const std::uint32_t null = numbering.OfNull();
    rows.Append(length, numbering.greatest(), [&](std::size_t i) { return is_null(i) ? null : number_of[indices[i]]; });
  } else {
    rows.Append(length, numbering.greatest(), [&](std::size_t i) { return number_of[indices[i]]; });
  }
}

void AppendTexts(const arrow::Array& array, Numbering& numbering, Ids& rows) {
  std::vector<std::uint32_t> numbers;
  numbers.reserve(static_cast<std::size_t>(array.length()));
  for (std::int64_t i = 0; i < array.length(); ++i) {
    numbers.push_back(array.IsNull(i) ? numbering.OfNull() : numbering.Of(PlainTextAt(array, i)));
  }
  rows.Append(numbers.size(), numbering.greatest(), [&](std::size_t i) { return numbers[i]; });
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
  Numbering numbering;
  texts.rows.Reserve(static_cast<std::size_t>(column.length()));
  for (const auto& chunk : column.chunks()) {
    if (chunk->type_id() != Type::DICTIONARY) {
      AppendTexts(*chunk, numbering, texts.rows);
      continue;
    }
    const auto& array = static_cast<const arrow::DictionaryArray&>(*chunk);
    VisitIndices(array, [&](const auto* indices) {
      if constexpr (std::is_integral_v<std::decay_t<decltype(*indices)>>) {
        AppendIndices(array, indices, numbering, texts.rows);
      }
    });
  }
  numbering.Finish(texts);
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

}  // namespace tidemill::query
