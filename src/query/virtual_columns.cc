// SPDX-License-Identifier: Apache-2.0
#include "virtual_columns.h"

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include <arrow/array.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/array/builder_time.h>
#include <arrow/type.h>

#include "column_values.h"
#include "words.h"

namespace tidemill::query {
namespace {

using base::Frequency;
using std::chrono::year_month_day;

std::size_t TimeValues(const Cube& cube) {
  return static_cast<std::size_t>(cube.columns[static_cast<std::size_t>(cube.time_column)].values->length());
}

CubeColumn& Add(Cube& cube, std::string name, Kind kind, Level level, std::shared_ptr<arrow::Array> values) {
  CubeColumn& column = cube.columns.emplace_back();
  column.name = std::move(name);
  column.kind = kind;
  column.level = level;
  column.is_virtual = true;
  column.values = std::move(values);
  return column;
}

// A value a point of time; null for the null time.
template <class Builder>
std::shared_ptr<arrow::Array> OfTimes(const Cube& cube, const std::function<int(const base::Period&)>& value) {
  Builder builder;
  for (const base::Period& period : cube.times) (void)builder.Append(value(period));
  if (TimeValues(cube) > cube.times.size()) (void)builder.AppendNull();
  return builder.Finish().ValueOrDie();
}

int MonthOf(const base::Period& period) {
  return static_cast<int>(static_cast<unsigned>(year_month_day(base::StartOf(period)).month()));
}
int QuarterOf(const base::Period& period) {
  return period.frequency == Frequency::kQuarter ? period.part : (MonthOf(period) + 2) / 3;
}
int ShortDayNumber(base::Date date) {
  return static_cast<int>(date.time_since_epoch().count());
}

void AddParts(Cube& cube) {
  const Frequency frequency = cube.frequency;
  const bool has_months = frequency == Frequency::kMonth || frequency == Frequency::kDay;
  const auto add = [&](const char* name, const std::function<int(const base::Period&)>& value) {
    if (cube.Find(name) < 0) Add(cube, name, Kind::kInteger, Level::kTime, OfTimes<arrow::Int32Builder>(cube, value));
  };
  add("year", [](const base::Period& period) { return period.year; });
  if (has_months || frequency == Frequency::kQuarter) add("quarter", QuarterOf);
  if (has_months) add("month", MonthOf);
  const auto add_day = [&](const char* name, const std::function<int(const base::Period&)>& value) {
    if (cube.Find(name) < 0) Add(cube, name, Kind::kDate, Level::kTime, OfTimes<arrow::Date32Builder>(cube, value));
  };
  add_day("period_start", [](const base::Period& period) { return ShortDayNumber(base::StartOf(period)); });
  add_day("period_end", [](const base::Period& period) { return ShortDayNumber(base::EndOf(period)); });
}

std::string TypeName(const std::string& dimension) {
  constexpr std::string_view kEnding = "_code";
  const bool has_ending = dimension.size() > kEnding.size() && dimension.ends_with(kEnding);
  return (has_ending ? dimension.substr(0, dimension.size() - kEnding.size()) : dimension) + "_type";
}

// A column's values once a series, where no series has two.
std::shared_ptr<arrow::Array> OncePerSeries(const Cube& cube, const arrow::Array& values) {
  std::vector<std::int64_t> found;
  for (std::size_t series = 0; series < cube.series(); ++series) {
    const std::int64_t id = WordIdAt(values, cube.offsets[series]);
    for (std::uint32_t row = cube.offsets[series] + 1; row < cube.offsets[series + 1]; ++row) {
      if (WordIdAt(values, row) != id) return nullptr;
    }
    found.push_back(id);
  }
  std::vector<std::string> words;
  for (std::size_t i = 0; i < WordCount(values); ++i) words.emplace_back(WordAt(values, i));
  const auto null = static_cast<std::uint32_t>(words.size());
  Ids ids;
  ids.Append(found.size(), null, [&](std::size_t i) { return found[i] < 0 ? null : found[i]; });
  return MakeWords(words, ids);
}

void HoldOncePerSeries(Cube& cube, CubeColumn& column) {
  if (column.kind != Kind::kText || column.level != Level::kRow) return;
  if (auto values = OncePerSeries(cube, *column.values)) {
    column.values = std::move(values);
    column.level = Level::kSeries;
  }
}

void AddAreaType(Cube& cube, CodeList& list) {
  const std::string dimension = cube.columns[list.column].name;
  const std::string name = TypeName(dimension);
  if (cube.columns[list.column].codes != "gss" || cube.columns[list.column].kind != Kind::kText) return;
  list.type_column = cube.Find(name);
  if (list.type_column >= 0) return HoldOncePerSeries(cube, cube.columns[static_cast<std::size_t>(list.type_column)]);
  std::vector<std::string> types;
  const arrow::Array& codes = *cube.columns[list.column].values;
  for (std::int64_t i = 0; i < codes.length(); ++i) types.emplace_back(AreaTypeOf(TextAt(codes, i)));
  list.type_column = static_cast<int>(cube.columns.size());
  CubeColumn& column = Add(cube, name, Kind::kText, Level::kSeries, MakeWords(types));
  column.of = dimension;
}

// What a column says of each code, at the code's newest row.
std::vector<std::string> NewestOfCodes(const Cube& cube, const CodeList& list, const CubeColumn& said) {
  const arrow::Array& codes = *cube.columns[list.column].values;
  std::vector<std::string> texts(list.codes.size());
  std::vector<std::int64_t> newest(list.codes.size(), -1);
  for (std::size_t series = 0; series < cube.series(); ++series) {
    const std::int64_t code = WordIdAt(codes, static_cast<std::int64_t>(series));
    if (code < 0) continue;
    const std::uint32_t row = cube.offsets[series + 1] - 1;
    const std::int64_t time = cube.time_ids.empty() ? 0 : static_cast<std::int64_t>(cube.time_ids[row]);
    const auto place = static_cast<std::int64_t>(said.level == Level::kSeries ? series : row);
    if (time <= newest[static_cast<std::size_t>(code)]) continue;
    newest[static_cast<std::size_t>(code)] = time;
    texts[static_cast<std::size_t>(code)] = TextAt(*said.values, place);
  }
  return texts;
}

// Whether a label or parent is one of this dimension's codes. A parent that names no dimension is of the only one.
bool TellsOf(const Cube& cube, const CubeColumn& column, const CodeList& list) {
  const CubeColumn& dimension = cube.columns[list.column];
  if (dimension.kind != Kind::kText) return false;
  const bool is_only = column.role == Role::kParent && column.of.empty() && cube.dimensions.size() == 1;
  return is_only || dimension.name == column.of;
}

}  // namespace

base::Period PeriodAt(std::int64_t day, Frequency frequency) {
  constexpr std::int64_t kMostDays = 3'000'000;
  const base::Date date{std::chrono::days(std::clamp<std::int64_t>(day, -kMostDays, kMostDays))};
  const year_month_day parts(date);
  const int month = static_cast<int>(static_cast<unsigned>(parts.month()));
  base::Period period{.frequency = frequency, .year = static_cast<int>(parts.year())};
  if (frequency == Frequency::kMonth || frequency == Frequency::kDay) period.part = month;
  if (frequency == Frequency::kQuarter) period.part = (month + 2) / 3;
  if (frequency == Frequency::kDay) period.day = static_cast<int>(static_cast<unsigned>(parts.day()));
  return period;
}

std::int64_t DayOfMoment(std::int64_t value, const arrow::DataType& type) {
  const std::int64_t per_day = MomentsOfDay(type);
  return value / per_day - (value % per_day < 0 ? 1 : 0);
}

void AddVirtualColumns(Cube& cube) {
  if (cube.time_column >= 0) AddParts(cube);
  for (CodeList& list : cube.dimensions) AddAreaType(cube, list);
  if (cube.Find("series_key") >= 0 || cube.dimensions.empty()) return;
  std::vector<std::string> keys;
  keys.reserve(cube.series());
  for (std::size_t series = 0; series < cube.series(); ++series) keys.push_back(cube.SeriesKey(series));
  Add(cube, "series_key", Kind::kText, Level::kSeries, MakeWords(keys));
}

void FindLabels(Cube& cube) {
  for (std::size_t i = 0; i < cube.columns.size(); ++i) {
    CubeColumn& column = cube.columns[i];
    const bool is_parent = column.role == Role::kParent;
    if (!(is_parent || column.role == Role::kLabel) || column.kind != Kind::kText) continue;
    HoldOncePerSeries(cube, column);
    for (CodeList& list : cube.dimensions) {
      int& place = is_parent ? list.parent_column : list.label_column;
      if (place >= 0 || !TellsOf(cube, column, list)) continue;
      place = static_cast<int>(i);
      (is_parent ? list.parents : list.labels) = NewestOfCodes(cube, list, column);
    }
  }
}

}  // namespace tidemill::query
