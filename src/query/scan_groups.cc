// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <arrow/array.h>
#include <arrow/compute/api_vector.h>
#include <arrow/record_batch.h>

#include "array_values.h"
#include "group_rows.h"
#include "ranks.h"
#include "selection.h"
#include "words.h"

namespace tidemill::query {
namespace {

using Array = std::shared_ptr<arrow::Array>;

// Where each group has its place: the rank of each group column's value, times that column's stride.
struct Layout {
  std::vector<Ranks> ranks;
  std::vector<std::uint32_t> strides;
  std::uint32_t range = 1;
  std::vector<std::uint32_t> of_series;  // what a series adds
  std::vector<std::uint32_t> of_time;    // what a time adds; empty: nothing does
  bool times_step_by_one = false;        // neighbours in time are neighbours here

  void AddColumn(const CubeColumn& column, const Ranks& of_column, std::uint32_t stride) {
    auto& places = column.level == Level::kSeries ? of_series : of_time;
    places.resize(of_column.of_place.size(), 0);
    for (std::size_t i = 0; i < places.size(); ++i) places[i] += of_column.of_place[i] * stride;
  }
};

// Nothing where a column has a value a row, or where the places are too many.
std::optional<Layout> MakeLayout(const Query& query, const Cube& cube) {
  constexpr std::uint64_t kMostPlaces = 1'000'000;
  Layout layout;
  layout.of_series.assign(cube.series(), 0);
  std::uint64_t range = 1;
  for (const std::size_t place : query.group) {
    const CubeColumn& column = cube.columns[place];
    if (column.level == Level::kRow) return std::nullopt;
    range *= std::max<std::uint64_t>(layout.ranks.emplace_back(RanksOf(*column.values)).count(), 1);
    if (range > kMostPlaces) return std::nullopt;
  }
  layout.range = static_cast<std::uint32_t>(range);
  std::uint32_t stride = layout.range;
  for (std::size_t i = 0; i < query.group.size(); ++i) {
    stride /= std::max(layout.ranks[i].count(), 1U);
    layout.strides.push_back(stride);
    layout.AddColumn(cube.columns[query.group[i]], layout.ranks[i], stride);
  }
  layout.times_step_by_one = !cube.repeats && !layout.of_time.empty();
  for (std::size_t t = 1; t < layout.of_time.size(); ++t) {
    if (layout.of_time[t] != layout.of_time[t - 1] + 1) layout.times_step_by_one = false;
  }
  return layout;
}

// Rows of a series that stand together, and the groups they are in.
struct Run {
  enum class Spread : std::uint8_t { kOneGroup, kNeighbours, kAny };
  std::uint32_t row = 0, count = 0;
  const std::uint8_t* passes = nullptr;  // null: all
  Spread spread = Spread::kOneGroup;
  std::uint32_t first = 0;                 // the group of the first row
  std::vector<std::uint32_t> groups = {};  // of each row, for kAny

  std::uint32_t GroupOf(std::uint32_t i) const {
    if (spread == Spread::kAny) return groups[i];
    return spread == Spread::kOneGroup ? first : first + i;
  }
  bool Passes(std::uint32_t i) const { return passes == nullptr || passes[i] != 0; }
};

void FindGroups(const Cube& cube, const Layout& layout, std::size_t series, Run& run) {
  run.first = layout.of_series[series];
  run.spread = Run::Spread::kOneGroup;
  if (layout.of_time.empty()) return;
  cube.time_ids.Visit([&](const auto* ids) {
    const auto* id = ids + run.row;
    const std::uint32_t base = run.first;
    run.first += layout.of_time[id[0]];
    if (layout.times_step_by_one && static_cast<std::uint32_t>(id[run.count - 1] - id[0]) == run.count - 1) {
      run.spread = Run::Spread::kNeighbours;
      return;
    }
    run.spread = Run::Spread::kAny;
    run.groups.resize(run.count);
    for (std::uint32_t i = 0; i < run.count; ++i) run.groups[i] = base + layout.of_time[id[i]];
  });
}

// Adds value_at(i) of every row that passes to its group's sum, in the order of the rows.
template <class Sum, class ValueAt>
void AddRun(const Run& run, Sum* sums, ValueAt&& value_at) {
  const std::uint8_t* passes = run.passes;
  const auto value = [&](std::uint32_t i) { return passes == nullptr || passes[i] != 0 ? value_at(i) : Sum{0}; };
  switch (run.spread) {
    case Run::Spread::kOneGroup: {
      Sum sum = sums[run.first];
      if (passes == nullptr) {
        for (std::uint32_t i = 0; i < run.count; ++i) sum += value_at(i);
      } else {
        for (std::uint32_t i = 0; i < run.count; ++i) sum += value(i);
      }
      sums[run.first] = sum;
      return;
    }
    case Run::Spread::kNeighbours: {
      Sum* out = sums + run.first;
      if (passes == nullptr) {
        for (std::uint32_t i = 0; i < run.count; ++i) out[i] += value_at(i);
      } else {
        for (std::uint32_t i = 0; i < run.count; ++i) out[i] += value(i);
      }
      return;
    }
    case Run::Spread::kAny:
      for (std::uint32_t i = 0; i < run.count; ++i) sums[run.groups[i]] += value(i);
  }
}

// One column that aggregates are made of.
class ColumnScan {
 public:
  ColumnScan(const Cube& cube, const CubeColumn& column, std::uint32_t groups)
      : values_(*column.values), is_integer_(column.kind == Kind::kInteger), has_nulls_(values_.null_count() > 0) {
    tally_.integers.assign(is_integer_ ? groups : 0, 0);
    tally_.doubles.assign(is_integer_ ? 0 : groups, 0);
    tally_.missing.assign(groups, 0);
    if (!has_nulls_) return;
    absent_.assign(groups, 0);
    status_ = StatusOf(cube, column);
    if (status_ != nullptr) exempt_ = AreNotApplicable(*status_->values);
  }

  void Add(const Run& run) {
    VisitNumbers(values_, [&](const auto* values) {
      const auto* value = values + run.row;
      const auto is_there = [&](std::uint32_t i) { return !has_nulls_ || values_.IsValid(run.row + std::int64_t{i}); };
      const auto add = [&](auto* sums) {
        using Sum = std::decay_t<decltype(*sums)>;
        if (has_nulls_) {
          AddRun(run, sums, [&](std::uint32_t i) { return is_there(i) ? static_cast<Sum>(value[i]) : Sum{0}; });
        } else {
          AddRun(run, sums, [&](std::uint32_t i) { return static_cast<Sum>(value[i]); });
        }
      };
      is_integer_ ? add(tally_.integers.data()) : add(tally_.doubles.data());
    });
    if (has_nulls_) CountAbsent(run);
  }

  // Of the groups at these places.
  Tally Finish(const std::vector<std::uint32_t>& places, const std::vector<std::int64_t>& rows) const {
    Tally finished;
    finished.counts = rows;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::uint32_t place = places[i];
      if (has_nulls_) finished.counts[i] -= absent_[place];
      finished.missing.push_back(tally_.missing[place]);
      if (is_integer_) finished.integers.push_back(tally_.integers[place]);
      finished.doubles.push_back(is_integer_ ? static_cast<double>(tally_.integers[place]) : tally_.doubles[place]);
    }
    return finished;
  }

 private:
  void CountAbsent(const Run& run) {
    for (std::uint32_t i = 0; i < run.count; ++i) {
      const std::int64_t row = run.row + std::int64_t{i};
      if (!run.Passes(i) || values_.IsValid(row)) continue;
      ++absent_[run.GroupOf(i)];
      const std::int64_t word = status_ == nullptr ? -1 : WordIdAt(*status_->values, row);
      if (word < 0 || !exempt_[static_cast<std::size_t>(word)]) ++tally_.missing[run.GroupOf(i)];
    }
  }

  const arrow::Array& values_;
  bool is_integer_, has_nulls_;
  Tally tally_;                         // by place
  std::vector<std::int64_t> absent_;    // cells without a value, by place
  const CubeColumn* status_ = nullptr;  // of a column with nulls
  std::vector<bool> exempt_;
};

// Whether the sums of this aggregate are exact however they are added up.
bool CanScan(const Aggregate& aggregate, const Cube& cube) {
  if (aggregate.column < 0) return true;
  const CubeColumn& column = cube.columns[static_cast<std::size_t>(aggregate.column)];
  const bool counts = aggregate.function == Function::kCount;
  const bool sums = aggregate.function == Function::kSum || aggregate.function == Function::kMean;
  const bool is_number = column.kind == Kind::kInteger || column.kind == Kind::kNumber;
  if (column.level != Level::kRow || !is_number || (!counts && !sums)) return false;
  if (column.kind == Kind::kNumber) return true;
  constexpr std::uint64_t kExactDoubles = std::uint64_t{1} << 53U;
  const std::uint64_t most = aggregate.function == Function::kMean ? kExactDoubles : std::uint64_t{1} << 63U;
  return column.magnitude < most / std::max<std::uint64_t>(cube.rows, 1);
}

Array TakeValues(const arrow::Array& values, const std::vector<std::uint32_t>& places) {
  const arrow::UInt32Array indices(static_cast<std::int64_t>(places.size()), arrow::Buffer::Wrap(places));
  return arrow::compute::Take(values, indices).ValueOrDie();
}

class Scan {
 public:
  Scan(const Query& query, const Cube& cube, Layout layout) : query_(query), cube_(cube), layout_(std::move(layout)) {
    rows_.assign(layout_.range, 0);
    for (const Aggregate& aggregate : query.aggregates) {
      if (aggregate.column < 0) continue;
      const CubeColumn& column = cube.columns[static_cast<std::size_t>(aggregate.column)];
      columns_.try_emplace(aggregate.column, cube, column, layout_.range);
    }
  }

  Checked<std::shared_ptr<arrow::RecordBatch>> Groups() {
    Walk();
    if (auto error = CheckLevels(query_, cube_, series_)) return tl::unexpected(*std::move(error));
    std::vector<std::uint32_t> places;
    Tallies tallies;
    for (std::uint32_t place = 0; place < layout_.range; ++place) {
      if (rows_[place] == 0 && !query_.group.empty()) continue;
      places.push_back(place);
      tallies.rows.push_back(rows_[place]);
    }
    for (const auto& [column, scan] : columns_) tallies.columns[column] = scan.Finish(places, tallies.rows);
    arrow::FieldVector fields;
    arrow::ArrayVector arrays;
    for (std::size_t i = 0; i < query_.group.size(); ++i) {
      const CubeColumn& column = cube_.columns[query_.group[i]];
      arrays.push_back(TakeValues(*column.values, PlacesOfValues(i, places)));
      fields.push_back(arrow::field(column.name, column.values->type()));
    }
    return GroupBatch(query_, cube_, std::move(fields), std::move(arrays), tallies, nullptr);
  }

 private:
  void Walk() {
    Run run;
    Selection(query_, cube_)
        .ForEachRun([&](std::size_t series, std::uint32_t row, std::uint32_t count, const std::uint8_t* passes) {
          if (passes != nullptr && std::find(passes, passes + count, 1) == passes + count) return;
          run.row = row;
          run.count = count;
          run.passes = passes;
          FindGroups(cube_, layout_, series, run);
          const auto number = static_cast<std::uint32_t>(series);
          if (series_.empty() || series_.back() != number) series_.push_back(number);
          AddRun(run, rows_.data(), [](std::uint32_t) { return std::int64_t{1}; });
          for (auto& [column, scan] : columns_) scan.Add(run);
        });
  }

  // In the group column's array, of the value that each group has.
  std::vector<std::uint32_t> PlacesOfValues(std::size_t column, const std::vector<std::uint32_t>& groups) const {
    const Ranks& ranks = layout_.ranks[column];
    std::vector<std::uint32_t> places;
    for (const std::uint32_t group : groups) {
      places.push_back(ranks.first_place[group / layout_.strides[column] % ranks.count()]);
    }
    return places;
  }

  const Query& query_;
  const Cube& cube_;
  Layout layout_;
  std::vector<std::int64_t> rows_;
  std::map<int, ColumnScan> columns_;
  std::vector<std::uint32_t> series_;  // with rows
};

}  // namespace

std::optional<Checked<std::shared_ptr<arrow::RecordBatch>>> ScanGroups(const Query& query, const Cube& cube) {
  const bool fits = !query.last && std::all_of(query.aggregates.begin(), query.aggregates.end(),
                                               [&](const Aggregate& one) { return CanScan(one, cube); });
  if (!fits) return std::nullopt;
  auto layout = MakeLayout(query, cube);
  if (!layout) return std::nullopt;
  return Scan(query, cube, *std::move(layout)).Groups();
}

}  // namespace tidemill::query
