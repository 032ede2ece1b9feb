// SPDX-License-Identifier: Apache-2.0
#include "bind_from.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "binding_error.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::Role;
using Kind = YearSource::Kind;

// The same for all rows of a sheet.
bool IsConstant(const ColumnSpec& spec) {
  return spec.from == "sheet" || spec.from.starts_with('{');
}

base::Result<std::string> ConstantText(const TableSearch& search, const Table& table, const ColumnSpec& spec) {
  if (spec.from == "sheet") return search.grid.sheet().name;
  const std::string_view name = std::string_view(spec.from).substr(1, spec.from.size() - 2);
  for (const auto* captures : {&table.captures, &search.bound}) {
    if (const auto at = captures->find(name); at != captures->end()) return at->second;
  }
  return BindingError("column-missing", search.place, "columns.{} takes {}, which nothing captured", spec.name,
                      spec.from);
}

base::Status BindConstant(const TableSearch& search, const Table& table, const ColumnSpec& spec, Binding& binding) {
  TIDEMILL_ASSIGN(const std::string text, ConstantText(search, table, spec));
  ConstantColumn constant{.spec = &spec, .text = Mapped(spec, PartOf(spec, text))};
  if (const AxisReader* reader = search.ReaderOf(spec)) {
    const auto value = reader->Read(constant.text);
    if (!value || !value->rest.empty()) {
      return BindingError("axis-residue", search.place, "columns.{} takes {}, which is no {}", spec.name,
                          base::Quoted(constant.text), ToText(reader->kind()));
    }
    constant.text = value->text;
    constant.period = value->period;
  }
  binding.constants.push_back(std::move(constant));
  return {};
}

// Rows without a code of their own: the register finds it by the text of `from`, or by a column of the row.
base::Status BindCodeFrom(const TableSearch& search, const Table& table, const ColumnSpec& spec, Binding& binding) {
  binding.code = CodeColumn{.spec = &spec, .column = {}, .text = {}};
  if (!IsConstant(spec)) return {};
  TIDEMILL_ASSIGN(binding.code->text, ConstantText(search, table, spec));
  return {};
}

}  // namespace

base::Status BindFrom(const TableSearch& search, const Table& table, const ColumnSpec& spec, Binding& binding) {
  if (spec.role == Role::kCode) return BindCodeFrom(search, table, spec, binding);
  if (IsConstant(spec)) return BindConstant(search, table, spec, binding);
  const auto& columns = search.spec.columns;
  const auto source = spec.from == "label" ? std::ranges::find(columns, Role::kLabel, &ColumnSpec::role)
                                           : std::ranges::find(columns, spec.from, &ColumnSpec::name);
  if (source == columns.end()) {
    return BindingError("column-missing", search.place, "columns.{} takes its texts from {}, which is no column",
                        spec.name, base::Quoted(spec.from));
  }
  if (spec.role == Role::kLabel) {
    binding.label = &spec;
    binding.label_source = &*source;
  } else {
    binding.derived.push_back({.spec = &spec, .source = &*source});
  }
  return {};
}

YearSource FindYearColumn(const ColumnSpec& spec, const Binding& binding) {
  const auto find = [&](const auto& columns, Kind kind, const auto& spec_of) {
    const auto at =
        std::ranges::find_if(columns, [&](const auto& column) { return spec_of(column)->name == spec.year; });
    if (at == columns.end()) return YearSource();
    return YearSource{.kind = kind, .index = static_cast<std::size_t>(at - columns.begin()), .column = 0};
  };
  const auto bound = [](const auto& column) { return column.spec; };
  const auto plain = [](const ColumnSpec* column) { return column; };
  for (const YearSource& source :
       {find(binding.dimensions, Kind::kDimension, bound), find(binding.derived, Kind::kDerived, bound),
        find(binding.constants, Kind::kConstant, bound), find(binding.groups, Kind::kGroup, plain),
        find(binding.outer, Kind::kOuterAxis, plain)}) {
    if (source.kind != Kind::kNone) return source;
  }
  return {};
}

std::string PartOf(const ColumnSpec& spec, std::string_view text) {
  if (spec.split.empty() || spec.take == 0) return std::string(text);
  std::string_view rest = text;
  for (int part = 1;; ++part) {
    const std::size_t at = rest.find(spec.split);
    if (part == spec.take) return base::CollapseSpace(rest.substr(0, at));
    if (at == std::string_view::npos) return part == 1 ? std::string(text) : std::string();
    rest.remove_prefix(at + spec.split.size());
  }
}

std::string Mapped(const ColumnSpec& spec, std::string text) {
  const auto at = spec.map.find(text);
  return at == spec.map.end() ? std::move(text) : at->second;
}

}  // namespace tidemill::transform
