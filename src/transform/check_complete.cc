// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "tidemill/base/text.h"

#include "checks.h"

// `complete`: every key has every period.
namespace tidemill::transform {
namespace {

using frame::Column;
using frame::Frame;

std::vector<const Column*> ColumnsOf(const Frame& frame, std::string_view wanted) {
  std::vector<const Column*> columns;
  for (const Column& column : frame.columns) {
    const auto role = column.metadata.find("tidemill.role");
    if (role != column.metadata.end() && role->second == wanted && column.is_text()) columns.push_back(&column);
  }
  return columns;
}

// Numbers the combinations of some columns' words, and says which one each row has.
struct Combinations {
  std::vector<std::vector<std::int32_t>> distinct;
  std::vector<std::size_t> of_row;
};

Combinations CombinationsOf(const std::vector<const Column*>& columns, std::size_t rows) {
  Combinations result;
  std::map<std::vector<std::int32_t>, std::size_t> known;
  std::vector<std::int32_t> codes(columns.size());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i) codes[i] = columns[i]->codes[row];
    const auto [at, fresh] = known.try_emplace(codes, result.distinct.size());
    if (fresh) result.distinct.push_back(codes);
    result.of_row.push_back(at->second);
  }
  return result;
}

std::string TextOf(const std::vector<const Column*>& columns, const std::vector<std::int32_t>& codes) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    words.push_back(codes[i] < 0 ? "null" : columns[i]->words[static_cast<std::size_t>(codes[i])]);
  }
  return base::Join(words, ", ");
}

}  // namespace

void CheckComplete(const Frame& frame, Findings& findings) {
  const auto key_columns = ColumnsOf(frame, "dimension");
  const auto time_columns = ColumnsOf(frame, "time");
  const Combinations keys = CombinationsOf(key_columns, frame.rows);
  const Combinations times = CombinationsOf(time_columns, frame.rows);
  const std::size_t periods = times.distinct.size();
  constexpr std::size_t kMost = std::size_t{1} << 28U;
  if (periods != 0 && keys.distinct.size() > kMost / periods) {
    findings.Fail("incomplete", {},
                  fmt::format("{} keys and {} periods are more combinations than are looked at, {}",
                              keys.distinct.size(), periods, kMost));
    return;
  }
  std::vector<bool> seen(keys.distinct.size() * periods, false);
  for (std::size_t row = 0; row < frame.rows; ++row) seen[keys.of_row[row] * periods + times.of_row[row]] = true;
  for (std::size_t key = 0; key < keys.distinct.size(); ++key) {
    for (std::size_t period = 0; period < periods; ++period) {
      if (seen[key * periods + period]) continue;
      findings.Fail("incomplete", {},
                    fmt::format("no observation for {} in {}", TextOf(key_columns, keys.distinct[key]),
                                TextOf(time_columns, times.distinct[period])));
    }
  }
}

}  // namespace tidemill::transform
