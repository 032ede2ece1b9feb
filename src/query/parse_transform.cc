// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/type.h>
#include <fmt/format.h>

#include "parse_filter.h"
#include "transform_columns.h"

namespace tidemill::query {
namespace {

constexpr std::array<std::string_view, 8> kNames = {"yoy", "yoy_pct", "pop",    "pop_pct",
                                                    "ytd", "roll12",  "mean5y", "vs_mean5y"};

bool IsSum(Transform transform) {
  return transform == Transform::kYtd || transform == Transform::kRoll12;
}
bool IsPercent(Transform transform) {
  return transform == Transform::kYoyPct || transform == Transform::kPopPct;
}
bool IsExact(Transform transform) {
  return transform <= Transform::kRoll12 && !IsPercent(transform);
}

QueryError Bad(const Parameter& parameter, const std::string& value) {
  const std::vector<std::string> names(kNames.begin(), kNames.end());
  QueryError error = MakeError("bad-value", parameter, {});
  error.value = value;
  error.valid = names;
  error.nearest = NearestWords(value, names);
  error.error.message =
      fmt::format("{} is no transform; expected some of {}", base::Quoted(value), fmt::join(names, ", "));
  if (!error.nearest.empty()) error.error.message += fmt::format("; nearest: {}", fmt::join(error.nearest, ", "));
  return error;
}

// Transforms need one value a series and period.
std::optional<QueryError> CheckSeries(const Parameter& parameter, const Cube& cube) {
  const bool in_order =
      std::adjacent_find(cube.times.begin(), cube.times.end(), std::greater_equal<>()) == cube.times.end();
  if (cube.time_column >= 0 && !cube.repeats && in_order) return std::nullopt;
  const std::string with = cube.time_column < 0 ? "rows without a time" : "rows of which several have one key";
  QueryError error = MakeError("conflicting-parameters", parameter, fmt::format("transform cannot go with {}", with));
  error.valid = {with};
  return error;
}

Checked<std::vector<Transform>> ReadNames(const Parameter& parameter) {
  std::vector<Transform> transforms;
  for (const std::string& name : SplitValues(parameter.value)) {
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) return tl::unexpected(Bad(parameter, name));
    const auto transform = static_cast<Transform>(found - kNames.begin());
    if (std::find(transforms.begin(), transforms.end(), transform) == transforms.end()) transforms.push_back(transform);
  }
  return transforms;
}

std::string DerivedName(const Cube& cube, const DerivedColumn& derived) {
  return fmt::format("{}_{}", cube.columns[derived.measure].name, NameOf(derived.transform));
}

std::shared_ptr<arrow::DataType> DerivedType(const CubeColumn& measure, Transform transform) {
  if (!IsExact(transform)) return arrow::float64();
  if (measure.kind == Kind::kInteger) return arrow::int64();
  return measure.values->type_id() == arrow::Type::FLOAT ? arrow::float32() : arrow::float64();
}

}  // namespace

std::string_view NameOf(Transform transform) {
  return kNames[static_cast<std::size_t>(transform)];
}

Checked<std::vector<DerivedColumn>> ParseTransforms(const Parameter& parameter, const Cube& cube) {
  if (auto error = CheckSeries(parameter, cube)) return tl::unexpected(*std::move(error));
  const auto transforms = ReadNames(parameter);
  if (!transforms) return tl::unexpected(transforms.error());
  std::vector<DerivedColumn> derived;
  bool is_sum_refused = false;
  for (std::size_t measure = 0; measure < cube.columns.size(); ++measure) {
    const CubeColumn& column = cube.columns[measure];
    const bool is_number = column.kind == Kind::kInteger || column.kind == Kind::kNumber;
    if (column.role != Role::kMeasure || !is_number) continue;
    for (const Transform transform : *transforms) {
      const DerivedColumn wanted{measure, transform};
      const bool refused = IsSum(transform) && !column.additive;
      is_sum_refused = is_sum_refused || refused;
      if (!refused && cube.Find(DerivedName(cube, wanted)) < 0) derived.push_back(wanted);
    }
  }
  if (!derived.empty() || !is_sum_refused) return derived;
  QueryError error =
      MakeError("not-additive", parameter, "no measure can be added up over time; expected a transform that is no sum");
  error.error.code = base::ErrorCode::kInvalid;
  return tl::unexpected(std::move(error));
}

std::shared_ptr<const Cube> NameDerived(const Cube& cube, const std::vector<DerivedColumn>& derived) {
  auto named = std::make_shared<Cube>();
  named->columns = cube.columns;
  named->dimensions = cube.dimensions;
  named->time_column = cube.time_column;
  named->frequency = cube.frequency;
  named->times = cube.times;
  named->offsets = {0};
  for (const DerivedColumn& wanted : derived) {
    const CubeColumn& measure = cube.columns[wanted.measure];
    const auto type = DerivedType(measure, wanted.transform);
    CubeColumn& column = named->columns.emplace_back();
    column.name = DerivedName(cube, wanted);
    column.kind = type->id() == arrow::Type::INT64 ? Kind::kInteger : Kind::kNumber;
    column.additive = measure.additive && !IsPercent(wanted.transform);
    column.of = measure.name;
    column.values = arrow::MakeEmptyArray(type).ValueOrDie();
  }
  return named;
}

}  // namespace tidemill::query
