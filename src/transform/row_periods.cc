// SPDX-License-Identifier: Apache-2.0
#include "row_periods.h"

#include <algorithm>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using workbook::Cell;
using Kind = YearSource::Kind;

// The first year in a text: "2019", "2019/20", "Year 2019".
int YearIn(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 0; i + 4 <= text.size(); ++i) {
    const bool alone = (i == 0 || !digit(text[i - 1])) && (i + 4 == text.size() || !digit(text[i + 4]));
    if (!alone || !std::ranges::all_of(text.substr(i, 4), digit)) continue;
    const auto year = base::ParseInt(text.substr(i, 4));
    if (year && *year >= 1700 && *year <= 2199) return static_cast<int>(*year);
  }
  return 0;
}

}  // namespace

std::optional<std::string> RowPeriods::YearText(const YearSource& source, const BodyRow& row) {
  switch (source.kind) {
    case Kind::kDimension:
      return row.dimensions[source.index];
    case Kind::kDerived:
      return row.derived[source.index];
    case Kind::kGroup:
      return row.groups[source.index];
    case Kind::kColumn: {
      const Cell* cell = r_.grid.Find(row.row, source.column);
      if (cell == nullptr) return std::nullopt;
      r_.grid.Claim(*cell, CellClass::kDimension);
      return r_.grid.Clean(*cell, r_.search.spec.notes).text;
    }
    case Kind::kNone:
    case Kind::kOuterAxis:
    case Kind::kConstant:
      return std::nullopt;
  }
  return std::nullopt;
}

void RowPeriods::ReadYears(BodyRow& row) {
  for (std::size_t i = 0; i < r_.binding.years.size(); ++i) {
    const auto& [spec, source] = r_.binding.years[i];
    if (source.kind == Kind::kOuterAxis || source.kind == Kind::kConstant) {
      row.years.push_back(0);
      continue;
    }
    const auto text = YearText(source, row);
    if (text) above_[i] = YearIn(*text);
    if (above_[i] == 0) {
      r_.findings.Fail("year-missing", r_.grid.A1(row.row, *r_.grid.FirstOf(row.row)),
                       fmt::format("row {} has no year for columns.{}{}", r_.grid.RowNumber(row.row) + 1, spec->name,
                                   text ? ", but " + base::Quoted(*text) : std::string()));
    }
    row.years.push_back(above_[i]);
  }
}

bool RowPeriods::IsYearSource(const ColumnSpec& spec) const {
  return std::ranges::any_of(r_.binding.years, [&](const auto& year) {
    const YearSource& source = year.second;
    return (source.kind == Kind::kDimension && r_.binding.dimensions[source.index].spec == &spec) ||
           (source.kind == Kind::kDerived && r_.binding.derived[source.index].spec == &spec);
  });
}

int RowPeriods::YearFor(const ColumnSpec& spec, const BodyRow& row) const {
  for (std::size_t i = 0; i < r_.binding.years.size(); ++i) {
    const auto& [of, source] = r_.binding.years[i];
    if (of != &spec) continue;
    if (source.kind != Kind::kConstant) return row.years[i];
    const auto& constant = r_.binding.constants[source.index].period;
    return constant ? constant->year : 0;
  }
  return 0;
}

void RowPeriods::Read(const ColumnSpec& spec, std::size_t at_row, const Cell* cell, BodyRow& row, std::string& text) {
  const AxisReader* reader = r_.search.ReaderOf(spec);
  std::optional<AxisValue> value = reader == nullptr ? std::nullopt : reader->Read(text);
  if (value && value->needs_year()) {
    const int year = YearFor(spec, row);
    if (year == 0) return;  // that it is missing was found
    value->period = InYear(*value->period, year);
    if (value->period) value->text = base::ToText(*value->period);
    if (!value->period) value.reset();
  }
  if (value && !value->rest.empty()) {
    auto letters = r_.search.markers.ReadAll(recipe::Normalise(value->rest));
    if (!letters.empty()) value->rest.clear();
    std::ranges::move(letters, std::back_inserter(row.statuses));
  }
  if (!value || !value->rest.empty()) {
    const Cell& place = cell == nullptr ? *r_.grid.FirstOf(at_row) : *cell;
    r_.findings.Fail("axis-residue", r_.grid.A1(at_row, place),
                     fmt::format("{} is no {}", base::Quoted(text), ToText(*spec.axis)));
    return;
  }
  if (value->period && !IsYearSource(spec)) row.period = value->period;
  text = std::move(value->text);
}

}  // namespace tidemill::transform
