// SPDX-License-Identifier: Apache-2.0
#include "group_rows.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include <arrow/array.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/compute/api_vector.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <fmt/format.h>

#include "aggregate.h"
#include "places.h"
#include "ranks.h"

namespace tidemill::query {
namespace {

using Array = std::shared_ptr<arrow::Array>;

// Each row's group, groups numbered in the order of their columns.
struct Groups {
  std::vector<std::uint32_t> of_row;
  std::vector<std::uint32_t> first_rows;  // places in `rows`
};

// Each row's rank among the values of a column.
std::vector<std::uint32_t> RanksOfRows(const Cube& cube, const CubeColumn& column,
                                       const std::vector<std::uint32_t>& rows, std::uint32_t& count) {
  auto ranks = PlacesOf(cube, column.level, rows.data(), rows.size());
  const Ranks all = RanksOf(*column.values);
  for (std::uint32_t& place : ranks) place = all.of_place[place];
  count = all.count();
  return ranks;
}

// Numbers without gaps for the numbers that occur, in their order.
std::uint32_t Compress(std::vector<std::uint64_t>& ids) {
  std::vector<std::uint64_t> distinct = ids;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  for (std::uint64_t& id : ids) {
    id = static_cast<std::uint64_t>(std::lower_bound(distinct.begin(), distinct.end(), id) - distinct.begin());
  }
  return static_cast<std::uint32_t>(distinct.size());
}

// The same for a small range of numbers: one pass to see which occur.
std::uint32_t CompressDense(std::vector<std::uint64_t>& ids, std::uint64_t range) {
  std::vector<std::uint32_t> numbers(range, 0);
  for (const std::uint64_t id : ids) numbers[id] = 1;
  std::uint32_t count = 0;
  for (std::uint32_t& number : numbers) number = number != 0 ? count++ : 0;
  for (std::uint64_t& id : ids) id = numbers[id];
  return count;
}

Groups FindGroups(const Query& query, const Cube& cube, const std::vector<std::uint32_t>& rows) {
  constexpr std::uint64_t kDense = 1'000'000;
  std::vector<std::uint64_t> ids(rows.size(), 0);
  std::uint64_t range = 1;
  for (const std::size_t column : query.group) {
    std::uint32_t count = 0;
    const auto ranks = RanksOfRows(cube, cube.columns[column], rows, count);
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = ids[i] * count + ranks[i];
    range *= std::max<std::uint32_t>(count, 1);
    range = range <= kDense ? CompressDense(ids, range) : Compress(ids);
  }
  Groups groups;
  groups.of_row.assign(ids.begin(), ids.end());
  std::uint32_t count = query.group.empty() ? 1 : 0;
  for (const std::uint32_t group : groups.of_row) count = std::max(count, group + 1);
  groups.first_rows.assign(count, 0);
  for (std::size_t i = rows.size(); i-- > 0;) groups.first_rows[groups.of_row[i]] = static_cast<std::uint32_t>(i);
  return groups;
}

Array TakeValues(const Array& values, const std::vector<std::uint32_t>& places) {
  const arrow::UInt32Array indices(static_cast<std::int64_t>(places.size()), arrow::Buffer::Wrap(places));
  return arrow::compute::Take(*values, indices).ValueOrDie();
}

}  // namespace

Checked<std::shared_ptr<arrow::RecordBatch>> GroupBatch(const Query& query, const Cube& cube, arrow::FieldVector fields,
                                                        arrow::ArrayVector arrays, const Tallies& tallies,
                                                        const GroupedRows* grouped) {
  const Aggregator aggregator(query, cube, tallies, grouped);
  const auto add = [&](const std::string& name, Array values) {
    fields.push_back(arrow::field(name, values->type()));
    arrays.push_back(std::move(values));
  };
  for (const Aggregate& aggregate : query.aggregates) {
    auto values = aggregator.Values(aggregate);
    if (!values) return tl::unexpected(std::move(values).error());
    add(aggregate.Name(cube), *std::move(values));
  }
  if (aggregator.has_missing()) add("incomplete", aggregator.Missing());
  return arrow::RecordBatch::Make(arrow::schema(std::move(fields)), static_cast<std::int64_t>(tallies.rows.size()),
                                  std::move(arrays));
}

Checked<std::shared_ptr<arrow::RecordBatch>> GroupRows(const Query& query, const Cube& cube,
                                                       const std::vector<std::uint32_t>& rows) {
  std::vector<std::uint32_t> series = PlacesOf(cube, Level::kSeries, rows.data(), rows.size());
  series.erase(std::unique(series.begin(), series.end()), series.end());
  if (auto error = CheckLevels(query, cube, series)) return tl::unexpected(*std::move(error));
  const Groups groups = FindGroups(query, cube, rows);
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  const auto add = [&](const std::string& name, Array values) {
    fields.push_back(arrow::field(name, values->type()));
    arrays.push_back(std::move(values));
  };
  std::vector<std::uint32_t> firsts;
  for (const std::uint32_t first : groups.first_rows) firsts.push_back(rows.empty() ? 0 : rows[first]);
  for (const std::size_t column : query.group) {
    const CubeColumn& known = cube.columns[column];
    add(known.name, TakeValues(known.values, PlacesOf(cube, known.level, firsts.data(), firsts.size())));
  }
  const GroupedRows grouped{.rows = rows, .groups = groups.of_row, .count = groups.first_rows.size()};
  const Tallies tallies = TallyRows(query, cube, grouped);
  return GroupBatch(query, cube, std::move(fields), std::move(arrays), tallies, &grouped);
}

}  // namespace tidemill::query
