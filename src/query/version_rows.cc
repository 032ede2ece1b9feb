// SPDX-License-Identifier: Apache-2.0
#include "version_rows.h"

#include <arrow/array.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/compute/api_vector.h>
#include <arrow/compute/cast.h>
#include <arrow/type.h>

#include "tidemill/dataset/arrow_result.h"
#include "tidemill/query/run_query.h"

namespace tidemill::query {
namespace {

using Array = std::shared_ptr<arrow::Array>;
constexpr std::string_view kReadRows = "compare versions";

std::int64_t PlaceOf(const Cube& cube, Level level, std::int64_t row) {
  const auto number = static_cast<std::uint32_t>(row);
  if (level == Level::kSeries) return cube.SeriesOf(number);
  return level == Level::kTime ? static_cast<std::int64_t>(cube.time_ids[number]) : row;
}

}  // namespace

base::Result<KeyedRows> ReadKeyedRows(const Cube& cube, const std::vector<Column>& columns) {
  if (cube.repeats)
    return base::Fail(base::ErrorCode::kNotFound, "rows have equal keys, so versions cannot be compared");
  KeyedRows keyed;
  std::vector<std::uint32_t> rows;
  for (std::size_t series = 0; series < cube.series(); ++series) {
    const std::string key = cube.SeriesKey(series);
    for (std::uint32_t row = cube.offsets[series]; row < cube.offsets[series + 1]; ++row) {
      keyed.keys.push_back(key + "." + cube.TimeText(row));
      rows.push_back(row);
    }
  }
  keyed.facts.resize(rows.size());
  for (const Column& column : columns) {
    const int place = cube.Find(column.name);
    if (!IsFact(column) || place < 0) continue;
    TIDEMILL_ASSIGN(const auto values, JsonValues(cube, static_cast<std::size_t>(place), rows));
    for (std::size_t i = 0; i < values.size(); ++i) keyed.facts[i] += values[i] + ";";
  }
  return keyed;
}

std::shared_ptr<arrow::DataType> PlainType(const Cube& cube, std::string_view column) {
  const int place = cube.Find(column);
  if (place < 0) return arrow::null();
  const auto& type = cube.columns[static_cast<std::size_t>(place)].values->type();
  return type->id() == arrow::Type::DICTIONARY ? arrow::utf8() : type;
}

base::Result<Array> PlainValues(const Cube& cube, std::string_view column, const std::vector<std::int64_t>& rows,
                                const std::shared_ptr<arrow::DataType>& type) {
  const int found = cube.Find(column);
  if (found < 0) {
    return dataset::FromArrow(arrow::MakeArrayOfNull(type, static_cast<std::int64_t>(rows.size())), kReadRows);
  }
  const CubeColumn& known = cube.columns[static_cast<std::size_t>(found)];
  arrow::Int64Builder builder;
  for (const std::int64_t row : rows) {
    TIDEMILL_CHECK(dataset::FromArrow(row < 0 ? builder.AppendNull() : builder.Append(PlaceOf(cube, known.level, row)),
                                      kReadRows));
  }
  TIDEMILL_ASSIGN(const Array places, dataset::FromArrow(builder.Finish(), kReadRows));
  TIDEMILL_ASSIGN(const Array taken, dataset::FromArrow(arrow::compute::Take(*known.values, *places), kReadRows));
  if (taken->type()->Equals(*type)) return taken;
  return dataset::FromArrow(arrow::compute::Cast(*taken, type), kReadRows);
}

}  // namespace tidemill::query
