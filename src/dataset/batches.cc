// SPDX-License-Identifier: Apache-2.0
#include "tidemill/dataset/batches.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/compute/cast.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include "tidemill/dataset/arrow_result.h"

namespace tidemill::dataset {

base::Result<std::shared_ptr<arrow::Table>> ReadAll(arrow::RecordBatchReader& batches) {
  return Guarded("read a table's batches", [&] { return FromArrow(batches.ToTable(), "read a table's batches"); });
}

namespace {

bool TakeDigits(std::string_view& text) {
  const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(count);
  return count > 0;
}

enum class Kind : std::uint8_t { kInteger, kNumber, kText };

// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
Kind KindOf(std::string_view text) {
  constexpr std::size_t kMostDigits = 18;  // that surely fit
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::string_view all = text;
  if (!TakeDigits(text)) return Kind::kText;
  const std::size_t whole = all.size() - text.size();
  if (all.front() == '0' && whole > 1) return Kind::kText;
  if (text.empty()) return whole <= kMostDigits ? Kind::kInteger : Kind::kText;
  if (text.front() == '.') {
    text.remove_prefix(1);
    if (!TakeDigits(text)) return Kind::kText;
  }
  if (text.empty()) return Kind::kNumber;
  if (text.front() != 'e' && text.front() != 'E') return Kind::kText;
  text.remove_prefix(1);
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return TakeDigits(text) && text.empty() ? Kind::kNumber : Kind::kText;
}

// A number as its digits, without zeros on either side, and the power of ten of the first: equal where the value is.
std::pair<std::string, std::int64_t> DigitsOf(std::string_view number) {
  std::string digits;
  std::int64_t power = -1;
  bool in_fraction = false;
  std::size_t at = number.starts_with('-') ? 1 : 0;
  for (; at < number.size() && number[at] != 'e' && number[at] != 'E'; ++at) {
    if (number[at] == '.') {
      in_fraction = true;
      continue;
    }
    if (!digits.empty() || number[at] != '0') digits += number[at];
    if (!in_fraction && !digits.empty()) ++power;
    if (in_fraction && digits.empty()) --power;
  }
  while (digits.ends_with('0')) digits.pop_back();
  std::int64_t exponent = 0;
  if (at < number.size()) {
    at += number[at + 1] == '+' ? 2U : 1U;
    std::from_chars(number.data() + at, number.data() + number.size(), exponent);
  }
  return {digits, digits.empty() ? 0 : power + exponent};
}

// Whether a double says as much: the shortest text of the one that is nearest has the same digits.
bool FitsDouble(std::string_view number) {
  constexpr std::size_t kSurelyFits = 15;
  if (number.size() <= kSurelyFits && number.find_first_of("eE") == std::string_view::npos) return true;
  double value = 0;
  if (std::from_chars(number.data(), number.data() + number.size(), value).ec != std::errc()) return false;
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific).ptr;
  return DigitsOf(number) == DigitsOf({text.data(), end});
}

// Whether all values that are there hold.
template <class Holds>
bool AllHold(const arrow::ChunkedArray& texts, const Holds& holds) {
  for (const auto& chunk : texts.chunks()) {
    const auto& values = static_cast<const arrow::StringArray&>(*chunk);
    for (std::int64_t i = 0; i < values.length(); ++i) {
      if (values.IsValid(i) && !holds(values.GetView(i))) return false;
    }
  }
  return true;
}

// The widest kind among the values; kText for a column without any, and for one that would lose a digit as numbers.
Kind KindOf(const arrow::ChunkedArray& texts) {
  Kind kind = Kind::kInteger;
  bool any = false;
  AllHold(texts, [&](std::string_view value) {
    any = true;
    kind = std::max(kind, KindOf(value));
    return kind != Kind::kText;
  });
  if (!any || (kind == Kind::kNumber && !AllHold(texts, FitsDouble))) return Kind::kText;
  return kind;
}

base::Result<std::shared_ptr<arrow::ChunkedArray>> CastTo(const std::shared_ptr<arrow::ChunkedArray>& column,
                                                          const std::shared_ptr<arrow::DataType>& type) {
  if (column->type()->Equals(type)) return column;
  TIDEMILL_ASSIGN(const auto cast, FromArrow(arrow::compute::Cast(column, type), "type a column"));
  return cast.chunked_array();
}

base::Result<std::shared_ptr<arrow::ChunkedArray>> Typed(const std::shared_ptr<arrow::ChunkedArray>& column) {
  const bool dictionary = column->type()->id() == arrow::Type::DICTIONARY;
  if (!dictionary && column->type()->id() != arrow::Type::STRING) return column;
  TIDEMILL_ASSIGN(const auto texts, CastTo(column, arrow::utf8()));
  const Kind kind = KindOf(*texts);
  if (kind == Kind::kText) return column;
  return CastTo(texts, kind == Kind::kInteger ? arrow::int64() : arrow::float64());
}

// All at once: a table that gets a column anew gets a schema anew, which looks at all others.
base::Result<std::shared_ptr<arrow::Table>> TypeAll(const arrow::Table& table) {
  arrow::FieldVector fields;
  arrow::ChunkedArrayVector columns;
  for (int i = 0; i < table.num_columns(); ++i) {
    TIDEMILL_ASSIGN(auto column, Typed(table.column(i)));
    fields.push_back(table.field(i)->WithType(column->type()));
    columns.push_back(std::move(column));
  }
  return arrow::Table::Make(arrow::schema(std::move(fields), table.schema()->metadata()), std::move(columns),
                            table.num_rows());
}

}  // namespace

base::Result<std::shared_ptr<arrow::Table>> TypeTexts(const std::shared_ptr<arrow::Table>& table) {
  return Guarded("type the columns of a text file", [&] { return TypeAll(*table); });
}

}  // namespace tidemill::dataset
