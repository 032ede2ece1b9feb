// SPDX-License-Identifier: Apache-2.0
#include "column_codes.h"

#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

namespace tidemill::dataset {
namespace {

// Texts by number. Views stay valid: they lie in the arrays, or in `kept`.
class Vocabulary {
 public:
  std::int64_t IdOf(std::string_view text) {
    return ids_.try_emplace(text, static_cast<std::int64_t>(ids_.size())).first->second;
  }
  std::int64_t IdOfTemporary(std::string text) {
    if (const auto known = ids_.find(text); known != ids_.end()) return known->second;
    return IdOf(*kept_.emplace_back(std::make_unique<std::string>(std::move(text))));
  }

 private:
  std::unordered_map<std::string_view, std::int64_t> ids_;
  std::vector<std::unique_ptr<std::string>> kept_;
};

enum class CodeKind { kWhole, kReal, kText, kOther };

CodeKind CodeKindOf(const arrow::DataType& type) {
  if (arrow::is_integer(type.id()) || type.id() == arrow::Type::BOOL || type.id() == arrow::Type::DATE32) {
    return CodeKind::kWhole;
  }
  if (type.id() == arrow::Type::FLOAT || type.id() == arrow::Type::DOUBLE) return CodeKind::kReal;
  if (type.id() == arrow::Type::STRING || type.id() == arrow::Type::LARGE_STRING) return CodeKind::kText;
  if (type.id() != arrow::Type::DICTIONARY) return CodeKind::kOther;
  return static_cast<const arrow::DictionaryType&>(type).value_type()->id() == arrow::Type::STRING ? CodeKind::kText
                                                                                                   : CodeKind::kOther;
}

CodeKind CommonKind(const arrow::DataType& before, const arrow::DataType& after) {
  const CodeKind a = CodeKindOf(before);
  const CodeKind b = CodeKindOf(after);
  const auto is_number = [](const arrow::DataType& type) { return arrow::is_numeric(type.id()); };
  if (is_number(before) && is_number(after)) return a == b ? a : CodeKind::kReal;
  // Dates and flags are whole numbers inside, but are no numbers.
  if (a == CodeKind::kWhole) return before.Equals(after) ? a : CodeKind::kOther;
  return a == b ? a : CodeKind::kOther;
}

// Calls `use` with the array as what it is.
template <class Use>
bool WithNumbers(const arrow::Array& array, Use&& use) {
  switch (array.type_id()) {
    case arrow::Type::INT8:
      return use(static_cast<const arrow::Int8Array&>(array)), true;
    case arrow::Type::INT16:
      return use(static_cast<const arrow::Int16Array&>(array)), true;
    case arrow::Type::INT32:
      return use(static_cast<const arrow::Int32Array&>(array)), true;
    case arrow::Type::INT64:
      return use(static_cast<const arrow::Int64Array&>(array)), true;
    case arrow::Type::UINT8:
      return use(static_cast<const arrow::UInt8Array&>(array)), true;
    case arrow::Type::UINT16:
      return use(static_cast<const arrow::UInt16Array&>(array)), true;
    case arrow::Type::UINT32:
      return use(static_cast<const arrow::UInt32Array&>(array)), true;
    case arrow::Type::UINT64:
      return use(static_cast<const arrow::UInt64Array&>(array)), true;
    case arrow::Type::BOOL:
      return use(static_cast<const arrow::BooleanArray&>(array)), true;
    case arrow::Type::DATE32:
      return use(static_cast<const arrow::Date32Array&>(array)), true;
    case arrow::Type::FLOAT:
      return use(static_cast<const arrow::FloatArray&>(array)), true;
    case arrow::Type::DOUBLE:
      return use(static_cast<const arrow::DoubleArray&>(array)), true;
    default:
      return false;
  }
}

std::int64_t BitsOf(double value) {
  if (std::isnan(value)) return std::bit_cast<std::int64_t>(std::numeric_limits<double>::quiet_NaN());
  return std::bit_cast<std::int64_t>(value == 0 ? 0.0 : value);
}

// Room for the rows of one more array; the place of its first.
std::size_t Grow(Codes& codes, const arrow::Array& array) {
  const std::size_t first = codes.value.size();
  codes.value.resize(first + static_cast<std::size_t>(array.length()));
  codes.valid.resize(codes.value.size());
  return first;
}

void Set(Codes& codes, std::size_t at, bool valid, std::int64_t value) {
  codes.valid[at] = valid ? 1 : 0;
  codes.value[at] = valid ? value : 0;
}

void AppendNumbers(const arrow::Array& chunk, CodeKind kind, Codes& codes) {
  std::size_t at = Grow(codes, chunk);
  WithNumbers(chunk, [&](const auto& array) {
    for (std::int64_t row = 0; row < array.length(); ++row) {
      const auto value = array.Value(row);
      Set(codes, at++, array.IsValid(row),
          kind == CodeKind::kReal ? BitsOf(static_cast<double>(value)) : static_cast<std::int64_t>(value));
    }
  });
}

template <class Strings>
void AppendStrings(const Strings& array, Vocabulary& vocabulary, Codes& codes) {
  std::size_t at = Grow(codes, array);
  for (std::int64_t row = 0; row < array.length(); ++row) {
    const bool valid = array.IsValid(row);
    Set(codes, at++, valid, valid ? vocabulary.IdOf(array.GetView(row)) : 0);
  }
}

// Looks up each entry of the dictionary once, not each row.
void AppendDictionary(const arrow::DictionaryArray& array, Vocabulary& vocabulary, Codes& codes) {
  const auto& dictionary = static_cast<const arrow::StringArray&>(*array.dictionary());
  Codes entries;
  AppendStrings(dictionary, vocabulary, entries);
  std::size_t at = Grow(codes, array);
  WithNumbers(*array.indices(), [&](const auto& indices) {
    for (std::int64_t row = 0; row < indices.length(); ++row) {
      const auto entry = indices.IsValid(row) ? static_cast<std::size_t>(indices.Value(row)) : entries.valid.size();
      const bool valid = entry < entries.valid.size() && entries.valid[entry] != 0;
      Set(codes, at++, valid, valid ? entries.value[entry] : 0);
    }
  });
}

std::string ScalarText(const arrow::Array& array, std::int64_t row) {
  const auto scalar = array.GetScalar(row);
  return scalar.ok() ? (*scalar)->ToString() : scalar.status().ToString();
}

void AppendTexts(const arrow::Array& array, Vocabulary& vocabulary, Codes& codes) {
  std::size_t at = Grow(codes, array);
  for (std::int64_t row = 0; row < array.length(); ++row) {
    const bool valid = !array.IsNull(row);
    Set(codes, at++, valid, valid ? vocabulary.IdOfTemporary(ScalarText(array, row)) : 0);
  }
}

Codes Encode(const arrow::ChunkedArray& column, CodeKind kind, Vocabulary& vocabulary) {
  Codes codes;
  codes.value.reserve(static_cast<std::size_t>(column.length()));
  codes.valid.reserve(static_cast<std::size_t>(column.length()));
  for (const auto& chunk : column.chunks()) {
    if (kind == CodeKind::kOther) {
      AppendTexts(*chunk, vocabulary, codes);
    } else if (kind != CodeKind::kText) {
      AppendNumbers(*chunk, kind, codes);
    } else if (chunk->type_id() == arrow::Type::DICTIONARY) {
      AppendDictionary(static_cast<const arrow::DictionaryArray&>(*chunk), vocabulary, codes);
    } else if (chunk->type_id() == arrow::Type::LARGE_STRING) {
      AppendStrings(static_cast<const arrow::LargeStringArray&>(*chunk), vocabulary, codes);
    } else {
      AppendStrings(static_cast<const arrow::StringArray&>(*chunk), vocabulary, codes);
    }
  }
  return codes;
}

// The chunk of a row, and the row in it.
std::pair<const arrow::Array*, std::int64_t> Find(const arrow::ChunkedArray& column, std::int64_t row) {
  for (const auto& chunk : column.chunks()) {
    if (row < chunk->length()) return {chunk.get(), row};
    row -= chunk->length();
  }
  return {nullptr, 0};
}

}  // namespace

CodePair EncodeTogether(const arrow::ChunkedArray& before, const arrow::ChunkedArray& after) {
  Vocabulary vocabulary;
  const CodeKind kind = CommonKind(*before.type(), *after.type());
  CodePair pair;
  pair.before = Encode(before, kind, vocabulary);
  pair.after = Encode(after, kind, vocabulary);
  return pair;
}

std::string CellText(const arrow::ChunkedArray& column, std::int64_t at) {
  const auto [chunk, row] = Find(column, at);
  if (chunk == nullptr || chunk->IsNull(row)) return {};
  switch (chunk->type_id()) {
    case arrow::Type::STRING:
      return static_cast<const arrow::StringArray&>(*chunk).GetString(row);
    case arrow::Type::LARGE_STRING:
      return static_cast<const arrow::LargeStringArray&>(*chunk).GetString(row);
    case arrow::Type::DICTIONARY: {
      const auto& array = static_cast<const arrow::DictionaryArray&>(*chunk);
      return CellText(arrow::ChunkedArray(array.dictionary()), array.GetValueIndex(row));
    }
    case arrow::Type::DATE32:
      return base::ToText(base::Date(std::chrono::days(static_cast<const arrow::Date32Array&>(*chunk).Value(row))));
    case arrow::Type::FLOAT:
    case arrow::Type::DOUBLE:
      return base::ShortestDouble(CellNumber(column, at));
    default:
      return ScalarText(*chunk, row);
  }
}

double CellNumber(const arrow::ChunkedArray& column, std::int64_t at) {
  const auto [chunk, row] = Find(column, at);
  double number = std::numeric_limits<double>::quiet_NaN();
  if (chunk == nullptr || chunk->IsNull(row) || !arrow::is_numeric(chunk->type_id())) return number;
  WithNumbers(*chunk, [&, at_row = row](const auto& array) { number = static_cast<double>(array.Value(at_row)); });
  return number;
}

}  // namespace tidemill::dataset
