// SPDX-License-Identifier: Apache-2.0
#include "table_axis.h"

#include <algorithm>

namespace tidemill::transform {
namespace {

using workbook::Cell;
using workbook::CellKind;

constexpr std::size_t kMostRuns = 1'000;  // equal ones that are kept; more are ambiguous anyway

std::optional<AxisCell> ReadAxisCell(const TableSearch& search, const Cell& cell) {
  const bool text = cell.kind == CellKind::kString;
  if (!text && cell.kind != CellKind::kDate && !search.axis->TakesNumbers()) return std::nullopt;
  CleanText clean = search.grid.Clean(cell, search.spec.notes);
  auto value = search.axis->Read(clean.text);
  if (!value || (!text && !value->rest.empty())) return std::nullopt;
  return AxisCell{.column = cell.column,
                  .cell = &cell,
                  .value = *std::move(value),
                  .notes = std::move(clean.refs),
                  .published = true};
}

bool SameCells(const AxisRun& a, const AxisRun& b) {
  return std::ranges::equal(a.cells, b.cells, [](const AxisCell& x, const AxisCell& y) {
    return x.column == y.column && x.value.text == y.value.text;
  });
}

}  // namespace

AxisRun LongestRun(const TableSearch& search, std::size_t row, std::uint32_t first_column, std::uint32_t last_column) {
  AxisRun best{.row = row, .cells = {}};
  std::vector<AxisCell> open;
  const auto close = [&] {
    if (open.size() > best.cells.size()) best.cells = std::move(open);
    open.clear();
  };
  for (const Cell& cell : search.grid.Cells(row)) {
    if (cell.column < first_column || cell.column > last_column || !search.grid.HasContent(cell)) continue;
    if (auto read = ReadAxisCell(search, cell)) {
      open.push_back(*std::move(read));
    } else {
      close();
    }
  }
  close();
  return best;
}

std::vector<AxisRun> LongestRuns(const TableSearch& search) {
  std::vector<AxisRun> best;
  for (std::size_t row = 0; row < search.grid.row_count(); ++row) {
    AxisRun run = LongestRun(search, row, 0, 16'383);
    if (run.cells.empty()) continue;
    const std::size_t most = best.empty() ? 0 : best.front().cells.size();
    if (run.cells.size() < most) continue;
    if (run.cells.size() > most) best.clear();
    if (best.size() >= kMostRuns) continue;
    if (best.empty() || !SameCells(best.front(), run)) best.push_back(std::move(run));
  }
  return best;
}

}  // namespace tidemill::transform
