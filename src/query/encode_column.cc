// SPDX-License-Identifier: Apache-2.0
#include "encode_column.h"

#include <array>
#include <charconv>
#include <cmath>
#include <type_traits>

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <fmt/format.h>

#include "tidemill/base/date.h"

namespace tidemill::query {
namespace {

using arrow::Type;

template <class Number>
void AppendNumber(std::string& out, Number number) {
  std::array<char, 40> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

void AppendFloat(std::string& out, double number) {
  constexpr double kWhole = 1e15;
  if (std::fabs(number) < kWhole && static_cast<double>(static_cast<std::int64_t>(number)) == number) {
    AppendNumber(out, static_cast<std::int64_t>(number));
  } else {
    AppendNumber(out, number);
  }
}

void AppendDay(std::string& out, std::int64_t day) {
  out += base::ToText(base::Date(std::chrono::days(day)));
}

template <class Array>
class Numbers final : public ColumnEncoder {
 public:
  Numbers(const Array& array, const TextDialect& dialect) : array_(array), dialect_(dialect) {}
  void Append(std::string& out, std::int64_t row) const override {
    const auto value = array_.Value(row);
    if constexpr (std::is_floating_point_v<std::decay_t<decltype(value)>>) {
      if (!std::isfinite(value)) {
        out += dialect_.not_a_number;
      } else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, float>) {
        AppendNumber(out, value);
      } else {
        AppendFloat(out, value);
      }
    } else {
      AppendNumber(out, value);
    }
  }

 private:
  const Array& array_;
  const TextDialect& dialect_;
};

class Booleans final : public ColumnEncoder {
 public:
  explicit Booleans(const arrow::BooleanArray& array) : array_(array) {}
  void Append(std::string& out, std::int64_t row) const override { out += array_.Value(row) ? "true" : "false"; }

 private:
  const arrow::BooleanArray& array_;
};

template <class Array>
class TextCells final : public ColumnEncoder {
 public:
  TextCells(const Array& array, const TextDialect& dialect) : array_(array), dialect_(dialect) {}
  void Append(std::string& out, std::int64_t row) const override { dialect_.append_text(out, array_.GetView(row)); }

 private:
  const Array& array_;
  const TextDialect& dialect_;
};

// Each word is written once.
class Words final : public ColumnEncoder {
 public:
  static base::Result<std::unique_ptr<ColumnEncoder>> Make(const arrow::DictionaryArray& array,
                                                           const TextDialect& dialect) {
    const arrow::Array& dictionary = *array.dictionary();
    TIDEMILL_ASSIGN(const auto encoder, MakeColumnEncoder(dictionary, dialect));
    auto words = std::unique_ptr<Words>(new Words(array));
    for (std::int64_t i = 0; i < dictionary.length(); ++i) {
      std::string& word = words->words_.emplace_back();
      if (!dictionary.IsNull(i)) encoder->Append(word, i);
    }
    return words;
  }
  void Append(std::string& out, std::int64_t row) const override {
    out += words_[static_cast<std::size_t>(array_.GetValueIndex(row))];
  }

 private:
  explicit Words(const arrow::DictionaryArray& array) : array_(array) {}

  const arrow::DictionaryArray& array_;
  std::vector<std::string> words_;
};

template <class Array>
class Days final : public ColumnEncoder {
 public:
  Days(const Array& array, std::int64_t per_day, const TextDialect& dialect)
      : array_(array), per_day_(per_day), quote_(dialect.quote_dates ? "\"" : "") {}
  void Append(std::string& out, std::int64_t row) const override {
    out += quote_;
    AppendDay(out, array_.Value(row) / per_day_);
    out += quote_;
  }

 private:
  const Array& array_;
  std::int64_t per_day_;
  std::string_view quote_;
};

std::int64_t PerSecond(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return 1;
    case arrow::TimeUnit::MILLI:
      return 1'000;
    case arrow::TimeUnit::MICRO:
      return 1'000'000;
    case arrow::TimeUnit::NANO:
      return 1'000'000'000;
  }
  return 1;
}

class Moments final : public ColumnEncoder {
 public:
  Moments(const arrow::TimestampArray& array, const TextDialect& dialect)
      : array_(array), quote_(dialect.quote_dates ? "\"" : "") {
    const auto& type = static_cast<const arrow::TimestampType&>(*array.type());
    per_second_ = PerSecond(type.unit());
    zone_ = type.timezone().empty() ? "" : "Z";  // such values are UTC, whatever zone is shown
  }
  void Append(std::string& out, std::int64_t row) const override {
    constexpr std::int64_t kSecondsOfDay = 86'400;
    const std::int64_t per_day = per_second_ * kSecondsOfDay;
    const std::int64_t value = array_.Value(row);
    const std::int64_t day = value / per_day - (value % per_day < 0 ? 1 : 0);
    const std::int64_t of_day = value - day * per_day;
    const std::int64_t second = of_day / per_second_;
    out += quote_;
    AppendDay(out, day);
    fmt::format_to(std::back_inserter(out), "T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    AppendFraction(out, of_day % per_second_);
    out += zone_;
    out += quote_;
  }

 private:
  void AppendFraction(std::string& out, std::int64_t fraction) const {
    if (fraction == 0) return;
    std::string digits = std::to_string(per_second_ + fraction);  // a leading one keeps the zeros
    digits.front() = '.';
    digits.erase(digits.find_last_not_of('0') + 1);
    out += digits;
  }

  const arrow::TimestampArray& array_;
  std::int64_t per_second_ = 1;
  std::string_view quote_;
  std::string_view zone_;
};

template <class Array>
std::unique_ptr<ColumnEncoder> MakeNumbers(const arrow::Array& array, const TextDialect& dialect) {
  return std::make_unique<Numbers<Array>>(static_cast<const Array&>(array), dialect);
}

template <class Array>
std::unique_ptr<ColumnEncoder> MakeTexts(const arrow::Array& array, const TextDialect& dialect) {
  return std::make_unique<TextCells<Array>>(static_cast<const Array&>(array), dialect);
}

}  // namespace

base::Result<std::unique_ptr<ColumnEncoder>> MakeColumnEncoder(const arrow::Array& array, const TextDialect& dialect) {
  constexpr std::int64_t kMillisecondsOfDay = 86'400'000;
  switch (array.type_id()) {
    case Type::INT8:
      return MakeNumbers<arrow::Int8Array>(array, dialect);
    case Type::INT16:
      return MakeNumbers<arrow::Int16Array>(array, dialect);
    case Type::INT32:
      return MakeNumbers<arrow::Int32Array>(array, dialect);
    case Type::INT64:
      return MakeNumbers<arrow::Int64Array>(array, dialect);
    case Type::UINT8:
      return MakeNumbers<arrow::UInt8Array>(array, dialect);
    case Type::UINT16:
      return MakeNumbers<arrow::UInt16Array>(array, dialect);
    case Type::UINT32:
      return MakeNumbers<arrow::UInt32Array>(array, dialect);
    case Type::UINT64:
      return MakeNumbers<arrow::UInt64Array>(array, dialect);
    case Type::FLOAT:
      return MakeNumbers<arrow::FloatArray>(array, dialect);
    case Type::DOUBLE:
      return MakeNumbers<arrow::DoubleArray>(array, dialect);
    case Type::BOOL:
      return std::make_unique<Booleans>(static_cast<const arrow::BooleanArray&>(array));
    case Type::STRING:
      return MakeTexts<arrow::StringArray>(array, dialect);
    case Type::LARGE_STRING:
      return MakeTexts<arrow::LargeStringArray>(array, dialect);
    case Type::DICTIONARY:
      return Words::Make(static_cast<const arrow::DictionaryArray&>(array), dialect);
    case Type::DATE32:
      return std::make_unique<Days<arrow::Date32Array>>(static_cast<const arrow::Date32Array&>(array), 1, dialect);
    case Type::DATE64:
      return std::make_unique<Days<arrow::Date64Array>>(static_cast<const arrow::Date64Array&>(array),
                                                        kMillisecondsOfDay, dialect);
    case Type::TIMESTAMP:
      return std::make_unique<Moments>(static_cast<const arrow::TimestampArray&>(array), dialect);
    default:
      return base::Fail(base::ErrorCode::kUnsupported, "a column of type {} has no text form",
                        array.type()->ToString());
  }
}

base::Result<std::vector<std::unique_ptr<ColumnEncoder>>> MakeEncoders(const arrow::RecordBatch& batch,
                                                                       const TextDialect& dialect) {
  std::vector<std::unique_ptr<ColumnEncoder>> encoders;
  for (const auto& column : batch.columns()) {
    TIDEMILL_ASSIGN(encoders.emplace_back(), MakeColumnEncoder(*column, dialect));
  }
  return encoders;
}

}  // namespace tidemill::query
