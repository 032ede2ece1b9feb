// SPDX-License-Identifier: Apache-2.0
#include "table_axis.h"

#include <algorithm>

#include "header_texts.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::Role;
using workbook::Cell;
using workbook::CellKind;
using workbook::NumberClass;

constexpr std::size_t kMostRuns = 1'000;  // equal ones that are kept; more are ambiguous anyway
constexpr std::uint32_t kLastColumn = 16'383;

bool SameCells(const AxisRun& a, const AxisRun& b) {
  return std::ranges::equal(a.cells, b.cells, [](const AxisCell& x, const AxisCell& y) {
    return x.column == y.column && x.value.text == y.value.text;
  });
}

bool FindsItself(const ColumnSpec& column) {
  return column.header.empty() || column.role == Role::kAxis || column.role == Role::kValue;
}

// The first filled cell below is a value.
bool HasValuesBelow(const TableSearch& search, std::size_t row, std::uint32_t column) {
  constexpr std::size_t kRows = 1'000;
  const std::size_t end = std::min(search.grid.row_count(), row + 1 + kRows);
  for (std::size_t below = row + 1; below < end; ++below) {
    if (const Cell* cell = search.grid.Find(below, column)) return LooksLikeValue(search, *cell);
  }
  return false;
}

// Says of the cells of one row which belong to the axis.
class RowFilter {
 public:
  RowFilter(const TableSearch& search, std::size_t row)
      : search_(search), row_(row), axis_(InnerAxis(search.spec)), kind_(search.axis->kind()) {
    const bool others = std::ranges::any_of(search.spec.columns, [](const auto& c) { return !FindsItself(c); });
    const bool own = axis_ != nullptr && !axis_->header.empty();
    if (others || own) texts_.emplace(search, HeaderFirst(search, row), row);
  }
  bool IsOfAnother(std::uint32_t column) const {
    return texts_ && std::ranges::any_of(search_.spec.columns, [&](const ColumnSpec& other) {
             return !FindsItself(other) && Hits(other.header, texts_->Of(column), search_.bound);
           });
  }
  bool Fits(std::uint32_t column) const {
    if (axis_ != nullptr && !axis_->header.empty() && !Hits(axis_->header, texts_->Of(column), search_.bound)) {
      return false;
    }
    return kind_ != recipe::AxisKind::kText || HasValuesBelow(search_, row_, column);
  }

 private:
  const TableSearch& search_;
  std::size_t row_;
  const ColumnSpec* axis_;
  recipe::AxisKind kind_;
  std::optional<HeaderTexts> texts_;
};

// Values look like years, weeks and ages too. A number heads a column only where what stands right above it is neither
// a number nor a text of the axis.
bool MayHead(const TableSearch& search, std::size_t row, std::uint32_t column) {
  if (row == 0 || search.grid.RowNumber(row - 1) + 1 != search.grid.RowNumber(row)) return true;
  const Cell* above = search.grid.Find(row - 1, column);
  if (above == nullptr) return true;
  if (above->is_numeric() || (above->flags & workbook::kNumberAsText) != 0) return false;
  const CleanText clean = search.grid.Clean(*above, search.spec.notes);
  const auto value = ReadAxisCell(search.grid, *above, clean, *search.axis);
  return !value || !value->rest.empty();
}

bool MayBeRead(const TableSearch& search, const Cell& cell) {
  return cell.kind == CellKind::kString || cell.kind == CellKind::kDate || search.axis->TakesNumbers();
}

// Of most rows too few cells can be read at all, which is known without their texts.
bool HasReadable(const TableSearch& search, std::size_t row, std::size_t least) {
  const auto cells = search.grid.Cells(row);
  const auto count = std::ranges::count_if(cells, [&](const Cell& cell) { return MayBeRead(search, cell); });
  return static_cast<std::size_t>(count) >= least;
}

struct ReadCell {
  std::uint32_t column = 0;
  std::optional<AxisCell> read;
};

std::vector<ReadCell> ReadRow(const TableSearch& search, std::size_t row, std::uint32_t first, std::uint32_t last,
                              bool known) {
  std::vector<ReadCell> cells;
  for (const Cell& cell : search.grid.Cells(row)) {
    if (cell.column < first || cell.column > last || !search.grid.HasContent(cell)) continue;
    cells.push_back({.column = cell.column, .read = {}});
    if (!MayBeRead(search, cell)) continue;
    CleanText clean = search.grid.Clean(cell, search.spec.notes);
    auto value = ReadAxisCell(search.grid, cell, clean, *search.axis);
    const bool number = cell.kind == CellKind::kNumber || (cell.flags & workbook::kNumberAsText) != 0;
    if (!value || (!known && number && !MayHead(search, row, cell.column))) continue;
    // Any text may name a column, but one that reads as a value is rather one of the body's.
    if (!known && search.axis->kind() == recipe::AxisKind::kText && LooksLikeValue(search, cell)) continue;
    cells.back().read =
        AxisCell{.column = cell.column, .cell = &cell, .value = *std::move(value), .notes = std::move(clean.refs)};
  }
  return cells;
}

// `known`: the row is the header's, whatever stands above it.
AxisRun FindRun(const TableSearch& search, std::size_t row, std::uint32_t first_column, std::uint32_t last_column,
                std::size_t least, bool known) {
  AxisRun best{.row = row, .cells = {}};
  if (!HasReadable(search, row, std::max<std::size_t>(least, 1))) return best;
  std::vector<ReadCell> cells = ReadRow(search, row, first_column, last_column, known);
  const auto read = std::ranges::count_if(cells, [](const ReadCell& cell) { return cell.read.has_value(); });
  if (read == 0 || static_cast<std::size_t>(read) < least) return best;
  const RowFilter filter(search, row);
  std::vector<AxisCell> open;
  const auto close = [&] {
    if (open.size() > best.cells.size()) best.cells = std::move(open);
    open.clear();
  };
  for (ReadCell& cell : cells) {
    if (filter.IsOfAnother(cell.column)) continue;
    if (cell.read && filter.Fits(cell.column)) {
      open.push_back(*std::move(cell.read));
    } else {
      close();
    }
  }
  close();
  return best;
}

}  // namespace

const ColumnSpec* InnerAxis(const recipe::Spec& spec) {
  const auto at = std::ranges::find_if(
      spec.columns, [](const ColumnSpec& column) { return column.role == Role::kAxis && column.row == 1; });
  return at == spec.columns.end() ? nullptr : &*at;
}

std::optional<AxisValue> ReadAxisCell(const Grid& grid, const Cell& cell, const CleanText& clean,
                                      const AxisReader& reader) {
  if (cell.kind == CellKind::kString) return reader.Read(clean.text);
  if (cell.kind == CellKind::kDate) {
    const NumberClass number_class = grid.sheet().StyleOf(cell).number_class;
    const bool whole = number_class == NumberClass::kDate || number_class == NumberClass::kDateTime;
    const auto date = workbook::ToDate(cell.number(), (cell.flags & workbook::kEpoch1904) != 0);
    if (date && (whole || number_class == NumberClass::kMonthYear)) {
      if (auto value = reader.ReadDate(*date, whole)) return value;
    }
  } else if (!reader.TakesNumbers()) {
    return std::nullopt;
  }
  auto value = reader.Read(clean.text);
  return value && value->rest.empty() ? std::move(value) : std::nullopt;
}

AxisRun LongestRun(const TableSearch& search, std::size_t row, std::uint32_t first_column, std::uint32_t last_column) {
  return FindRun(search, row, first_column, last_column, 1, true);
}

std::vector<AxisRun> LongestRuns(const TableSearch& search, bool repeats) {
  std::vector<AxisRun> best;
  for (std::size_t row = 0; row < search.grid.row_count(); ++row) {
    const std::size_t most = best.empty() ? 1 : best.front().cells.size();
    AxisRun run = FindRun(search, row, 0, kLastColumn, most, false);
    if (run.cells.size() < most) continue;
    if (run.cells.size() > most) best.clear();
    if (best.size() >= kMostRuns) continue;
    if (best.empty() || repeats || !SameCells(best.front(), run)) best.push_back(std::move(run));
  }
  return best;
}

std::vector<AxisRun> AllRuns(const TableSearch& search) {
  std::vector<AxisRun> runs;
  for (std::size_t row = 0; row < search.grid.row_count() && runs.size() < kMostRuns; ++row) {
    AxisRun run = FindRun(search, row, 0, kLastColumn, 1, false);
    if (!run.cells.empty()) runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace tidemill::transform
