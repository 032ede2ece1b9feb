// SPDX-License-Identifier: Apache-2.0
#include "bind.h"

#include <algorithm>
#include <set>

#include "tidemill/base/text.h"

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
  Binder(const TableSearch& search, const Table& table) : search_(search), table_(table) {}
  base::Result<Binding> Bind();

 private:
  void FindFilledColumns();
  base::Status BindByHeader(const ColumnSpec& spec);
  base::Status BindFrom(const ColumnSpec& spec);
  base::Status BindCode(const ColumnSpec& spec);
  base::Status BindLabel(const ColumnSpec& spec);
  base::Status CheckNothingLeft();
  void Put(const ColumnSpec& spec, std::uint32_t column);
  double ShareOfCodes(const ColumnSpec& spec, std::uint32_t column) const;
  std::string ColumnText(std::uint32_t column) const;
  // Stub columns stand left of the axis, or of the first value column.
  std::uint32_t StubEnd() const;

  const TableSearch& search_;
  const Table& table_;
  Binding binding_;
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
  return fmt::format("{} {}", workbook::ColumnName(column), base::Quoted(HeaderText(search_, table_, column)));
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
    default:
      binding_.ignored.push_back(bound);
      break;
  }
}

base::Status Binder::BindByHeader(const ColumnSpec& spec) {
  std::set<std::uint32_t> columns = free_;
  columns.insert(headed_.begin(), headed_.end());
  std::vector<std::string> texts;
  std::vector<std::uint32_t> at;
  for (const std::uint32_t column : columns) {
    std::string text = HeaderText(search_, table_, column);
    if (text.empty()) continue;
    texts.push_back(std::move(text));
    at.push_back(column);
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

// A column that is filled with what stands elsewhere: the sheet's name, a capture, or another column.
base::Status Binder::BindFrom(const ColumnSpec& spec) {
  if (spec.role == Role::kCode) binding_.code = CodeColumn{.spec = &spec, .column = {}, .text = {}};
  const bool capture = spec.from.starts_with('{');
  if (spec.from != "sheet" && !capture) return {};
  std::string text = search_.grid.sheet().name;
  if (capture) {
    const auto at = search_.bound.find(std::string_view(spec.from).substr(1, spec.from.size() - 2));
    if (at == search_.bound.end()) {
      return BindingError("column-missing", search_.place, "columns.{} takes {}, which nothing captured", spec.name,
                          spec.from);
    }
    text = at->second;
  }
  if (spec.role == Role::kCode) {
    binding_.code->text = std::move(text);
  } else {
    binding_.constants.push_back({.spec = &spec, .text = std::move(text)});
  }
  return {};
}

std::uint32_t Binder::StubEnd() const {
  std::uint32_t end = table_.axis.empty() ? table_.last_column : table_.axis.front().column;
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
  FindFilledColumns();
  const auto& columns = search_.spec.columns;
  for (const ColumnSpec& spec : columns) {
    if (spec.role == Role::kAxis) binding_.axis = &spec;
    if (!spec.from.empty()) {
      TIDEMILL_CHECK(BindFrom(spec));
    } else if (!spec.header.empty() && spec.role != Role::kAxis &&
               !(spec.role == Role::kValue && !table_.axis.empty())) {
      TIDEMILL_CHECK(BindByHeader(spec));
    }
  }
  for (const ColumnSpec& spec : columns) {
    if (spec.role == Role::kCode && spec.header.empty() && spec.from.empty()) TIDEMILL_CHECK(BindCode(spec));
  }
  for (const ColumnSpec& spec : columns) {
    if (spec.role == Role::kLabel && spec.header.empty()) TIDEMILL_CHECK(BindLabel(spec));
  }
  TIDEMILL_CHECK(CheckNothingLeft());
  return std::move(binding_);
}

}  // namespace

base::Result<Binding> BindColumns(const TableSearch& search, const Table& table) {
  return Binder(search, table).Bind();
}

}  // namespace tidemill::transform
