// SPDX-License-Identifier: Apache-2.0
#include "bind_axis.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "binding_error.h"
#include "table_axis.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::Role;
using workbook::Cell;

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// The row of the sheet in which an outer axis stands.
std::uint32_t OuterRow(const TableSearch& search, const Table& table, const ColumnSpec& outer) {
  const auto above = static_cast<std::uint32_t>(outer.row - 1);
  const std::uint32_t innermost = search.grid.RowNumber(table.header_last);
  return innermost - std::min(above, innermost);
}

// Where the merge that begins in this cell ends; the end of the sheet where there is none.
std::uint32_t ReachOf(const Grid& grid, std::uint32_t row, const Cell& cell) {
  for (const workbook::Range& merge : grid.MergesStartingIn(row, row)) {
    if (merge.first_column == cell.column && merge.last_column > cell.column) return merge.last_column;
  }
  return 16'383;
}

std::string PlaceOf(const TableSearch& search, const Table& table, const AxisCell& cell) {
  return search.place + "!" + search.grid.A1(table.header_last, *cell.cell);
}

base::Status FillOuter(const TableSearch& search, const ColumnSpec& outer, Table& table) {
  const AxisReader* reader = search.ReaderOf(outer);
  const Cell* last = nullptr;
  std::optional<AxisValue> value;
  std::vector<std::string> refs;
  for (AxisCell& cell : table.axis) {
    const Cell* above = OuterCell(search, table, outer, cell.column);
    if (above == nullptr || reader == nullptr) {
      return BindingError("axis-missing", PlaceOf(search, table, cell),
                          "no text of columns.{} stands above {} in row {}", outer.name, base::Quoted(cell.value.text),
                          OuterRow(search, table, outer) + 1);
    }
    if (above != last) {
      CleanText clean = search.grid.Clean(*above, search.spec.notes);
      value = ReadAxisCell(search.grid, *above, clean, *reader);
      refs = std::move(clean.refs);
      last = above;
    }
    if (!value) {
      return BindingError("axis-residue", PlaceOf(search, table, cell), "{} above it is no {}",
                          base::Quoted(search.grid.sheet().DisplayText(*above)), ToText(reader->kind()));
    }
    cell.outer.push_back(*value);
    cell.notes.insert(cell.notes.end(), refs.begin(), refs.end());
  }
  return {};
}

// Which value column takes what stands under a header: by its own header, or the one that has none.
std::size_t MeasureOf(const TableSearch& search, const HeaderTexts& texts, const Binding& binding,
                      std::uint32_t column) {
  std::size_t rest = kNone;
  for (std::size_t i = 0; i < binding.under_axis.size(); ++i) {
    const ColumnSpec& value = *binding.under_axis[i];
    if (value.header.empty()) {
      rest = i;
    } else if (Hits(value.header, texts.Of(column), search.bound)) {
      return i;
    }
  }
  return rest;
}

std::size_t IndexUnderAxis(const Binding& binding, std::string_view name) {
  const auto at =
      std::ranges::find_if(binding.under_axis, [&](const ColumnSpec* value) { return value->name == name; });
  return at == binding.under_axis.end() ? kNone : static_cast<std::size_t>(at - binding.under_axis.begin());
}

// The nearest column of the axis left of a column, of that measure where one is asked for.
std::size_t NearestLeft(const Table& table, std::uint32_t column, std::size_t measure) {
  std::size_t nearest = kNone;
  for (std::size_t i = 0; i < table.axis.size() && table.axis[i].column < column; ++i) {
    if (measure == kNone || table.axis[i].measure == measure) nearest = i;
  }
  return nearest;
}

}  // namespace

const Cell* OuterCell(const TableSearch& search, const Table& table, const ColumnSpec& outer, std::uint32_t column) {
  const std::uint32_t number = OuterRow(search, table, outer);
  const std::size_t row = search.grid.RowFrom(number);
  if (row >= search.grid.row_count() || search.grid.RowNumber(row) != number || row == table.header_last)
    return nullptr;
  const Cell* nearest = nullptr;
  for (const Cell& cell : search.grid.Cells(row)) {
    if (cell.column > column) break;
    if (cell.column >= table.axis.front().column && search.grid.HasContent(cell)) nearest = &cell;
  }
  if (nearest == nullptr || ReachOf(search.grid, number, *nearest) < column) return nullptr;
  return nearest;
}

base::Status BindAxis(const TableSearch& search, const HeaderTexts& texts, Table& table, Binding& binding) {
  binding.axis = InnerAxis(search.spec);
  if (table.axis.empty()) return {};
  for (const ColumnSpec& spec : search.spec.columns) {
    if (spec.role == Role::kAxis && spec.row > 1) binding.outer.push_back(&spec);
    if (spec.role == Role::kValue) binding.under_axis.push_back(&spec);
  }
  std::ranges::stable_sort(binding.outer, {}, &ColumnSpec::row);
  for (AxisCell& cell : table.axis) cell.measure = MeasureOf(search, texts, binding, cell.column);
  const std::string first = PlaceOf(search, table, table.axis.front());
  std::erase_if(table.axis, [](const AxisCell& cell) { return cell.measure == kNone; });
  if (table.axis.empty()) {
    return BindingError("column-missing", first, "no header of the axis hits that of a value column");
  }
  for (const ColumnSpec* outer : binding.outer) TIDEMILL_CHECK(FillOuter(search, *outer, table));
  return {};
}

TotalPlaces PlacesOfTotal(const TableSearch& search, const Table& table, const Binding& binding,
                          const BoundColumn& total) {
  TotalPlaces result;
  result.measure = IndexUnderAxis(binding, total.spec->of);
  if (result.measure == kNone) {
    const std::size_t nearest = NearestLeft(table, total.column, kNone);
    result.measure = nearest == kNone ? table.axis.front().measure : table.axis[nearest].measure;
  }
  std::vector<const Cell*> above;
  for (const ColumnSpec* outer : binding.outer) above.push_back(OuterCell(search, table, *outer, total.column));
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < table.axis.size(); ++i) {
    if (table.axis[i].measure != result.measure) continue;
    all.push_back(i);
    bool same = true;
    for (std::size_t k = 0; k < above.size(); ++k) {
      same &= above[k] == nullptr || OuterCell(search, table, *binding.outer[k], table.axis[i].column) == above[k];
    }
    if (same) result.places.push_back(i);
  }
  if (result.places.empty()) result.places = std::move(all);
  return result;
}

base::Result<FlagColumn> PlaceOfFlag(const TableSearch& search, const Table& table, const Binding& binding,
                                     const BoundColumn& flag) {
  FlagColumn result{.spec = flag.spec, .column = flag.column, .measure = 0, .place = 0};
  if (table.axis.empty()) {
    const auto value = std::ranges::find_if(
        binding.values, [&](const BoundColumn& bound) { return bound.spec->name == flag.spec->of; });
    if (value == binding.values.end()) {
      return BindingError("column-missing", search.place, "columns.{} speaks of columns.{}, which the table lacks",
                          flag.spec->name, flag.spec->of);
    }
    result.measure = static_cast<std::size_t>(value - binding.values.begin());
    return result;
  }
  result.measure = IndexUnderAxis(binding, flag.spec->of);
  result.place = NearestLeft(table, flag.column, result.measure);
  if (result.place == kNone) {
    return BindingError("column-missing", search.place,
                        "no value of columns.{} stands left of column {} for columns.{}", flag.spec->of,
                        workbook::ColumnName(flag.column), flag.spec->name);
  }
  return result;
}

}  // namespace tidemill::transform
