// SPDX-License-Identifier: Apache-2.0
#include "aggregate.h"

#include <type_traits>

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

// Whether a status says "not applicable": nothing is missing there.
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

template <class Builder, class Value>
Array Build(const std::vector<Value>& values, const std::vector<bool>& hidden) {
  Builder builder;
  for (std::size_t i = 0; i < values.size(); ++i) {
    (void)(hidden[i] ? builder.AppendNull() : builder.Append(values[i]));
  }
  return builder.Finish().ValueOrDie();
}

}  // namespace

Aggregator::Aggregator(const Query& query, const Cube& cube, const std::vector<std::uint32_t>& rows,
                       const std::vector<std::uint32_t>& groups, std::size_t count)
    : query_(query), cube_(cube), rows_(rows), groups_(groups), count_(count) {
  CountMissing();
}

void Aggregator::CountMissing() {
  for (const Aggregate& aggregate : query_.aggregates) {
    if (aggregate.function == Function::kCount) continue;
    has_missing_ = true;
    auto& missing = missing_[aggregate.column];
    if (!missing.empty()) continue;
    missing.assign(count_, 0);
    const CubeColumn& column = cube_.columns[static_cast<std::size_t>(aggregate.column)];
    if (column.values->null_count() == 0) continue;
    const CubeColumn* status = StatusOf(cube_, column);
    const auto exempt = status == nullptr ? std::vector<bool>() : AreNotApplicable(*status->values);
    const auto places = PlacesOf(cube_, column.level, rows_.data(), rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (column.values->IsValid(places[i])) continue;
      const std::int64_t word = status == nullptr ? -1 : WordIdAt(*status->values, rows_[i]);
      if (word < 0 || !exempt[static_cast<std::size_t>(word)]) ++missing[groups_[i]];
    }
  }
}

Array Aggregator::Missing() const {
  std::vector<std::int64_t> all(count_, 0);
  for (const auto& [column, missing] : missing_) {
    for (std::size_t group = 0; group < count_; ++group) all[group] += missing[group];
  }
  return Build<arrow::Int64Builder>(all, std::vector<bool>(count_, false));
}

std::vector<std::int64_t> Aggregator::CountValues(int column) const {
  std::vector<std::int64_t> counts(count_, 0);
  if (column < 0) {
    for (const std::uint32_t group : groups_) ++counts[group];
    return counts;
  }
  const CubeColumn& known = cube_.columns[static_cast<std::size_t>(column)];
  const auto places = PlacesOf(cube_, known.level, rows_.data(), rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) counts[groups_[i]] += known.values->IsValid(places[i]) ? 1 : 0;
  return counts;
}

bool Aggregator::IsHidden(const Aggregate& aggregate, std::size_t group) const {
  return !query_.partial && missing_.at(aggregate.column)[group] > 0;
}

Checked<Array> Aggregator::Sums(const Aggregate& aggregate) const {
  const CubeColumn& column = cube_.columns[static_cast<std::size_t>(aggregate.column)];
  const auto places = PlacesOf(cube_, column.level, rows_.data(), rows_.size());
  const std::vector<std::int64_t> counts = CountValues(aggregate.column);
  std::vector<double> doubles(count_, 0);
  std::vector<std::int64_t> integers(count_, 0);
  bool overflows = false;
  const bool exact = column.kind == Kind::kInteger && aggregate.function == Function::kSum;
  const bool has_nulls = column.values->null_count() > 0;
  VisitNumbers(*column.values, [&](const auto* values) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (has_nulls && column.values->IsNull(places[i])) continue;
      const auto value = values[places[i]];
      if (exact) {
        std::int64_t& sum = integers[groups_[i]];
        overflows = __builtin_add_overflow(sum, static_cast<std::int64_t>(value), &sum) || overflows;
      } else {
        doubles[groups_[i]] += static_cast<double>(value);
      }
    }
  });
  if (overflows) {
    return tl::unexpected(
        QueryError{.type = "overflow",
                   .error = {.code = base::ErrorCode::kInvalid,
                             .message = fmt::format("{} is beyond 64 bits; ask for mean({}), or for fewer rows",
                                                    aggregate.Text(cube_), column.name)},
                   .parameter = "agg",
                   .value = aggregate.Text(cube_)});
  }
  std::vector<bool> hidden(count_);
  for (std::size_t group = 0; group < count_; ++group) {
    hidden[group] = counts[group] == 0 || IsHidden(aggregate, group);
    if (aggregate.function == Function::kMean && counts[group] > 0) {
      doubles[group] /= static_cast<double>(counts[group]);
    }
  }
  return exact ? Build<arrow::Int64Builder>(integers, hidden) : Build<arrow::DoubleBuilder>(doubles, hidden);
}

// The place of each group's least, greatest, first or last value; -1 where it has none.
std::vector<std::int64_t> Aggregator::Picks(const Aggregate& aggregate) const {
  const CubeColumn& column = cube_.columns[static_cast<std::size_t>(aggregate.column)];
  const auto places = PlacesOf(cube_, column.level, rows_.data(), rows_.size());
  const bool by_time = aggregate.function == Function::kFirst || aggregate.function == Function::kLast;
  std::vector<std::uint64_t> keys;
  if (!by_time) {
    keys = OrderKeys(*column.values, places, false);
  } else if (cube_.time_ids.empty()) {
    keys.assign(rows_.begin(), rows_.end());
  } else {
    for (const std::uint32_t row : rows_) keys.push_back(cube_.time_ids[row]);
  }
  const bool greatest = aggregate.function == Function::kMax || aggregate.function == Function::kLast;
  std::vector<std::int64_t> picks(count_, -1);
  std::vector<std::uint64_t> best(count_, 0);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (column.values->IsNull(places[i])) continue;
    const std::uint32_t group = groups_[i];
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
  for (std::size_t group = 0; group < count_; ++group) {
    const bool none = picks[group] < 0 || IsHidden(aggregate, group);
    (void)(none ? builder.AppendNull() : builder.Append(picks[group]));
  }
  const Array places = builder.Finish().ValueOrDie();
  return arrow::compute::Take(*column.values, *places).ValueOrDie();
}

Checked<Array> Aggregator::Values(const Aggregate& aggregate) const {
  switch (aggregate.function) {
    case Function::kCount:
      return Build<arrow::Int64Builder>(CountValues(aggregate.column), std::vector<bool>(count_, false));
    case Function::kSum:
    case Function::kMean:
      return Sums(aggregate);
    default:
      return Picked(aggregate);
  }
}

}  // namespace tidemill::query
