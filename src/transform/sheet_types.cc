// SPDX-License-Identifier: Apache-2.0
#include "sheet_types.h"

#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

std::string TextOf(ValueKind kind, std::uint64_t bits) {
  switch (kind) {
    case ValueKind::kNumber:
      return base::ShortestDouble(std::bit_cast<double>(bits));
    case ValueKind::kDate:
      return MomentText(std::bit_cast<std::int64_t>(bits));
    case ValueKind::kBool:
      return bits != 0 ? "TRUE" : "FALSE";
    default:
      return {};
  }
}

// A time that was written as ISO text without a day lies on day 0.
bool IsIsoTime(const workbook::Cell& cell) {
  constexpr double kDaysTo1904 = 1462;
  const double days = cell.number() + ((cell.flags & workbook::kEpoch1904) != 0 ? kDaysTo1904 : 0);
  return (cell.flags & workbook::kIsoDate) != 0 && days >= 0 && days < 1;
}

bool Keeps(ColumnType type, ValueKind kind) {
  switch (type) {
    case ColumnType::kInt64:
    case ColumnType::kFloat64:
      return kind == ValueKind::kNumber;
    case ColumnType::kDate32:
    case ColumnType::kTimestampMs:
      return kind == ValueKind::kDate;
    case ColumnType::kBool:
      return kind == ValueKind::kBool;
    case ColumnType::kTexts:
      return false;
  }
  return false;
}

}  // namespace

std::optional<std::int64_t> MillisecondsOf(const workbook::Cell& cell) {
  const double serial = cell.number();
  if (IsIsoTime(cell)) return std::nullopt;
  const auto day = workbook::ToDate(cell);
  if (!day) return std::nullopt;
  const double of_day = (serial - std::floor(serial)) * static_cast<double>(kMillisecondsOfDay);
  return day->time_since_epoch().count() * kMillisecondsOfDay + std::llround(of_day);
}

std::string MomentText(std::int64_t milliseconds) {
  const base::Date day(std::chrono::floor<std::chrono::days>(std::chrono::milliseconds(milliseconds)));
  const std::int64_t of_day = milliseconds - day.time_since_epoch().count() * kMillisecondsOfDay;
  if (of_day == 0) return base::ToText(day);
  const std::int64_t seconds = of_day / 1000;
  std::string text =
      fmt::format("{}T{:02}:{:02}:{:02}", base::ToText(day), seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (of_day % 1000 != 0) text += fmt::format(".{:03}", of_day % 1000);
  return text;
}

ColumnType ColumnTraits::TypeOf(const SheetColumn& column) const {
  const std::uint64_t numbers = column.count(ValueKind::kNumber);
  const std::uint64_t dates = column.count(ValueKind::kDate);
  const std::uint64_t booleans = column.count(ValueKind::kBool);
  if (numbers + dates + booleans == 0) return ColumnType::kTexts;
  if (numbers >= dates && numbers >= booleans) return whole_ ? ColumnType::kInt64 : ColumnType::kFloat64;
  if (dates >= booleans) return midnight_ ? ColumnType::kDate32 : ColumnType::kTimestampMs;
  return ColumnType::kBool;
}

TypedColumn ToTyped(SheetColumn column, const ColumnTraits& traits, TextPool& pool, std::vector<std::int32_t>& codes) {
  const ColumnType type = traits.TypeOf(column);
  TypedColumn typed{.cells = std::move(column), .type = type};
  typed.cells.ForEach([&](ValueKind& kind, std::uint64_t& bits) {
    if (Keeps(type, kind)) return;
    const bool is_text = kind == ValueKind::kText || kind == ValueKind::kError;
    const std::uint32_t word = is_text ? static_cast<std::uint32_t>(bits) : pool.Add(TextOf(kind, bits));
    if (word >= codes.size()) codes.resize(pool.size(), -1);
    if (codes[word] < 0) {
      codes[word] = static_cast<std::int32_t>(typed.words.size());
      typed.words.push_back(word);
    }
    kind = ValueKind::kText;
    bits = static_cast<std::uint64_t>(codes[word]);
    ++typed.texts;
  });
  for (const std::uint32_t word : typed.words) codes[word] = -1;
  typed.has_texts = type != ColumnType::kTexts && typed.texts > 0;
  return typed;
}

}  // namespace tidemill::transform
