// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/wide.h"

#include <algorithm>
#include <map>

#include <arrow/array.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/compute/api_vector.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "parse_filter.h"
#include "places.h"

namespace tidemill::query {
namespace {

using Array = std::shared_ptr<arrow::Array>;
using Places = std::vector<std::uint32_t>;

// They lie in memory at once, unlike the rows of other answers.
constexpr std::size_t kMostCells = 10'000'000;

QueryError Refuse(const Parameter& shape, const std::string& why, const std::string& expected) {
  QueryError error = MakeError("bad-value", shape, fmt::format("shape=wide cannot be: {}; expected {}", why, expected));
  error.value = shape.value;
  error.valid = {expected};
  return error;
}

Places Distinct(Places places) {
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

std::string LabelsOf(const Cube& cube, std::size_t series) {
  std::vector<std::string> labels;
  for (const CodeList& list : cube.dimensions) {
    const std::string code = cube.CodeOf(list, series);
    const auto place = Cube::PlaceOf(list, code);
    const bool named = place && list.label_column >= 0 && !list.labels[*place].empty();
    labels.push_back(named ? list.labels[*place] : code);
  }
  return base::Join(labels, ", ");
}

std::vector<std::string> NamesOf(const Query& query, const Cube& cube, const Places& series) {
  std::vector<std::string> names;
  if (query.labels != Labels::kName) {
    for (const std::uint32_t one : series) names.push_back(cube.SeriesKey(one));
    return names;
  }
  std::map<std::string, int> counts{{cube.columns[static_cast<std::size_t>(cube.time_column)].name, 1}};
  for (const std::uint32_t one : series) ++counts[names.emplace_back(LabelsOf(cube, one))];
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (counts[names[i]] > 1) names[i] = cube.SeriesKey(series[i]);
  }
  return names;
}

Array TakeAt(const Array& values, const arrow::UInt32Array& places) {
  return arrow::compute::Take(*values, places).ValueOrDie();
}

// The row of each period, null where the series has none.
std::shared_ptr<arrow::UInt32Array> RowsByPeriod(const std::uint32_t* rows, const std::uint32_t* times,
                                                 std::size_t count, const Places& periods) {
  arrow::UInt32Builder builder;
  std::size_t at = 0;
  for (const std::uint32_t period : periods) {
    const bool has = at < count && times[at] == period;
    (void)(has ? builder.Append(rows[at++]) : builder.AppendNull());
  }
  std::shared_ptr<arrow::UInt32Array> places;
  (void)builder.Finish(&places);
  return places;
}

}  // namespace

Checked<std::size_t> WideColumn(const Parameter& shape, const Query& query, const Cube& cube) {
  if (cube.time_column < 0 || cube.repeats || cube.dimensions.empty()) {
    return tl::unexpected(Refuse(shape, "the rows are no time series with one value a period", "another shape"));
  }
  std::vector<std::size_t> shown;
  std::vector<std::string> names;
  const std::size_t first_derived = cube.columns.size() - query.derived.size();
  for (const std::size_t column : query.select) {
    const CubeColumn& known = cube.columns[column];
    const bool is_status = query.selects && known.role == Role::kStatus;
    if (known.level != Level::kRow) continue;
    if (known.role != Role::kMeasure && column < first_derived && !is_status) continue;
    shown.push_back(column);
    names.push_back(known.name);
  }
  if (shown.size() == 1) return shown.front();
  const std::string why =
      shown.empty() ? "no measure is selected" : fmt::format("a cell has room for one of {}", base::Join(names, ", "));
  return tl::unexpected(Refuse(shape, why, shown.empty() ? "select=MEASURE" : "select=" + names.front()));
}

Checked<std::shared_ptr<arrow::RecordBatch>> Widen(const Query& query, const Cube& cube,
                                                   const std::vector<std::uint32_t>& rows) {
  const Places series_of = PlacesOf(cube, Level::kSeries, rows.data(), rows.size());
  const Places time_of = PlacesOf(cube, Level::kTime, rows.data(), rows.size());
  const Places series = Distinct(series_of);
  const Places periods = Distinct(time_of);
  if (!periods.empty() && series.size() > kMostCells / periods.size()) {
    return tl::unexpected(QueryError{
        .type = "too-large",
        .error = {.code = base::ErrorCode::kTooLarge,
                  .message = fmt::format("{} series and {} periods are more cells than shape=wide makes, {}; ask for "
                                         "fewer, or for another shape, which has no limit",
                                         series.size(), periods.size(), kMostCells)},
        .parameter = "shape",
        .value = "wide"});
  }
  const CubeColumn& time = cube.columns[static_cast<std::size_t>(cube.time_column)];
  const arrow::UInt32Array places(static_cast<std::int64_t>(periods.size()), arrow::Buffer::Wrap(periods));
  arrow::FieldVector fields{arrow::field(time.name, time.values->type())};
  arrow::ArrayVector arrays{TakeAt(time.values, places)};
  const auto column = WideColumn({}, query, cube);
  if (!column) return tl::unexpected(column.error());
  const CubeColumn& shown = cube.columns[*column];
  std::size_t begin = 0;
  for (const std::string& name : NamesOf(query, cube, series)) {
    std::size_t end = begin;
    while (end < rows.size() && series_of[end] == series_of[begin]) ++end;
    fields.push_back(arrow::field(name, shown.values->type()));
    arrays.push_back(
        TakeAt(shown.values, *RowsByPeriod(rows.data() + begin, time_of.data() + begin, end - begin, periods)));
    begin = end;
  }
  return arrow::RecordBatch::Make(arrow::schema(std::move(fields)), static_cast<std::int64_t>(periods.size()),
                                  std::move(arrays));
}

}  // namespace tidemill::query
