// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include <arrow/array.h>

#include "tidemill/query/run_query.h"

#include "json_dialect.h"
#include "places.h"
#include "words.h"

namespace tidemill::query {
namespace {

// Each series' place in the list; -1 for a null code.
std::vector<std::int64_t> CodesOfSeries(const Cube& cube, const CodeList& list) {
  const CubeColumn& column = cube.columns[list.column];
  std::unordered_map<std::string_view, std::int64_t> places;
  for (std::size_t i = 0; i < list.codes.size(); ++i) places.emplace(list.codes[i], static_cast<std::int64_t>(i));
  std::vector<std::int64_t> codes;
  for (std::size_t series = 0; series < cube.series(); ++series) {
    const auto place = static_cast<std::int64_t>(series);
    if (column.kind == Kind::kText) {
      codes.push_back(WordIdAt(*column.values, place));
    } else {
      const auto found = places.find(cube.CodeOf(list, series));
      codes.push_back(found == places.end() ? -1 : found->second);
    }
  }
  return codes;
}

}  // namespace

std::vector<CodeCount> CountCodes(const Cube& cube, const CodeList& list, const std::vector<std::uint32_t>& rows) {
  const auto codes = CodesOfSeries(cube, list);
  std::vector<CodeCount> counts(list.codes.size());
  const auto series = PlacesOf(cube, Level::kSeries, rows.data(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t code = codes[series[i]];
    if (code < 0) continue;
    CodeCount& count = counts[static_cast<std::size_t>(code)];
    const std::uint32_t time = cube.time_ids.empty() ? 0 : cube.time_ids[rows[i]];
    if (count.rows++ == 0) count.first_time = count.last_time = time;
    if (time < cube.times.size()) count.last_time = std::max(count.last_time, time);
    count.first_time = std::min(count.first_time, time);
  }
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i].code = static_cast<std::uint32_t>(i);
  std::erase_if(counts, [](const CodeCount& count) { return count.rows == 0; });
  return counts;
}

base::Result<std::vector<std::string>> JsonValues(const Cube& cube, std::size_t column,
                                                  const std::vector<std::uint32_t>& rows) {
  const CubeColumn& known = cube.columns[column];
  TIDEMILL_ASSIGN(const auto encoder, MakeColumnEncoder(*known.values, kJson));
  std::vector<std::string> values;
  for (const std::uint32_t place : PlacesOf(cube, known.level, rows.data(), rows.size())) {
    std::string& value = values.emplace_back("null");
    if (known.values->IsNull(place)) continue;
    value.clear();
    encoder->Append(value, place);
  }
  return values;
}

}  // namespace tidemill::query
