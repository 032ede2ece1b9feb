// SPDX-License-Identifier: Apache-2.0
#include "bind.h"

#include <algorithm>
#include <set>

#include "tidemill/base/text.h"

#include "address.h"
#include "bind_axis.h"
#include "bind_from.h"
#include "binding_error.h"
#include "geo_code.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::Role;
using workbook::Cell;

constexpr double kMostlyCodes = 0.80;

// Binds step by step; a column of the sheet that is bound leaves `free`.
class Binder {
 public:
  Binder(const TableSearch& search, Table& table) : search_(search), table_(table), texts_(search, table) {}
  base::Result<Binding> Bind();

 private:
  void FindFilledColumns();
  base::Status BindPlaced(const ColumnSpec& spec);
  base::Status BindByHeader(const ColumnSpec& spec);
  base::Status BindByLetters(const ColumnSpec& spec);
  base::Status BindCode(const ColumnSpec& spec);
  base::Status BindLabel(const ColumnSpec& spec);
  base::Status BindYears();
  YearSource YearIn(std::uint32_t column);
  base::Status PlaceFlagsAndTotals();
  base::Status CheckNothingLeft();
  void Put(const ColumnSpec& spec, std::uint32_t column);
  double ShareOfCodes(const ColumnSpec& spec, std::uint32_t column) const;
  std::string ColumnText(std::uint32_t column) const;
  // Columns that may be bound and have a header.
  void HeadedColumns(std::vector<std::uint32_t>& columns, std::vector<std::string>& texts) const;
  // Stub columns stand left of the axis, or of the first value column.
  std::uint32_t StubEnd() const;

  const TableSearch& search_;
  Table& table_;
  HeaderTexts texts_;
  Binding binding_;
  std::vector<BoundColumn> flags_;
  std::set<std::uint32_t> free_;    // filled in the body, not bound
  std::set<std::uint32_t> headed_;  // with a header cell, not bound
};

void Binder::FindFilledColumns() {
  const auto add = [&](std::size_t first, std::size_t end, std::set<std::uint32_t>& to) {
    for (std::size_t row = first; row < end; ++row) {
      for (const Cell& cell : search_.grid.Cells(row)) {
        if (cell.column < table_.first_column || cell.column > table_.last_column) continue;
        if (search_.grid.HasContent(cell)) to.insert(cell.column);
      }
    }
  };
  add(table_.body_first, table_.body_end, free_);
  add(table_.header_first, table_.header_last + 1, headed_);
  for (const AxisCell& cell : table_.axis) {
    free_.erase(cell.column);
    headed_.erase(cell.column);
  }
}

std::string Binder::ColumnText(std::uint32_t column) const {
  return fmt::format("{} {}", workbook::ColumnName(column), base::Quoted(texts_.Of(column)));
}

void Binder::Put(const ColumnSpec& spec, std::uint32_t column) {
  free_.erase(column);
  headed_.erase(column);
  const BoundColumn bound{.spec = &spec, .column = column};
  switch (spec.role) {
    case Role::kCode:
      binding_.code = CodeColumn{.spec = &spec, .column = column, .text = {}};
      break;
    case Role::kLabel:
      binding_.label = &spec;
      binding_.label_columns.push_back(column);
      break;
    case Role::kDimension:
      binding_.dimensions.push_back(bound);
      break;
    case Role::kTotal:
      binding_.totals.push_back(bound);
      break;
    case Role::kValue:
      binding_.values.push_back(bound);
      break;
    case Role::kStatus:
    case Role::kNote:
      flags_.push_back(bound);
      break;
    case Role::kIgnore:
      binding_.ignored.push_back(bound);
      break;
    case Role::kAxis:
    case Role::kGroup:
      break;
  }
}

void Binder::HeadedColumns(std::vector<std::uint32_t>& columns, std::vector<std::string>& texts) const {
  std::set<std::uint32_t> candidates = free_;
  candidates.insert(headed_.begin(), headed_.end());
  for (const std::uint32_t column : candidates) {
    const std::string& text = texts_.Of(column);
    if (text.empty()) continue;
    columns.push_back(column);
    texts.push_back(text);
  }
}

// A role of which one column of the recipe may take several columns of the sheet.
bool TakesSeveral(const ColumnSpec& spec, const Table& table) {
  if (spec.role == Role::kIgnore) return true;
  return !table.axis.empty() && (spec.role == Role::kTotal || spec.role == Role::kStatus || spec.role == Role::kNote);
}

base::Status Binder::BindByHeader(const ColumnSpec& spec) {
  std::vector<std::uint32_t> at;
  std::vector<std::string> texts;
  HeadedColumns(at, texts);
  if (TakesSeveral(spec, table_)) {
    bool any = false;
    for (std::size_t i = 0; i < at.size(); ++i) {
      if (!Hits(spec.header, texts[i], search_.bound)) continue;
      Put(spec, at[i]);
      any = true;
    }
    if (any) return {};
  }
  const recipe::Choice choice = recipe::Choose(spec.header, texts, search_.bound);
  if (choice.kind == recipe::Choice::Kind::kAmbiguous) {
    return BindingError("column-ambiguous", search_.place, "the header of columns.{} hits {} and {}", spec.name,
                        ColumnText(at[choice.candidate]), ColumnText(at[choice.runner_up]));
  }
  if (choice.kind == recipe::Choice::Kind::kOne) {
    Put(spec, at[choice.candidate]);
    return {};
  }
  if (spec.optional) return {};
  std::string candidates;
  for (const std::uint32_t column : at) candidates += (candidates.empty() ? "" : ", ") + ColumnText(column);
  return BindingError("column-missing", search_.place, "no header hits columns.{}; headers: {}", spec.name, candidates);
}

base::Status Binder::BindByLetters(const ColumnSpec& spec) {
  const auto column = ColumnOfLetters(spec.column);
  if (column && (free_.contains(*column) || headed_.contains(*column))) {
    Put(spec, *column);
    return {};
  }
  if (spec.optional) return {};
  return BindingError("column-missing", search_.place, "column {} of columns.{} is blank, taken or beyond the table",
                      spec.column, spec.name);
}

base::Status Binder::BindPlaced(const ColumnSpec& spec) {
  if (spec.role == Role::kAxis) return {};
  if (!spec.from.empty()) return BindFrom(search_, table_, spec, binding_);
  if (spec.role == Role::kValue && !table_.axis.empty()) return {};
  if (!spec.column.empty()) return BindByLetters(spec);
  if (!spec.header.empty()) return BindByHeader(spec);
  return {};
}

std::uint32_t Binder::StubEnd() const {
  std::uint32_t end = table_.axis.empty() ? table_.last_column + 1 : table_.axis.front().column;
  for (const BoundColumn& value : binding_.values) end = std::min(end, value.column);
  return end;
}

double Binder::ShareOfCodes(const ColumnSpec& spec, std::uint32_t column) const {
  std::size_t filled = 0;
  std::size_t valid = 0;
  for (std::size_t row = table_.body_first; row < table_.body_end; ++row) {
    const Cell* cell = search_.grid.Find(row, column);
    if (cell == nullptr) continue;
    ++filled;
    if (CleanCode(search_.grid.Clean(*cell, search_.spec.notes).text, spec).valid) ++valid;
  }
  return filled == 0 ? 0 : static_cast<double>(valid) / static_cast<double>(filled);
}

base::Status Binder::BindCode(const ColumnSpec& spec) {
  std::vector<std::uint32_t> found;
  std::string shares;
  for (const std::uint32_t column : free_) {
    if (column >= StubEnd()) break;
    const double share = ShareOfCodes(spec, column);
    shares += fmt::format("{}{} {:.0f} %", shares.empty() ? "" : ", ", workbook::ColumnName(column), share * 100);
    if (share >= kMostlyCodes) found.push_back(column);
  }
  if (found.size() > 1) {
    return BindingError("column-ambiguous", search_.place, "columns {} and {} both hold codes of {}",
                        ColumnText(found[0]), ColumnText(found[1]), spec.system);
  }
  if (found.size() == 1) {
    Put(spec, found[0]);
  } else if (!spec.optional) {
    return BindingError("column-missing", search_.place,
                        "no column left of the values holds at least 80 % codes of {} for columns.{}; shares: {}",
                        spec.system, spec.name, shares.empty() ? "no column" : shares);
  }
  return {};
}

base::Status Binder::BindLabel(const ColumnSpec& spec) {
  const std::uint32_t end = StubEnd();
  const std::vector<std::uint32_t> columns(free_.begin(), free_.lower_bound(end));
  for (const std::uint32_t column : columns) Put(spec, column);
  if (!columns.empty() || spec.optional) return {};
  return BindingError("column-missing", search_.place, "no filled column left of the values for columns.{}", spec.name);
}

YearSource Binder::YearIn(std::uint32_t column) {
  const auto bound = std::ranges::find(binding_.dimensions, column, &BoundColumn::column);
  if (bound != binding_.dimensions.end()) {
    const auto index = static_cast<std::size_t>(bound - binding_.dimensions.begin());
    return {.kind = YearSource::Kind::kDimension, .index = index, .column = column};
  }
  free_.erase(column);
  headed_.erase(column);
  return {.kind = YearSource::Kind::kColumn, .index = 0, .column = column};
}

// Years that stand in a column that nothing else of the recipe takes are found by their header.
base::Status Binder::BindYears() {
  for (const ColumnSpec& spec : search_.spec.columns) {
    const bool dated = spec.role == Role::kAxis || (spec.role == Role::kDimension && spec.axis);
    if (!dated || spec.year.empty() || spec.year.starts_with('{')) continue;
    YearSource source = FindYearColumn(spec, binding_);
    if (source.kind == YearSource::Kind::kNone) {
      std::vector<std::uint32_t> at;
      std::vector<std::string> texts;
      HeadedColumns(at, texts);
      for (const BoundColumn& bound : binding_.dimensions) {
        at.push_back(bound.column);
        texts.push_back(texts_.Of(bound.column));
      }
      TIDEMILL_ASSIGN(const auto pattern, recipe::Pattern::Compile(spec.year));
      const recipe::Choice choice = recipe::Choose({pattern}, texts, search_.bound);
      if (choice.kind != recipe::Choice::Kind::kOne) {
        return BindingError("column-missing", search_.place, "{} header hits the year {} of columns.{}",
                            choice.kind == recipe::Choice::Kind::kNone ? "no" : "more than one",
                            base::Quoted(spec.year), spec.name);
      }
      source = YearIn(at[choice.candidate]);
    }
    binding_.years.emplace_back(&spec, source);
  }
  return {};
}

base::Status Binder::PlaceFlagsAndTotals() {
  for (const BoundColumn& flag : flags_) {
    TIDEMILL_ASSIGN(FlagColumn placed, PlaceOfFlag(search_, table_, binding_, flag));
    binding_.flags.push_back(placed);
  }
  for (const BoundColumn& total : binding_.totals) {
    binding_.total_places.push_back(PlacesOfTotal(search_, table_, binding_, total));
  }
  return {};
}

base::Status Binder::CheckNothingLeft() {
  if (free_.empty()) return {};
  const std::uint32_t column = *free_.begin();
  std::size_t row = table_.body_first;
  while (search_.grid.Find(row, column) == nullptr) ++row;
  const Cell& first = *search_.grid.Find(row, column);
  return BindingError("column-unbound", search_.place,
                      "column {} is filled (first {} = {}), but no column of the recipe takes it", ColumnText(column),
                      search_.grid.A1(row, first), base::Quoted(search_.grid.sheet().DisplayText(first)));
}

base::Result<Binding> Binder::Bind() {
  TIDEMILL_CHECK(BindAxis(search_, texts_, table_, binding_));
  FindFilledColumns();
  const auto& columns = search_.spec.columns;
  for (const ColumnSpec& spec : columns) {
    if (spec.role == Role::kGroup) binding_.groups.push_back(&spec);
    TIDEMILL_CHECK(BindPlaced(spec));
  }
  const auto found_by_cells = [](const ColumnSpec& spec, Role role) {
    return spec.role == role && spec.header.empty() && spec.column.empty() && spec.from.empty();
  };
  for (const ColumnSpec& spec : columns) {
    if (found_by_cells(spec, Role::kCode)) TIDEMILL_CHECK(BindCode(spec));
  }
  TIDEMILL_CHECK(BindYears());
  for (const ColumnSpec& spec : columns) {
    if (found_by_cells(spec, Role::kLabel)) TIDEMILL_CHECK(BindLabel(spec));
  }
  TIDEMILL_CHECK(PlaceFlagsAndTotals());
  TIDEMILL_CHECK(CheckNothingLeft());
  return std::move(binding_);
}

}  // namespace

const YearSource* Binding::YearOf(const recipe::ColumnSpec& spec) const {
  const auto at = std::ranges::find(years, &spec, &std::pair<const ColumnSpec*, YearSource>::first);
  return at == years.end() ? nullptr : &at->second;
}

base::Result<Binding> BindColumns(const TableSearch& search, Table& table) {
  return Binder(search, table).Bind();
}

}  // namespace tidemill::transform
