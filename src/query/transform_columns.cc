// SPDX-License-Identifier: Apache-2.0
#include "transform_columns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>
#include <fmt/format.h>

#include "array_values.h"
#include "filter_values.h"
#include "time_steps.h"

namespace tidemill::query {
namespace {

constexpr std::size_t kYears = 5;     // of mean5y
constexpr std::size_t kPeriods = 12;  // of roll12

// A measure's values as T: 64-bit integers, or doubles.
template <class T>
class Values {
 public:
  explicit Values(const arrow::Array& array) : array_(array) {}
  // False where the cell is missing.
  bool Read(std::int64_t row, T& value) const {
    if (row < 0 || array_.IsNull(row)) return false;
    VisitNumbers(array_, [&](const auto* numbers) { value = static_cast<T>(numbers[row]); });
    if constexpr (std::is_floating_point_v<T>) return std::isfinite(value);
    return true;
  }

 private:
  const arrow::Array& array_;
};

// One cell that is derived: a value, a missing one, or a sum that is too large.
template <class T>
struct Cell {
  T value{};
  bool is_there = false, overflows = false;
};

template <class T>
bool AddTo(T& sum, T value) {
  if constexpr (std::is_floating_point_v<T>) {
    sum += value;
    return true;
  } else {
    return !__builtin_add_overflow(sum, value, &sum);
  }
}

template <class T>
bool Subtract(T from, T value, T& difference) {
  if constexpr (std::is_floating_point_v<T>) {
    difference = from - value;
    return true;
  } else {
    return !__builtin_sub_overflow(from, value, &difference);
  }
}

// A point of a series, and how to get from it to others.
struct Point {
  const Cube& cube;
  const TimeSteps& steps;
  std::size_t series = 0;
  std::int64_t row = 0;
  std::int32_t time = 0;

  std::int64_t RowOf(std::int32_t other) const { return RowAt(cube, series, other); }
  std::int32_t Before(std::int32_t other) const {
    return other < 0 ? -1 : steps.previous[static_cast<std::size_t>(other)];
  }
  std::int32_t YearBefore(std::int32_t other) const {
    return other < 0 ? -1 : steps.year_before[static_cast<std::size_t>(other)];
  }
};

template <class T>
Cell<T> Change(const Values<T>& values, const Point& point, std::int32_t since) {
  T now{};
  T before{};
  if (!values.Read(point.row, now) || !values.Read(point.RowOf(since), before)) return {};
  Cell<T> cell{.is_there = true};
  cell.overflows = !Subtract(now, before, cell.value);
  return cell;
}

template <class T>
Cell<double> PerCent(const Values<T>& values, const Point& point, std::int32_t since) {
  T now{};
  T before{};
  if (!values.Read(point.row, now) || !values.Read(point.RowOf(since), before) || before == T{}) return {};
  const auto base = static_cast<double>(before);
  return {.value = 100.0 * (static_cast<double>(now) - base) / base, .is_there = true};
}

// The sum over this period and `more` before it.
template <class T>
Cell<T> SumBack(const Values<T>& values, const Point& point, std::size_t more) {
  Cell<T> cell;
  std::int32_t time = point.time;
  for (std::size_t i = 0; i <= more; ++i, time = point.Before(time)) {
    T value{};
    if (!values.Read(point.RowOf(time), value)) return {};
    cell.overflows = !AddTo(cell.value, value) || cell.overflows;
  }
  cell.is_there = true;
  return cell;
}

// How many periods of its year come before this one.
std::size_t PeriodsBefore(const base::Period& period) {
  if (period.frequency != base::Frequency::kDay) return static_cast<std::size_t>(period.part - 1);
  const base::Period first{.frequency = base::Frequency::kDay, .year = period.year};
  return static_cast<std::size_t>((base::StartOf(period) - base::StartOf(first)).count());
}

template <class T>
Cell<double> MeanOfYears(const Values<T>& values, const Point& point) {
  double sum = 0;
  std::int32_t time = point.time;
  for (std::size_t year = 0; year < kYears; ++year) {
    time = point.YearBefore(time);
    T value{};
    if (!values.Read(point.RowOf(time), value)) return {};
    sum += static_cast<double>(value);
  }
  return {.value = sum / static_cast<double>(kYears), .is_there = true};
}

template <class T>
Cell<double> AgainstMean(const Values<T>& values, const Point& point) {
  Cell<double> cell = MeanOfYears(values, point);
  T now{};
  if (!cell.is_there || !values.Read(point.row, now)) return {};
  cell.value = static_cast<double>(now) - cell.value;
  return cell;
}

// Writes cells of one Arrow type. Memory of series that are not asked for is never touched.
template <class ArrowType>
class NumberColumn {
 public:
  using Number = typename ArrowType::c_type;

  static arrow::Result<NumberColumn> Make(std::int64_t rows) {
    NumberColumn column;
    column.rows_ = rows;
    ARROW_ASSIGN_OR_RAISE(column.numbers_, arrow::AllocateBuffer(rows * static_cast<std::int64_t>(sizeof(Number))));
    ARROW_ASSIGN_OR_RAISE(column.there_, arrow::AllocateBuffer(arrow::bit_util::BytesForBits(rows)));
    std::fill_n(column.there_->mutable_data(), column.there_->size(), std::uint8_t{0});
    return column;
  }
  template <class T>
  void Put(std::int64_t row, const Cell<T>& cell) {
    numbers_->template mutable_data_as<Number>()[row] = cell.is_there ? static_cast<Number>(cell.value) : Number{};
    if (cell.is_there) arrow::bit_util::SetBit(there_->mutable_data(), row);
  }
  std::shared_ptr<arrow::Array> Finish() && {
    return arrow::MakeArray(
        arrow::ArrayData::Make(arrow::TypeTraits<ArrowType>::type_singleton(), rows_, {there_, numbers_}));
  }

 private:
  NumberColumn() = default;
  std::int64_t rows_ = 0;
  std::shared_ptr<arrow::Buffer> numbers_, there_;
};

using Array = std::shared_ptr<arrow::Array>;

class Deriver {
 public:
  Deriver(const Query& query, const Cube& cube) : cube_(cube), steps_(FindTimeSteps(cube)) {
    for (const Filter& filter : query.filters) {
      if (filter.column >= cube.columns.size() || cube.columns[filter.column].level != Level::kSeries) continue;
      const auto mask = MatchingPlaces(cube, filter);
      if (passes_.empty()) passes_.assign(cube.series(), 1);
      for (std::size_t series = 0; series < passes_.size(); ++series) passes_[series] &= mask[series];
    }
  }

  Checked<Array> Derive(const DerivedColumn& wanted, const arrow::DataType& type) const {
    const CubeColumn& measure = cube_.columns[wanted.measure];
    if (measure.kind == Kind::kInteger) return DeriveAs<std::int64_t>(wanted, type);
    return DeriveAs<double>(wanted, type);
  }

 private:
  template <class T>
  Checked<Array> DeriveAs(const DerivedColumn& wanted, const arrow::DataType& type) const {
    switch (type.id()) {
      case arrow::Type::INT64:
        return Fill<T, arrow::Int64Type>(wanted);
      case arrow::Type::FLOAT:
        return Fill<T, arrow::FloatType>(wanted);
      default:
        return Fill<T, arrow::DoubleType>(wanted);
    }
  }

  template <class T, class ArrowType>
  Checked<Array> Fill(const DerivedColumn& wanted) const {
    auto made = NumberColumn<ArrowType>::Make(cube_.rows);
    if (!made.ok()) return tl::unexpected(Failed(base::ErrorCode::kUnavailable, made.status().ToString(), wanted));
    NumberColumn<ArrowType> column = *std::move(made);
    const Values<T> values(*cube_.columns[wanted.measure].values);
    for (std::size_t series = 0; series < cube_.series(); ++series) {
      if (!passes_.empty() && passes_[series] == 0) continue;
      for (std::uint32_t row = cube_.offsets[series]; row < cube_.offsets[series + 1]; ++row) {
        if (!PutCell(column, values, wanted.transform, series, row)) return tl::unexpected(Overflow(wanted));
      }
    }
    return std::move(column).Finish();
  }

  // False where a sum is too large.
  template <class T, class ArrowType>
  bool PutCell(NumberColumn<ArrowType>& column, const Values<T>& values, Transform transform, std::size_t series,
               std::uint32_t row) const {
    const std::uint32_t time = cube_.time_ids[row];
    if (time >= cube_.times.size()) {  // a row without a time
      column.Put(row, Cell<T>{});
      return true;
    }
    const Point point{cube_, steps_, series, row, static_cast<std::int32_t>(time)};
    const auto put = [&](const auto& cell) {
      column.Put(row, cell);
      return !cell.overflows;
    };
    switch (transform) {
      case Transform::kYoy:
        return put(Change(values, point, point.YearBefore(point.time)));
      case Transform::kYoyPct:
        return put(PerCent(values, point, point.YearBefore(point.time)));
      case Transform::kPop:
        return put(Change(values, point, point.Before(point.time)));
      case Transform::kPopPct:
        return put(PerCent(values, point, point.Before(point.time)));
      case Transform::kYtd:
        return put(SumBack(values, point, PeriodsBefore(cube_.times[time])));
      case Transform::kRoll12:
        return put(SumBack(values, point, kPeriods - 1));
      case Transform::kMean5y:
        return put(MeanOfYears(values, point));
      case Transform::kVsMean5y:
        return put(AgainstMean(values, point));
    }
    return true;
  }

  QueryError Failed(base::ErrorCode code, const std::string& message, const DerivedColumn& wanted) const {
    return {.type = code == base::ErrorCode::kInvalid ? "overflow" : "unavailable",
            .error = {.code = code, .message = message},
            .parameter = "transform",
            .value = std::string(NameOf(wanted.transform))};
  }
  QueryError Overflow(const DerivedColumn& wanted) const {
    return Failed(base::ErrorCode::kInvalid,
                  fmt::format("{} of {} is no whole number of 64 bits", NameOf(wanted.transform),
                              cube_.columns[wanted.measure].name),
                  wanted);
  }

  const Cube& cube_;
  TimeSteps steps_;
  std::vector<std::uint8_t> passes_;  // one a series; empty: all
};

}  // namespace

Checked<std::shared_ptr<const Cube>> DeriveColumns(const Query& query, const Cube& cube) {
  auto derived = std::make_shared<Cube>(cube);
  derived->columns = query.named->columns;
  const Deriver deriver(query, cube);
  for (std::size_t i = 0; i < query.derived.size(); ++i) {
    CubeColumn& column = derived->columns[cube.columns.size() + i];
    auto values = deriver.Derive(query.derived[i], *column.values->type());
    if (!values) return tl::unexpected(std::move(values).error());
    column.values = *std::move(values);
  }
  return derived;
}

}  // namespace tidemill::query
