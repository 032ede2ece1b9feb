// SPDX-License-Identifier: Apache-2.0
#include "sheet_rows.h"

#include <algorithm>
#include <bit>

namespace tidemill::transform {
namespace {

using workbook::Cell;
using workbook::CellKind;

constexpr std::size_t kRowsToLookAt = 100;  // for a header
constexpr std::uint32_t kNotPooled = static_cast<std::uint32_t>(-1);

}  // namespace

void SheetRows::Take(const workbook::Sheet& sheet, std::uint32_t number, std::span<const Cell> row) {
  if (options_.range && (number < options_.range->first_row || number > options_.range->last_row)) return;
  row = Within(row);
  if (row.empty()) return;
  cells_ += row.size();
  if (options_.totals_rows > 0 && number + options_.totals_rows > options_.range->last_row) {
    cells_of_totals += row.size();
    return;
  }
  Use(number, row);
  if (looking_) {
    Wait(sheet, number, row);
    if (waiting_.size() == RowsToWait()) EndLooking();
    return;
  }
  for (const Cell& cell : row) Put(ValueOf(sheet, cell));
  ++rows;
}

std::span<const Cell> SheetRows::Within(std::span<const Cell> row) const {
  if (!options_.range) return row;
  const auto before = [](const Cell& cell, std::uint32_t column) { return cell.column < column; };
  const auto first = std::lower_bound(row.begin(), row.end(), options_.range->first_column, before);
  const auto last = std::lower_bound(first, row.end(), options_.range->last_column + 1, before);
  return {first, last};
}

void SheetRows::Use(std::uint32_t number, std::span<const Cell> row) {
  const std::uint32_t first = row.front().column;
  if (!used) used = {.first_row = number, .first_column = first, .last_row = number, .last_column = first};
  used->last_row = number;
  used->first_column = std::min(used->first_column, first);
  used->last_column = std::max<std::uint32_t>(used->last_column, row.back().column);
}

std::uint64_t SheetRows::TextBits(const workbook::Sheet& sheet, const Cell& cell) {
  const workbook::StringId id = cell.string_id();
  if (!sheet.IsShared(cell)) return pool->Add(sheet.Text(cell));
  if (id >= pooled_.size()) pooled_.resize(std::size_t{id} + 1, kNotPooled);
  if (pooled_[id] == kNotPooled) pooled_[id] = pool->Add(sheet.Text(cell));
  return pooled_[id];
}

SheetRows::Value SheetRows::ValueOf(const workbook::Sheet& sheet, const Cell& cell) {
  Value value{.column = cell.column};
  switch (cell.kind) {
    case CellKind::kString:
      value.kind = ValueKind::kText;
      value.bits = TextBits(sheet, cell);
      return value;
    case CellKind::kBool:
      value.kind = ValueKind::kBool;
      value.bits = cell.payload;
      return value;
    case CellKind::kError:
      value.kind = ValueKind::kError;
      value.bits = pool->Add(workbook::ToText(cell.error()));
      return value;
    case CellKind::kDate:
      if (const auto moment = MillisecondsOf(cell)) {
        value.kind = ValueKind::kDate;
        value.bits = std::bit_cast<std::uint64_t>(*moment);
        return value;
      }
      break;
    default:
      break;
  }
  value.bits = cell.payload;
  value.days = cell.kind == CellKind::kDate || cell.kind == CellKind::kDuration;
  return value;
}

void SheetRows::Put(const Value& value) {
  if (value.column >= columns.size()) columns.resize(value.column + 1);
  auto& column = columns[value.column];
  if (!column) column = std::make_unique<CollectedColumn>();
  column->cells.Add({.row = rows, .kind = value.kind, .bits = value.bits});
  column->traits.Add(value.kind, value.bits);
  if (value.days) ++column->days;
}

void SheetRows::Wait(const workbook::Sheet& sheet, std::uint32_t number, std::span<const Cell> row) {
  WaitingRow& kept = waiting_.emplace_back();
  kept.number = number;
  for (const Cell& cell : row) {
    kept.values.push_back(ValueOf(sheet, cell));
    kept.shown.push_back(sheet.DisplayText(cell));
  }
}

std::size_t SheetRows::RowsToWait() const {
  return options_.header_rows ? std::max<std::size_t>(*options_.header_rows, 1) : kRowsToLookAt;
}

// How many of the waiting rows stand above the header, and how many are the header.
std::pair<std::size_t, std::size_t> SheetRows::FindHeader() const {
  if (options_.header_rows) {
    std::size_t found = std::min<std::size_t>(*options_.header_rows, waiting_.size());
    // Within a range the header's rows are counted with the blank ones.
    const std::uint64_t end = options_.range ? std::uint64_t{options_.range->first_row} + *options_.header_rows : 0;
    while (options_.range && found > 0 && waiting_[found - 1].number >= end) --found;
    return {0, found};
  }
  std::vector<RowShape> shapes;
  for (const WaitingRow& row : waiting_) {
    const auto texts = std::count_if(row.values.begin(), row.values.end(),
                                     [](const Value& value) { return value.kind == ValueKind::kText; });
    shapes.push_back({.filled = row.values.size(), .texts = static_cast<std::size_t>(texts)});
  }
  const std::size_t found = ChooseHeader(shapes);
  return found == shapes.size() ? std::pair<std::size_t, std::size_t>{0, 0}
                                : std::pair<std::size_t, std::size_t>{found, 1};
}

void SheetRows::EndLooking() {
  looking_ = false;
  const auto [above, count] = FindHeader();
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    const WaitingRow& row = waiting_[i];
    if (i < above) {
      cells_above += row.values.size();
    } else if (i < above + count) {
      header_rows.push_back(row.number);
      for (std::size_t at = 0; at < row.values.size(); ++at) {
        header.push_back({row.number, row.values[at].column, row.shown[at]});
      }
    } else {
      for (const Value& value : row.values) Put(value);
      ++rows;
    }
  }
  waiting_.clear();
}

}  // namespace tidemill::transform
