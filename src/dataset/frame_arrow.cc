// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include <arrow/api.h>
#include <arrow/util/decimal.h>

#include "tidemill/base/text.h"
#include "tidemill/dataset/dataset.h"

namespace tidemill::dataset {
namespace {

__extension__ using Int128 = __int128;  // as Arrow lays a decimal128 out

constexpr int kMostDigits = 18;  // of a decimal: what 64 bits hold

using base::ErrorCode;
using frame::Column;
using frame::ColumnKind;
using frame::Frame;
using frame::WordList;

base::Error ToError(const arrow::Status& status) {
  return {.code = status.IsOutOfMemory() ? ErrorCode::kTooLarge : ErrorCode::kInternal,
          .message = "arrow: " + status.ToString(),
          .place = {},
          .verdict = base::Verdict::kNone};
}

template <class T>
base::Result<T> FromResult(arrow::Result<T> result) {
  if (!result.ok()) return tl::unexpected(ToError(result.status()));
  return std::move(result).ValueUnsafe();
}

std::shared_ptr<arrow::DataType> TypeOf(const Column& column) {
  switch (column.kind) {
    case ColumnKind::kText:
      return arrow::dictionary(arrow::int32(), arrow::utf8());
    case ColumnKind::kPlainText:
      return arrow::utf8();
    case ColumnKind::kInt16:
      return arrow::int16();
    case ColumnKind::kInt32:
      return arrow::int32();
    case ColumnKind::kInt64:
      return arrow::int64();
    case ColumnKind::kFloat32:
      return arrow::float32();
    case ColumnKind::kFloat64:
      return arrow::float64();
    case ColumnKind::kDate32:
      return arrow::date32();
    case ColumnKind::kTimestampNs:
      return arrow::timestamp(arrow::TimeUnit::NANO);
    case ColumnKind::kDecimal:
      return arrow::decimal128(column.precision, column.scale);
  }
  return arrow::null();
}

template <class Builder>
base::Result<std::shared_ptr<arrow::Array>> Finish(Builder& builder) {
  return FromResult<std::shared_ptr<arrow::Array>>(builder.Finish());
}

// A bitmap of what is not null; none where all is.
template <class IsValid>
std::shared_ptr<arrow::Buffer> BitmapOf(std::size_t size, const IsValid& is_valid) {
  std::vector<std::uint8_t> bits((size + 7) / 8, 0);
  bool nulls = false;
  for (std::size_t i = 0; i < size; ++i) {
    if (is_valid(i)) {
      bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (1U << (i % 8)));
    } else {
      nulls = true;
    }
  }
  return nulls ? arrow::Buffer::FromVector(std::move(bits)) : nullptr;
}

std::shared_ptr<arrow::Array> MakeFixed(std::shared_ptr<arrow::DataType> type, std::size_t size,
                                        std::shared_ptr<arrow::Buffer> valid, std::shared_ptr<arrow::Buffer> values) {
  return arrow::MakeArray(
      arrow::ArrayData::Make(std::move(type), static_cast<std::int64_t>(size), {std::move(valid), std::move(values)}));
}

// Numbers cast to the type's own; where a value is null stands a zero.
template <class Value, class Number>
std::shared_ptr<arrow::Array> BuildNumbers(const Column& column, const std::vector<Number>& numbers) {
  std::vector<Value> values;
  values.reserve(numbers.size());
  for (const Number number : numbers) values.push_back(static_cast<Value>(number));
  auto valid =
      column.valid.empty() ? nullptr : BitmapOf(numbers.size(), [&](std::size_t i) { return column.valid[i] != 0; });
  return MakeFixed(TypeOf(column), numbers.size(), std::move(valid), arrow::Buffer::FromVector(std::move(values)));
}

base::Result<std::shared_ptr<arrow::Array>> BuildWords(const std::vector<std::string>& words) {
  arrow::StringBuilder builder;
  if (const auto status = builder.AppendValues(words); !status.ok()) return tl::unexpected(ToError(status));
  return Finish(builder);
}

base::Result<std::shared_ptr<arrow::Array>> BuildDictionary(const Column& column) {
  std::vector<std::int32_t> codes = column.codes;
  auto valid = BitmapOf(codes.size(), [&](std::size_t i) { return codes[i] >= 0; });
  std::ranges::replace(codes, -1, 0);
  const std::size_t size = codes.size();
  auto indices = MakeFixed(arrow::int32(), size, std::move(valid), arrow::Buffer::FromVector(std::move(codes)));
  TIDEMILL_ASSIGN(auto words, BuildWords(column.words));
  return std::shared_ptr<arrow::Array>(
      std::make_shared<arrow::DictionaryArray>(TypeOf(column), std::move(indices), std::move(words)));
}

base::Result<std::shared_ptr<arrow::Array>> BuildPlainTexts(const Column& column) {
  arrow::StringBuilder builder;
  for (const std::int32_t code : column.codes) {
    const auto status = code < 0 ? builder.AppendNull() : builder.Append(column.words[static_cast<std::size_t>(code)]);
    if (!status.ok()) return tl::unexpected(ToError(status));
  }
  return Finish(builder);
}

base::Result<std::shared_ptr<arrow::Array>> Build(const Column& column) {
  switch (column.kind) {
    case ColumnKind::kText:
      return BuildDictionary(column);
    case ColumnKind::kPlainText:
      return BuildPlainTexts(column);
    case ColumnKind::kInt16:
      return BuildNumbers<std::int16_t>(column, column.ints);
    case ColumnKind::kInt32:
    case ColumnKind::kDate32:
      return BuildNumbers<std::int32_t>(column, column.ints);
    case ColumnKind::kInt64:
    case ColumnKind::kTimestampNs:
      return BuildNumbers<std::int64_t>(column, column.ints);
    case ColumnKind::kFloat32:
      return BuildNumbers<float>(column, column.doubles);
    case ColumnKind::kFloat64:
      return BuildNumbers<double>(column, column.doubles);
    case ColumnKind::kDecimal:
      return BuildNumbers<Int128>(column, column.ints);
  }
  return base::Fail(ErrorCode::kInternal, "a column of an unknown kind");
}

std::shared_ptr<const arrow::KeyValueMetadata> ToMetadata(const std::map<std::string, std::string>& entries) {
  if (entries.empty()) return nullptr;
  auto metadata = std::make_shared<arrow::KeyValueMetadata>();
  for (const auto& [key, value] : entries) metadata->Append(key, value);
  return metadata;
}

std::map<std::string, std::string> FromMetadata(const std::shared_ptr<const arrow::KeyValueMetadata>& metadata) {
  std::map<std::string, std::string> entries;
  for (std::int64_t i = 0; metadata && i < metadata->size(); ++i) entries[metadata->key(i)] = metadata->value(i);
  return entries;
}

std::optional<ColumnKind> KindOf(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::DICTIONARY:
      return ColumnKind::kText;
    case arrow::Type::STRING:
      return ColumnKind::kPlainText;
    case arrow::Type::INT16:
      return ColumnKind::kInt16;
    case arrow::Type::INT32:
      return ColumnKind::kInt32;
    case arrow::Type::INT64:
      return ColumnKind::kInt64;
    case arrow::Type::FLOAT:
      return ColumnKind::kFloat32;
    case arrow::Type::DOUBLE:
      return ColumnKind::kFloat64;
    case arrow::Type::DATE32:
      return ColumnKind::kDate32;
    case arrow::Type::TIMESTAMP:
      return ColumnKind::kTimestampNs;
    case arrow::Type::DECIMAL128:
      return ColumnKind::kDecimal;
    default:
      return std::nullopt;
  }
}

template <class Array, class Number>
void ReadNumbers(const arrow::Array& chunk, std::vector<Number>& to) {
  const auto& array = static_cast<const Array&>(chunk);
  to.reserve(to.size() + static_cast<std::size_t>(array.length()));
  for (std::int64_t i = 0; i < array.length(); ++i) to.push_back(Number{array.Value(i)});
}

void ReadDictionary(const arrow::Array& chunk, Column& column) {
  const auto& array = static_cast<const arrow::DictionaryArray&>(chunk);
  const auto& words = static_cast<const arrow::StringArray&>(*array.dictionary());
  Column part{.name = {}, .kind = ColumnKind::kText};
  for (std::int64_t i = 0; i < words.length(); ++i) part.words.emplace_back(words.GetView(i));
  const auto& indices = static_cast<const arrow::Int32Array&>(*array.indices());
  part.codes.reserve(static_cast<std::size_t>(indices.length()));
  for (std::int64_t i = 0; i < indices.length(); ++i) part.codes.push_back(indices.IsNull(i) ? -1 : indices.Value(i));
  Append(column, part);
}

void ReadTexts(const arrow::Array& chunk, Column& column) {
  const auto& array = static_cast<const arrow::StringArray&>(chunk);
  WordList words;
  Column part{.name = {}, .kind = ColumnKind::kPlainText};
  for (std::int64_t i = 0; i < array.length(); ++i) {
    part.codes.push_back(array.IsNull(i) ? -1 : words.Add(array.GetView(i)));
  }
  part.words = std::move(words).Take();
  Append(column, part);
}

// At most 18 digits: the low half holds them all.
void ReadDecimals(const arrow::Array& chunk, std::vector<std::int64_t>& to) {
  const auto& array = static_cast<const arrow::Decimal128Array&>(chunk);
  for (std::int64_t i = 0; i < array.length(); ++i) {
    to.push_back(static_cast<std::int64_t>(arrow::Decimal128(array.GetValue(i)).low_bits()));
  }
}

void ReadChunk(const arrow::Array& chunk, Column& column) {
  if (!column.is_text() && (chunk.null_count() > 0 || !column.valid.empty())) {
    column.valid.resize(column.is_float() ? column.doubles.size() : column.ints.size(), 1);
    for (std::int64_t i = 0; i < chunk.length(); ++i) column.valid.push_back(chunk.IsNull(i) ? 0 : 1);
  }
  switch (column.kind) {
    case ColumnKind::kText:
      ReadDictionary(chunk, column);
      break;
    case ColumnKind::kPlainText:
      ReadTexts(chunk, column);
      break;
    case ColumnKind::kInt16:
      ReadNumbers<arrow::Int16Array>(chunk, column.ints);
      break;
    case ColumnKind::kInt32:
      ReadNumbers<arrow::Int32Array>(chunk, column.ints);
      break;
    case ColumnKind::kInt64:
      ReadNumbers<arrow::Int64Array>(chunk, column.ints);
      break;
    case ColumnKind::kFloat32:
      ReadNumbers<arrow::FloatArray>(chunk, column.doubles);
      break;
    case ColumnKind::kFloat64:
      ReadNumbers<arrow::DoubleArray>(chunk, column.doubles);
      break;
    case ColumnKind::kDate32:
      ReadNumbers<arrow::Date32Array>(chunk, column.ints);
      break;
    case ColumnKind::kTimestampNs:
      ReadNumbers<arrow::TimestampArray>(chunk, column.ints);
      break;
    case ColumnKind::kDecimal:
      ReadDecimals(chunk, column.ints);
      break;
  }
}

}  // namespace

base::Result<std::shared_ptr<arrow::Table>> ToArrow(const Frame& frame) {
  std::vector<std::shared_ptr<arrow::Field>> fields;
  std::vector<std::shared_ptr<arrow::Array>> arrays;
  for (const Column& column : frame.columns) {
    fields.push_back(arrow::field(column.name, TypeOf(column), true, ToMetadata(column.metadata)));
    TIDEMILL_ASSIGN(auto array, Build(column));
    arrays.push_back(std::move(array));
  }
  return arrow::Table::Make(arrow::schema(std::move(fields), ToMetadata(frame.metadata)), arrays,
                            static_cast<std::int64_t>(frame.rows));
}

namespace {

// A column of the field's kind, without rows; nothing for a type that is never written.
std::optional<Column> ColumnOf(const arrow::Field& field) {
  const auto kind = KindOf(*field.type());
  if (!kind) return std::nullopt;
  Column column{.name = field.name(), .kind = *kind, .metadata = FromMetadata(field.metadata())};
  if (*kind == ColumnKind::kDecimal) {
    const auto& decimal = static_cast<const arrow::Decimal128Type&>(*field.type());
    if (decimal.precision() > kMostDigits) return std::nullopt;
    column.precision = decimal.precision();
    column.scale = decimal.scale();
  }
  return TypeOf(column)->Equals(*field.type()) ? std::optional(std::move(column)) : std::nullopt;
}

}  // namespace

base::Result<Frame> ToFrame(const arrow::Table& table) {
  Frame frame{.rows = static_cast<std::size_t>(table.num_rows()),
              .columns = {},
              .metadata = FromMetadata(table.schema()->metadata())};
  for (int i = 0; i < table.num_columns(); ++i) {
    const arrow::Field& field = *table.schema()->field(i);
    auto column = ColumnOf(field);
    if (!column) {
      return base::Fail(ErrorCode::kInternal, "column {} has the type {}, which is never written",
                        base::Quoted(field.name()), field.type()->ToString());
    }
    for (const auto& chunk : table.column(i)->chunks()) ReadChunk(*chunk, *column);
    frame.columns.push_back(*std::move(column));
  }
  return frame;
}

}  // namespace tidemill::dataset
