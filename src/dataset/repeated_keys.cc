// SPDX-License-Identifier: Apache-2.0
#include "repeated_keys.h"

#include <bit>
#include <string_view>
#include <unordered_map>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

#include "key_index.h"

namespace tidemill::dataset {
namespace {

// Equal words get the number of the first of them.
std::vector<std::int64_t> NumbersOf(const std::vector<std::string>& words) {
  std::unordered_map<std::string_view, std::int64_t> known;
  std::vector<std::int64_t> numbers;
  for (const std::string& word : words) {
    numbers.push_back(known.try_emplace(word, static_cast<std::int64_t>(known.size())).first->second);
  }
  return numbers;
}

Codes CodesOf(const frame::Column& column, std::size_t rows) {
  Codes codes{.value = std::vector<std::int64_t>(rows), .valid = std::vector<std::uint8_t>(rows)};
  const std::vector<std::int64_t> numbers = NumbersOf(column.words);
  for (std::size_t row = 0; row < rows; ++row) {
    if (column.IsNull(row)) continue;
    codes.valid[row] = 1;
    if (column.is_text()) {
      codes.value[row] = numbers[static_cast<std::size_t>(column.codes[row])];
    } else {
      codes.value[row] = column.is_float() ? std::bit_cast<std::int64_t>(column.doubles[row]) : column.ints[row];
    }
  }
  return codes;
}

std::string CellText(const frame::Column& column, std::size_t row) {
  if (column.IsNull(row)) return {};
  if (column.is_text()) return std::string(column.TextAt(row));
  if (column.is_float()) return base::ShortestDouble(column.doubles[row]);
  if (column.kind != frame::ColumnKind::kDate32) return std::to_string(column.ints[row]);
  return base::ToText(base::Date(std::chrono::days(column.ints[row])));
}

}  // namespace

base::Status CheckKeys(const frame::Frame& rows, const std::vector<std::string>& key) {
  std::vector<CodePair> columns;
  for (const std::string& name : key) columns.push_back({.before = {}, .after = CodesOf(*rows.Find(name), rows.rows)});
  const std::int64_t repeated = MatchKeys(columns, 0, rows.rows).repeated_after;
  if (repeated < 0) return {};
  std::vector<std::string> cells;
  for (const std::string& name : key) cells.push_back(CellText(*rows.Find(name), static_cast<std::size_t>(repeated)));
  return base::Fail(base::ErrorCode::kInvalid, "key {} occurs twice, expected every key ({}) once",
                    base::Quoted(base::Join(cells, " ")), base::Join(key, ", "));
}

}  // namespace tidemill::dataset
