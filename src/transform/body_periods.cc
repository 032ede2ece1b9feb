// SPDX-License-Identifier: Apache-2.0
#include "body.h"

namespace tidemill::transform {
namespace {

using base::Period;
using Kind = YearSource::Kind;

// The year of a value, for a column whose texts have none.
std::optional<int> YearOf(const Table& table, const Binding& binding, const YearSource& source, std::size_t index,
                          const BodyRow& row, std::size_t column) {
  if (source.kind == Kind::kOuterAxis) {
    const auto& outer = table.axis[column].outer[source.index].period;
    return outer ? std::optional(outer->year) : std::nullopt;
  }
  if (source.kind == Kind::kConstant) {
    const auto& constant = binding.constants[source.index].period;
    return constant ? std::optional(constant->year) : std::nullopt;
  }
  return index < row.years.size() && row.years[index] != 0 ? std::optional(row.years[index]) : std::nullopt;
}

std::optional<Period> Completed(const Table& table, const Binding& binding, const recipe::ColumnSpec& spec,
                                const AxisValue& value, const BodyRow& row, std::size_t column) {
  if (!value.needs_year()) return value.period;
  for (std::size_t i = 0; i < binding.years.size(); ++i) {
    if (binding.years[i].first != &spec) continue;
    const auto year = YearOf(table, binding, binding.years[i].second, i, row, column);
    return year ? InYear(*value.period, *year) : std::nullopt;
  }
  return std::nullopt;
}

bool TellsAYear(const Binding& binding, Kind kind, std::size_t index) {
  for (const auto& [spec, source] : binding.years) {
    if (source.kind == kind && source.index == index) return true;
  }
  return false;
}

}  // namespace

std::optional<Period> PeriodOf(const Table& table, const Binding& binding, const BodyRow& row, std::size_t column) {
  if (!table.axis.empty()) {
    const AxisCell& cell = table.axis[column];
    if (cell.value.period) return Completed(table, binding, *binding.axis, cell.value, row, column);
    for (std::size_t i = 0; i < cell.outer.size(); ++i) {
      if (!cell.outer[i].period || TellsAYear(binding, Kind::kOuterAxis, i)) continue;
      return Completed(table, binding, *binding.outer[i], cell.outer[i], row, column);
    }
  }
  if (row.period) return row.period;
  for (std::size_t i = 0; i < binding.constants.size(); ++i) {
    if (binding.constants[i].period && !TellsAYear(binding, Kind::kConstant, i)) return binding.constants[i].period;
  }
  return std::nullopt;
}

}  // namespace tidemill::transform
