// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/run_query.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "tidemill/query/wide.h"

#include "array_values.h"
#include "group_rows.h"
#include "places.h"
#include "transform_columns.h"

namespace tidemill::query {
namespace {

// The sort keys of the rows, a vector a key.
std::vector<std::vector<std::uint64_t>> KeysOf(const Query& query, const QueryResult& result) {
  std::vector<std::vector<std::uint64_t>> keys;
  for (const SortKey& key : query.sort) {
    if (result.groups) {
      keys.push_back(OrderKeys(*result.groups->GetColumnByName(key.column), result.places, key.descending));
      continue;
    }
    const CubeColumn& column = result.cube->columns[static_cast<std::size_t>(result.cube->Find(key.column))];
    const auto places = PlacesOf(*result.cube, column.level, result.places.data(), result.places.size());
    keys.push_back(OrderKeys(*column.values, places, key.descending));
  }
  return keys;
}

// Ties stay in storage order, so the order is total. With a limit and no cursor only the first rows are put in order.
void Sort(const Query& query, QueryResult& result) {
  if (query.sort.empty()) return;
  const auto keys = KeysOf(query, result);
  std::vector<std::uint32_t> order(result.places.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto less = [&](std::uint32_t a, std::uint32_t b) {
    for (const auto& key : keys) {
      if (key[a] != key[b]) return key[a] < key[b];
    }
    return a < b;
  };
  const bool all = !query.limit || *query.limit >= order.size() || !query.cursor.empty();
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(all ? order.size() : *query.limit),
                    order.end(), less);
  for (std::uint32_t& place : order) place = result.places[place];
  result.places = std::move(order);
}

QueryError BadCursor(const Query& query) {
  return {.type = "bad-cursor",
          .error = {.code = base::ErrorCode::kMalformed,
                    .message = base::Quoted(query.cursor) +
                               " is no cursor of this query; expected what `next` of its last page said, with all "
                               "other parameters as they were"},
          .parameter = "cursor",
          .value = query.cursor};
}

// Leaves the page: what follows the cursor's row, up to the limit.
std::optional<QueryError> Page(const Query& query, const CursorScope& scope, QueryResult& result) {
  std::size_t begin = 0;
  if (!query.cursor.empty()) {
    const auto last = ReadCursor(query.cursor, scope);
    if (!last) return BadCursor(query);
    const auto found = query.sort.empty() ? std::lower_bound(result.places.begin(), result.places.end(), *last)
                                          : std::find(result.places.begin(), result.places.end(), *last);
    if (found == result.places.end() || *found != *last) return BadCursor(query);
    begin = static_cast<std::size_t>(found - result.places.begin()) + 1;
  }
  const std::size_t left = result.places.size() - begin;
  const std::size_t taken = query.limit ? std::min<std::size_t>(*query.limit, left) : left;
  result.more = taken > 0 && taken < left;
  if (begin > 0) result.places.erase(result.places.begin(), result.places.begin() + static_cast<std::ptrdiff_t>(begin));
  result.places.resize(taken);
  return std::nullopt;
}

Checked<std::shared_ptr<arrow::RecordBatch>> Groups(const Query& query, const Cube& cube) {
  if (auto groups = ScanGroups(query, cube)) return *std::move(groups);
  return GroupRows(query, cube, SelectRows(query, cube));
}

std::shared_ptr<arrow::Schema> SchemaOf(const QueryResult& result) {
  if (result.groups) return result.groups->schema();
  arrow::FieldVector fields;
  for (const std::size_t column : result.select) {
    const CubeColumn& known = result.cube->columns[column];
    fields.push_back(arrow::field(known.name, known.values->type()));
  }
  return arrow::schema(std::move(fields));
}

}  // namespace

std::string NextCursor(const QueryResult& result, const CursorScope& scope) {
  return result.more ? WriteCursor(scope, result.places.back()) : std::string();
}

Checked<QueryResult> RunQuery(const Query& query, std::shared_ptr<const Cube> cube, const CursorScope& scope) {
  QueryResult result;
  result.cube = std::move(cube);
  if (!query.derived.empty()) {
    auto derived = DeriveColumns(query, *result.cube);
    if (!derived) return tl::unexpected(std::move(derived).error());
    result.cube = *std::move(derived);
  }
  if (query.grouped) {
    auto groups = Groups(query, *result.cube);
    if (!groups) return tl::unexpected(std::move(groups).error());
    result.groups = *std::move(groups);
  } else if (query.shape == kWide) {
    auto wide = Widen(query, *result.cube, SelectRows(query, *result.cube));
    if (!wide) return tl::unexpected(std::move(wide).error());
    result.groups = *std::move(wide);
  } else {
    result.places = SelectRows(query, *result.cube);
    result.select = query.select;
  }
  if (result.groups) {
    result.places.resize(static_cast<std::size_t>(result.groups->num_rows()));
    std::iota(result.places.begin(), result.places.end(), 0U);
  }
  result.total = result.places.size();
  result.schema = SchemaOf(result);
  Sort(query, result);
  if (auto error = Page(query, scope, result)) return tl::unexpected(*std::move(error));
  return result;
}

}  // namespace tidemill::query
