// SPDX-License-Identifier: Apache-2.0
#include "aggregate.h"

#include <algorithm>

#include <arrow/array.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/compute/api_vector.h>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "array_values.h"
#include "places.h"
#include "words.h"

namespace tidemill::query {
namespace {

using Array = std::shared_ptr<arrow::Array>;

template <class Builder, class Value>
Array Build(const std::vector<Value>& values, const std::vector<bool>& hidden) {
  Builder builder;
  for (std::size_t i = 0; i < values.size(); ++i) {
    (void)(hidden[i] ? builder.AppendNull() : builder.Append(values[i]));
  }
  return builder.Finish().ValueOrDie();
}

const std::vector<std::int64_t>& Counts(const Tallies& tallies, int column) {
  return column < 0 ? tallies.rows : tallies.columns.at(column).counts;
}

void TallyCells(const Cube& cube, const CubeColumn& column, const std::vector<std::uint32_t>& places,
                const GroupedRows& grouped, const std::vector<std::int64_t>& rows, Tally& tally) {
  tally.missing.assign(grouped.count, 0);
  tally.counts = rows;
  if (column.values->null_count() == 0) return;
  const CubeColumn* status = StatusOf(cube, column);
  const auto exempt = status == nullptr ? std::vector<bool>() : AreNotApplicable(*status->values);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (column.values->IsValid(places[i])) continue;
    --tally.counts[grouped.groups[i]];
    const std::int64_t word = status == nullptr ? -1 : WordIdAt(*status->values, grouped.rows[i]);
    if (word < 0 || !exempt[static_cast<std::size_t>(word)]) ++tally.missing[grouped.groups[i]];
  }
}

void TallySums(const CubeColumn& column, const std::vector<std::uint32_t>& places, const GroupedRows& grouped,
               Tally& tally) {
  tally.doubles.assign(grouped.count, 0);
  tally.integers.assign(grouped.count, 0);
  const bool exact = column.kind == Kind::kInteger;
  const bool has_nulls = column.values->null_count() > 0;
  VisitNumbers(*column.values, [&](const auto* values) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (has_nulls && column.values->IsNull(places[i])) continue;
      const auto value = values[places[i]];
      const std::uint32_t group = grouped.groups[i];
      tally.doubles[group] += static_cast<double>(value);
      std::int64_t& sum = tally.integers[group];
      if (exact) tally.overflows |= __builtin_add_overflow(sum, static_cast<std::int64_t>(value), &sum);
    }
  });
}

}  // namespace

std::vector<bool> AreNotApplicable(const arrow::Array& statuses) {
  std::vector<bool> which;
  for (std::size_t word = 0; word < WordCount(statuses); ++word) {
    bool has = false;
    for (const std::string_view part : base::Split(WordAt(statuses, word), ',')) has = has || part == "z";
    which.push_back(has);
  }
  return which;
}

const CubeColumn* StatusOf(const Cube& cube, const CubeColumn& measure) {
  for (const CubeColumn& column : cube.columns) {
    if (column.role == Role::kStatus && column.of == measure.name && column.kind == Kind::kSet) return &column;
  }
  return nullptr;
}

Tallies TallyRows(const Query& query, const Cube& cube, const GroupedRows& grouped) {
  Tallies tallies;
  tallies.rows.assign(grouped.count, 0);
  for (const std::uint32_t group : grouped.groups) ++tallies.rows[group];
  for (const Aggregate& aggregate : query.aggregates) {
    if (aggregate.column < 0 || tallies.columns.contains(aggregate.column)) continue;
    const CubeColumn& column = cube.columns[static_cast<std::size_t>(aggregate.column)];
    const auto places = PlacesOf(cube, column.level, grouped.rows.data(), grouped.rows.size());
    Tally& tally = tallies.columns[aggregate.column];
    TallyCells(cube, column, places, grouped, tallies.rows, tally);
    if (column.kind == Kind::kInteger || column.kind == Kind::kNumber) TallySums(column, places, grouped, tally);
  }
  return tallies;
}

bool Aggregator::has_missing() const {
  return std::any_of(query_.aggregates.begin(), query_.aggregates.end(),
                     [](const Aggregate& aggregate) { return aggregate.function != Function::kCount; });
}

Array Aggregator::Missing() const {
  std::vector<std::int64_t> all(tallies_.rows.size(), 0);
  for (const auto& [column, tally] : tallies_.columns) {
    const bool counts = std::any_of(query_.aggregates.begin(), query_.aggregates.end(), [&](const Aggregate& one) {
      return one.column == column && one.function != Function::kCount;
    });
    for (std::size_t group = 0; counts && group < all.size(); ++group) all[group] += tally.missing[group];
  }
  return Build<arrow::Int64Builder>(all, std::vector<bool>(all.size(), false));
}

bool Aggregator::IsHidden(const Aggregate& aggregate, std::size_t group) const {
  return !query_.partial && tallies_.columns.at(aggregate.column).missing[group] > 0;
}

Checked<Array> Aggregator::Sums(const Aggregate& aggregate) const {
  const CubeColumn& column = cube_.columns[static_cast<std::size_t>(aggregate.column)];
  const Tally& tally = tallies_.columns.at(aggregate.column);
  const bool exact = column.kind == Kind::kInteger && aggregate.function == Function::kSum;
  if (exact && tally.overflows) {
    return tl::unexpected(
        QueryError{.type = "overflow",
                   .error = {.code = base::ErrorCode::kInvalid,
                             .message = fmt::format("{} is beyond 64 bits; ask for mean({}), or for fewer rows",
                                                    aggregate.Text(cube_), column.name)},
                   .parameter = "agg",
                   .value = aggregate.Text(cube_)});
  }
  std::vector<bool> hidden(tally.counts.size());
  std::vector<double> doubles = tally.doubles;
  for (std::size_t group = 0; group < hidden.size(); ++group) {
    hidden[group] = tally.counts[group] == 0 || IsHidden(aggregate, group);
    if (aggregate.function == Function::kMean && tally.counts[group] > 0) {
      doubles[group] /= static_cast<double>(tally.counts[group]);
    }
  }
  return exact ? Build<arrow::Int64Builder>(tally.integers, hidden) : Build<arrow::DoubleBuilder>(doubles, hidden);
}

// The place of each group's least, greatest, first or last value; -1 where it has none.
std::vector<std::int64_t> Aggregator::Picks(const Aggregate& aggregate) const {
  const CubeColumn& column = cube_.columns[static_cast<std::size_t>(aggregate.column)];
  const std::vector<std::uint32_t>& rows = grouped_->rows;
  const auto places = PlacesOf(cube_, column.level, rows.data(), rows.size());
  const bool by_time = aggregate.function == Function::kFirst || aggregate.function == Function::kLast;
  std::vector<std::uint64_t> keys;
  if (!by_time) {
    keys = OrderKeys(*column.values, places, false);
  } else if (cube_.time_ids.empty()) {
    keys.assign(rows.begin(), rows.end());
  } else {
    for (const std::uint32_t row : rows) keys.push_back(cube_.time_ids[row]);
  }
  const bool greatest = aggregate.function == Function::kMax || aggregate.function == Function::kLast;
  std::vector<std::int64_t> picks(grouped_->count, -1);
  std::vector<std::uint64_t> best(grouped_->count, 0);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (column.values->IsNull(places[i])) continue;
    const std::uint32_t group = grouped_->groups[i];
    const bool better = picks[group] < 0 || (greatest ? keys[i] >= best[group] : keys[i] < best[group]);
    if (!better) continue;
    picks[group] = places[i];
    best[group] = keys[i];
  }
  return picks;
}

Array Aggregator::Picked(const Aggregate& aggregate) const {
  const CubeColumn& column = cube_.columns[static_cast<std::size_t>(aggregate.column)];
  const std::vector<std::int64_t> picks = Picks(aggregate);
  arrow::Int64Builder builder;
  for (std::size_t group = 0; group < picks.size(); ++group) {
    const bool none = picks[group] < 0 || IsHidden(aggregate, group);
    (void)(none ? builder.AppendNull() : builder.Append(picks[group]));
  }
  const Array places = builder.Finish().ValueOrDie();
  return arrow::compute::Take(*column.values, *places).ValueOrDie();
}

Checked<Array> Aggregator::Values(const Aggregate& aggregate) const {
  switch (aggregate.function) {
    case Function::kCount:
      return Build<arrow::Int64Builder>(Counts(tallies_, aggregate.column),
                                        std::vector<bool>(tallies_.rows.size(), false));
    case Function::kSum:
    case Function::kMean:
      return Sums(aggregate);
    default:
      return Picked(aggregate);
  }
}

}  // namespace tidemill::query
