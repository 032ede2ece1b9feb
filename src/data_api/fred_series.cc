// SPDX-License-Identifier: Apache-2.0
#include "fred_series.h"

#include <array>
#include <chrono>
#include <numeric>
#include <utility>

#include <arrow/type_fwd.h>
#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"
#include "tidemill/query/run_query.h"

namespace tidemill::data_api {
namespace {

using query::Cube;

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kUnits = {
    {{"lin", ""}, {"ch1", "yoy"}, {"pc1", "yoy_pct"}, {"chg", "pop"}, {"pch", "pop_pct"}}};

std::vector<std::uint32_t> RowsOf(const Cube& cube, std::size_t series) {
  std::vector<std::uint32_t> rows(cube.offsets[series + 1] - cube.offsets[series]);
  std::iota(rows.begin(), rows.end(), cube.offsets[series]);
  // A row without a time has no date; it is the last of its series.
  while (!rows.empty() && (cube.time_ids.empty() || cube.time_ids[rows.back()] >= cube.times.size())) rows.pop_back();
  return rows;
}

std::string DateOf(const Cube& cube, std::uint32_t row) {
  return base::ToText(base::StartOf(cube.times[cube.time_ids[row]]));
}

std::string Unquoted(std::string json) {
  return json.size() >= 2 && json.front() == '"' ? json.substr(1, json.size() - 2) : json;
}

std::string ValueOf(std::string json) {
  return json == "null" ? "." : json;
}

// The day before an exclusive end; "null" is no end yet.
std::string LastDay(const std::string& end) {
  const auto date = base::ParseDate(end);
  return date ? base::ToText(*date - std::chrono::days(1)) : std::string(kLastRealtime);
}

struct Derived {
  std::shared_ptr<const Cube> cube;
  std::size_t column = 0;
};

// The cube with the column that the units ask for.
base::Result<Derived> Derive(const FredSeries& series, std::string_view units) {
  const auto& cube = series.dataset->snapshot->cube;
  const std::string_view transform = TransformOfUnits(units).value_or("");
  if (transform.empty()) return Derived{cube, series.measure.column};
  const query::ParseOptions options{.newest = nullptr, .reserved = {"transform"}};
  const auto query = query::ParseQuery(
      {{.name = "transform", .value = std::string(transform)}, {.name = "series_key", .value = series.key}}, *cube,
      options);
  if (!query) return tl::unexpected(query.error().error);
  auto result = query::RunQuery(*query, cube, {});
  if (!result) return tl::unexpected(std::move(result).error().error);
  const int column = result->cube->Find(fmt::format("{}_{}", cube->columns[series.measure.column].name, transform));
  if (column < 0) return base::Fail(base::ErrorCode::kInvalid, "{} cannot be had of this series", units);
  return Derived{result->cube, static_cast<std::size_t>(column)};
}

}  // namespace

std::optional<std::string_view> TransformOfUnits(std::string_view units) {
  for (const auto& [name, transform] : kUnits) {
    if (name == units) return transform;
  }
  return std::nullopt;
}

std::string RealtimeOf(const LoadedDataset& dataset) {
  return dataset.released.empty() ? std::string(kFirstRealtime) : dataset.released;
}

tl::expected<FredSeries, FredError> FindFredSeries(const Catalog& catalog, std::string_view id) {
  const auto fail = [](const std::string& why) { return tl::unexpected(FredError{400, "Bad Request. " + why}); };
  const std::size_t dot = id.find('.');
  const std::string_view name = id.substr(0, dot);
  const std::size_t colon = name.find(':');
  FredSeries found{
      .dataset = catalog.Share(name.substr(0, colon)), .series = 0, .id = std::string(id), .key = {}, .measure = {}};
  if (!found.dataset || dot == std::string_view::npos) {
    return fail(fmt::format("The series {} does not exist; expected dataset.KEY, such as deaths_monthly.M.E08000007.",
                            base::Quoted(id)));
  }
  found.key = id.substr(dot + 1);
  const Cube& cube = *found.dataset->snapshot->cube;
  const auto series = FindSeries(*found.dataset, cube, found.key);
  if (!series) return fail(fmt::format("The series does not exist: {}.", series.error().detail));
  if (cube.time_column < 0) return fail(fmt::format("{} has no time.", found.dataset->id));
  const auto measure = FindMeasure(*found.dataset, cube, colon == std::string_view::npos ? "" : name.substr(colon + 1));
  if (!measure) return fail(measure.error().detail + ".");
  found.series = *series;
  found.measure = *measure;
  return found;
}

base::Result<std::vector<FredPoint>> NewestPoints(const FredSeries& series, std::string_view units) {
  TIDEMILL_ASSIGN(const Derived derived, Derive(series, units));
  const auto rows = RowsOf(*derived.cube, series.series);
  TIDEMILL_ASSIGN(auto values, query::JsonValues(*derived.cube, derived.column, rows));
  const std::string day = RealtimeOf(*series.dataset);
  std::vector<FredPoint> points;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    points.push_back({DateOf(*derived.cube, rows[i]), day, day, ValueOf(std::move(values[i]))});
  }
  return points;
}

base::Result<std::vector<FredPoint>> AllPoints(const FredSeries& series) {
  if (!series.dataset->vintages) {
    TIDEMILL_ASSIGN(auto points, NewestPoints(series, "lin"));
    for (FredPoint& point : points) {
      point.start = kFirstRealtime;
      point.end = kLastRealtime;
    }
    return points;
  }
  TIDEMILL_ASSIGN(const auto history, series.dataset->vintages->History(series.dataset->vintage, false));
  std::vector<FredPoint> points;
  const std::int64_t place = history->FindSeries(series.key);
  const int measure = history->Find(series.dataset->snapshot->cube->columns[series.measure.column].name);
  if (place < 0 || measure < 0) return points;
  const auto rows = RowsOf(*history, static_cast<std::size_t>(place));
  const auto read = [&](int column) { return query::JsonValues(*history, static_cast<std::size_t>(column), rows); };
  TIDEMILL_ASSIGN(auto values, read(measure));
  TIDEMILL_ASSIGN(auto starts, read(history->Find("realtime_start")));
  TIDEMILL_ASSIGN(auto ends, read(history->Find("realtime_end")));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    points.push_back({DateOf(*history, rows[i]), Unquoted(std::move(starts[i])), LastDay(Unquoted(std::move(ends[i]))),
                      ValueOf(std::move(values[i]))});
  }
  return points;
}

}  // namespace tidemill::data_api
