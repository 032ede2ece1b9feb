// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/snapshot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <arrow/array.h>
#include <arrow/table.h>

#include "tidemill/base/text.h"
#include "tidemill/dataset/arrow_result.h"

#include "array_values.h"
#include "column_facts.h"
#include "virtual_columns.h"
#include "words.h"

namespace tidemill::query {
namespace {

std::vector<Dimension> DimensionsOf(const Cube& cube) {
  std::vector<Dimension> dimensions;
  for (const CodeList& list : cube.dimensions) {
    Dimension& dimension = dimensions.emplace_back(cube.columns[list.column].name, list.codes);
    std::sort(dimension.codes.begin(), dimension.codes.end());
  }
  return dimensions;
}

// "p,r" counts as both.
std::vector<std::string> StatusesOf(const Cube& cube) {
  std::vector<std::string> statuses;
  for (const CubeColumn& column : cube.columns) {
    if (column.role != Role::kStatus || column.kind != Kind::kSet) continue;
    for (std::size_t word = 0; word < WordCount(*column.values); ++word) {
      for (const std::string_view code : base::Split(WordAt(*column.values, word), ',')) {
        if (!code.empty()) statuses.emplace_back(code);
      }
    }
  }
  std::sort(statuses.begin(), statuses.end());
  statuses.erase(std::unique(statuses.begin(), statuses.end()), statuses.end());
  return statuses;
}

// Numbers of a column by row; NaN where there is none.
std::vector<double> NumbersOf(const Cube& cube, const CubeColumn& column) {
  std::vector<double> numbers(cube.rows, std::nan(""));
  VisitNumbers(*column.values, [&](const auto* values) {
    for (std::uint32_t row = 0; row < cube.rows; ++row) {
      const std::int64_t place = column.level == Level::kRow ? row : cube.time_ids[row];
      if (column.values->IsValid(place)) numbers[row] = static_cast<double>(values[place]);
    }
  });
  return numbers;
}

// The day that stands for each point of time: the moment's own, or a period's last business day.
std::vector<std::int32_t> DaysOfTimes(const Cube& cube) {
  std::vector<std::int32_t> days;
  const CubeColumn& time = cube.columns[static_cast<std::size_t>(cube.time_column)];
  if (time.kind == Kind::kPeriod) {
    for (const base::Period& period : cube.times) {
      days.push_back(static_cast<std::int32_t>(base::BusinessEndOf(period).time_since_epoch().count()));
    }
    return days;
  }
  VisitNumbers(*time.values, [&](const auto* values) {
    for (std::size_t i = 0; i < cube.times.size(); ++i) {
      days.push_back(
          static_cast<std::int32_t>(DayOfMoment(static_cast<std::int64_t>(values[i]), *time.values->type())));
    }
  });
  return days;
}

// The old route asks by area alone: with a second dimension one day of an area has several figures.
bool FitsSeed(const Cube& cube, const CubeColumn& deaths) {
  if (cube.time_column < 0 || cube.times.empty() || cube.frequency != base::Frequency::kMonth) return false;
  if (cube.dimensions.size() != 1) return false;
  const CubeColumn& code = cube.columns[cube.dimensions.front().column];
  return code.name == "geo_code" && code.kind == Kind::kText && deaths.role == Role::kMeasure &&
         (deaths.kind == Kind::kInteger || deaths.kind == Kind::kNumber);
}

std::unique_ptr<const SeedIndex> MakeSeed(const Cube& cube) {
  const int deaths = cube.Find("deaths");
  const int year = cube.Find("year");
  if (deaths < 0 || year < 0 || !FitsSeed(cube, cube.columns[static_cast<std::size_t>(deaths)])) return nullptr;
  const CubeColumn& code = cube.columns[cube.dimensions.front().column];
  const auto values = NumbersOf(cube, cube.columns[static_cast<std::size_t>(deaths)]);
  const auto years = NumbersOf(cube, cube.columns[static_cast<std::size_t>(year)]);
  const auto days = DaysOfTimes(cube);
  std::vector<SeedIndex::Row> rows;
  rows.reserve(cube.rows);
  for (std::size_t series = 0; series < cube.series(); ++series) {
    const std::int64_t word = WordIdAt(*code.values, static_cast<std::int64_t>(series));
    for (std::uint32_t row = cube.offsets[series]; row < cube.offsets[series + 1] && word >= 0; ++row) {
      const std::uint32_t time = cube.time_ids[row];
      if (time >= days.size() || std::isnan(years[row])) continue;
      rows.push_back({static_cast<std::int32_t>(word),
                      static_cast<std::int64_t>(years[row]),
                      {days[time], static_cast<float>(values[row])}});
    }
  }
  return std::make_unique<const SeedIndex>(cube.dimensions.front().codes, std::move(rows));
}

base::Result<std::shared_ptr<const Snapshot>> Build(const dataset::ColumnSource& table,
                                                    const RoleOverrides& overrides) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->rows = table.rows();
  TIDEMILL_ASSIGN(snapshot->columns, FindColumns(table, overrides));
  TIDEMILL_ASSIGN(snapshot->cube, MakeCube(table, snapshot->columns));
  const Cube& cube = *snapshot->cube;
  FillFacts(snapshot->columns, cube);
  snapshot->dimensions = DimensionsOf(cube);
  snapshot->series = static_cast<std::int64_t>(cube.series());
  if (!cube.times.empty()) snapshot->period = Span{cube.frequency, cube.times.front(), cube.times.back()};
  snapshot->statuses = StatusesOf(cube);
  snapshot->seed = MakeSeed(cube);
  return snapshot;
}

}  // namespace

base::Result<std::shared_ptr<const Snapshot>> MakeSnapshot(const dataset::ColumnSource& table,
                                                           const RoleOverrides& overrides) {
  return dataset::Guarded("load the table", [&] { return Build(table, overrides); });
}

base::Result<std::shared_ptr<const Snapshot>> MakeSnapshot(const arrow::Table& table, const RoleOverrides& overrides) {
  return MakeSnapshot(*dataset::ColumnsOfTable(table), overrides);
}

}  // namespace tidemill::query
