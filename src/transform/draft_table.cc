// SPDX-License-Identifier: Apache-2.0
#include "draft_table.h"

#include <algorithm>
#include <map>
#include <set>

#include "tidemill/base/text.h"

#include "draft_axis.h"

namespace tidemill::transform {
namespace {

using recipe::TableFind;
using workbook::Cell;
using workbook::CellKind;

constexpr std::size_t kRowsAhead = 200;        // of a body that are looked at to judge its header
constexpr std::size_t kHeaderRowsTried = 100;  // a header by mode stands at the top
constexpr std::size_t kMostAxisRows = 1'000;
constexpr std::size_t kMostTables = 100;  // long lists of years or ages read as an axis in each of their rows
constexpr std::size_t kLongestMarker = 8;
constexpr double kNumbersInBody = 0.5;
constexpr double kLeastSupport = 0.5;

// What stands below a row, column by column.
struct Below {
  std::size_t filled = 0, numbers = 0, values = 0;
};
std::map<std::uint32_t, Below> LookBelow(const Grid& grid, std::size_t row) {
  std::map<std::uint32_t, Below> below;
  for (std::size_t at = row + 1; at < grid.row_count() && at <= row + kRowsAhead; ++at) {
    for (const Cell& cell : grid.Cells(at)) {
      if (!grid.HasContent(cell)) continue;
      Below& column = below[cell.column];
      ++column.filled;
      if (NumberIn(grid, cell)) ++column.numbers;
      if (MayBeValue(grid, cell)) ++column.values;
    }
  }
  return below;
}

bool HoldsNumbers(const Below& below) {
  return below.numbers > 0 && static_cast<double>(below.values) >= kNumbersInBody * static_cast<double>(below.filled);
}

std::size_t FilledIn(const Grid& grid, std::size_t row) {
  return static_cast<std::size_t>(
      std::ranges::count_if(grid.Cells(row), [&](const Cell& cell) { return grid.HasContent(cell); }));
}

// The commonest number of filled cells in the rows below.
std::size_t ModeBelow(const Grid& grid, std::size_t row) {
  std::map<std::size_t, std::size_t> counts;
  for (std::size_t at = row + 1; at < grid.row_count() && at <= row + kRowsAhead; ++at) ++counts[FilledIn(grid, at)];
  const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  return most == counts.end() ? 0 : most->first;
}

// The share of value-like cells below an axis, and how many of the columns of numbers it covers.
void JudgeBody(const Grid& grid, DraftTable& table) {
  const auto below = LookBelow(grid, table.header_row);
  std::size_t filled = 0;
  std::size_t values = 0;
  std::size_t covered = 0;
  for (const AxisCell& cell : table.axis) {
    const auto at = below.find(cell.column);
    if (at == below.end()) continue;
    filled += at->second.filled;
    values += at->second.values;
    if (at->second.numbers > 0) ++covered;
  }
  const auto numeric =
      static_cast<std::size_t>(std::ranges::count_if(below, [](const auto& one) { return HoldsNumbers(one.second); }));
  const double support = filled == 0 ? 0 : static_cast<double>(values) / static_cast<double>(filled);
  const double cover =
      numeric == 0 ? 0 : static_cast<double>(covered) / static_cast<double>(std::max(numeric, covered));
  if (covered == 0) {
    table.confidence = 0;
    return;
  }
  if (support < kLeastSupport) table.confidence *= support;
  if (cover < 0.9) table.confidence -= 0.5 * (0.9 - cover);
  table.reason += fmt::format(", {} of {} columns of numbers stand below", covered, std::max(numeric, covered));
}

// Rows above the axis that hold numbers over its columns are header too, else they would be taken for values.
int HeaderRowsOf(const Grid& grid, const DraftTable& table) {
  int rows = 1;
  for (std::size_t row = table.header_row; row > 0; --row) {
    if (grid.RowNumber(row - 1) + 1 != grid.RowNumber(row)) break;
    const auto numbers = std::ranges::count_if(table.axis, [&](const AxisCell& cell) {
      const Cell* above = grid.Find(row - 1, cell.column);
      return above != nullptr && (above->is_numeric() || NumberIn(grid, *above));
    });
    if (numbers < 2) break;
    ++rows;
  }
  return rows;
}

std::optional<DraftTable> HeaderByMode(const Grid& grid, std::size_t row) {
  const std::size_t filled = FilledIn(grid, row);
  const std::size_t mode = ModeBelow(grid, row);
  if (filled < 2 || mode < 2 || filled + 1 < mode || filled > mode + 1) return std::nullopt;
  const auto below = LookBelow(grid, row);
  std::set<std::string> texts;
  std::size_t numeric = 0;
  std::size_t numbers_here = 0;
  for (const Cell& cell : grid.Cells(row)) {
    if (!grid.HasContent(cell)) continue;
    if (NumberIn(grid, cell))
      ++numbers_here;
    else if (cell.kind == CellKind::kString)
      texts.insert(recipe::Normalise(grid.sheet().Text(cell)));
    const auto at = below.find(cell.column);
    if (at != below.end() && cell.kind == CellKind::kString && HoldsNumbers(at->second)) ++numeric;
  }
  if (numeric == 0 || numbers_here * 5 > filled) return std::nullopt;
  DraftTable table{.method = TableFind::kHeader, .native = {}, .header_row = row, .confidence = 0.92, .reason = {}};
  table.reason = fmt::format("{} filled cells as in most rows below, {} of them texts over numbers", filled, numeric);
  const auto unnamed = std::ranges::count_if(
      below, [&](const auto& one) { return HoldsNumbers(one.second) && grid.Find(row, one.first) == nullptr; });
  if (unnamed > 0) {
    table.confidence -= 0.25;
    table.reason += fmt::format("; {} columns of numbers without a header", unnamed);
  }
  if (texts.size() + numbers_here < filled) {
    table.confidence -= 0.15;
    table.reason += "; headers repeat";
  }
  return table;
}

std::optional<std::size_t> RowIndexOf(const Grid& grid, std::uint32_t number) {
  for (std::size_t row = 0; row < grid.row_count(); ++row) {
    if (grid.RowNumber(row) == number) return row;
  }
  return std::nullopt;
}

void AddNative(const Grid& grid, int near_year, std::vector<DraftTable>& tables) {
  for (const workbook::NativeTable& native : grid.sheet().tables) {
    if (native.header_rows == 0 || native.range.last_row < native.range.first_row + native.header_rows) continue;
    const auto row = RowIndexOf(grid, native.range.first_row + native.header_rows - 1);
    if (!row) continue;
    DraftTable table{.method = TableFind::kTable, .native = native.name, .header_row = *row};
    for (DraftTable& axis : AxesOf(grid, *row, near_year)) {
      JudgeBody(grid, axis);
      if (axis.confidence < 0.8 || axis.axis.size() < table.axis.size()) continue;
      table.kind = axis.kind;
      table.axis = std::move(axis.axis);
      table.needs_year = axis.needs_year;
      table.parse = std::move(axis.parse);
    }
    const bool named =
        std::ranges::none_of(native.columns, [](const std::string& name) { return base::Trim(name).empty(); });
    table.confidence = named ? 0.97 : 0.70;
    table.reason = named ? "a native table, all its columns have names" : "a native table, some columns without a name";
    tables.push_back(std::move(table));
  }
}

// True where `other` makes a candidate superfluous: a native table all that are none, an axis the same row's header.
bool Shadows(const DraftTable& other, const DraftTable& table) {
  if (!other.native.empty() && table.native.empty()) return other.confidence >= 0.8;
  if (other.header_row != table.header_row || !other.kind || !other.native.empty()) return false;
  if (!table.kind) return other.confidence >= 0.8;
  return other.kind == table.kind && other.confidence > table.confidence;
}

void DropShadowed(std::vector<DraftTable>& tables) {
  std::vector<DraftTable> kept;
  for (const DraftTable& table : tables) {
    if (std::ranges::none_of(tables, [&](const DraftTable& other) { return Shadows(other, table); }))
      kept.push_back(table);
  }
  std::ranges::stable_sort(kept, std::ranges::greater(), &DraftTable::confidence);
  tables = std::move(kept);
}

}  // namespace

std::optional<double> NumberIn(const Grid& grid, const Cell& cell) {
  if (cell.kind == CellKind::kNumber) return cell.number();
  if (cell.kind != CellKind::kString) return std::nullopt;
  std::string text(base::Trim(grid.sheet().Text(cell)));
  if (HasThousands(text)) std::erase(text, ',');
  return base::ParseDouble(text);
}

bool HasThousands(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == 0 || comma > 3 || text.size() < comma + 4) return false;
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == ',' || c == '.'; });
}

bool MayBeValue(const Grid& grid, const Cell& cell) {
  if (cell.kind == CellKind::kNumber) return true;
  if (cell.kind != CellKind::kString) return false;
  const std::string text = base::CollapseSpace(grid.sheet().Text(cell));
  if (text.size() <= kLongestMarker && text.find(' ') == std::string::npos) return true;
  return (text.starts_with('[') && text.ends_with(']') && text.size() <= 2 * kLongestMarker) ||
         NumberIn(grid, cell).has_value();
}

std::vector<DraftTable> FindDraftTables(const Grid& grid, int near_year) {
  std::vector<DraftTable> tables;
  AddNative(grid, near_year, tables);
  for (std::size_t row = 0; row < grid.row_count() && row < kMostAxisRows && tables.size() < kMostTables; ++row) {
    for (DraftTable& axis : AxesOf(grid, row, near_year)) {
      JudgeBody(grid, axis);
      if (axis.confidence <= 0) continue;
      axis.header_rows = HeaderRowsOf(grid, axis);
      tables.push_back(std::move(axis));
    }
  }
  double by_mode = 1;  // the first such row is the rule, the next a runner-up
  for (std::size_t row = 0; row < grid.row_count() && row < kHeaderRowsTried; ++row) {
    auto header = HeaderByMode(grid, row);
    if (!header) continue;
    header->confidence *= by_mode;
    by_mode *= 0.6;
    tables.push_back(*std::move(header));
  }
  DropShadowed(tables);
  return tables;
}

std::string NameOf(const Grid& grid, const DraftTable& table) {
  const std::uint32_t row = grid.RowNumber(table.header_row);
  if (table.kind) {
    const std::string range =
        workbook::A1(workbook::Range{row, table.axis.front().column, row, table.axis.back().column});
    return fmt::format("axis {} in {}", ToText(*table.kind), range);
  }
  if (!table.native.empty())
    return fmt::format("native table {}, header in row {}", base::Quoted(table.native), row + 1);
  return fmt::format("header in row {}", row + 1);
}

}  // namespace tidemill::transform
