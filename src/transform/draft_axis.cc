// SPDX-License-Identifier: Apache-2.0
#include "draft_axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "tidemill/base/text.h"

#include "note_references.h"
#include "table_axis.h"

namespace tidemill::transform {
namespace {

using recipe::AxisKind;
using workbook::Cell;
using workbook::CellKind;

constexpr std::size_t kLeastRun = 3;
constexpr int kSomeYear = 2000;  // completes months and weeks without one, so that they are seen
constexpr auto kKinds = std::to_array({AxisKind::kMonth, AxisKind::kQuarter, AxisKind::kFiscalYear, AxisKind::kYear,
                                       AxisKind::kDate, AxisKind::kWeek, AxisKind::kAgeBand});
constexpr int kFirstYear = 1900;  // numbers before it are seldom years
constexpr int kLastYear = 2100;

bool AllNumbers(const Grid& grid, const std::vector<AxisCell>& axis) {
  return std::ranges::all_of(axis, [&](const AxisCell& cell) { return NumberIn(grid, *cell.cell).has_value(); });
}

bool AllDistinct(const std::vector<AxisCell>& axis) {
  std::set<std::string_view> texts;
  return std::ranges::all_of(axis, [&](const AxisCell& cell) { return texts.insert(cell.value.text).second; });
}

// Ascending or descending throughout.
bool IsMonotonic(const std::vector<AxisCell>& axis) {
  const auto in_order = [&](auto compare) { return std::ranges::adjacent_find(axis, compare) == axis.end(); };
  const auto by_period = [](const AxisCell& a, const AxisCell& b) {
    return a.value.period && b.value.period && *a.value.period < *b.value.period;
  };
  return in_order([&](const AxisCell& a, const AxisCell& b) { return !by_period(a, b); }) ||
         in_order([&](const AxisCell& a, const AxisCell& b) { return !by_period(b, a); });
}

// Numbers that count up by one: 1, 2, 3.
bool IsCounting(const Grid& grid, const std::vector<AxisCell>& axis) {
  return std::ranges::adjacent_find(axis, [&](const AxisCell& a, const AxisCell& b) {
           return NumberIn(grid, *b.cell).value_or(0) != NumberIn(grid, *a.cell).value_or(0) + 1;
         }) == axis.end();
}

// What is left of a text must be able to be a note's number: "2015-2019" is no year.
bool MayBeOfAxis(const AxisCell& cell) {
  return cell.value.rest.empty() || !NoteNumbers(cell.value.rest).empty();
}

// Keeps the longest stretch of cells that may be of the axis; the others are no part of it.
std::vector<const Cell*> TakeOffOthers(std::vector<AxisCell>& axis) {
  auto best = std::ranges::subrange(axis.begin(), axis.begin());
  for (auto first = axis.begin(); first != axis.end();) {
    const auto last = std::find_if_not(first, axis.end(), MayBeOfAxis);
    if (last - first > static_cast<std::ptrdiff_t>(best.size())) best = {first, last};
    first = last == axis.end() ? last : std::next(last);
  }
  std::vector<const Cell*> others;
  for (auto cell = axis.begin(); cell != axis.end(); ++cell) {
    if (cell < best.begin() || cell >= best.end()) others.push_back(cell->cell);
  }
  axis = {std::make_move_iterator(best.begin()), std::make_move_iterator(best.end())};
  return others;
}

bool PlausibleNumbers(const Grid& grid, AxisKind kind, const std::vector<AxisCell>& axis) {
  switch (kind) {
    case AxisKind::kYear:
      return std::ranges::all_of(axis,
                                 [&](const AxisCell& cell) {
                                   const double number = NumberIn(grid, *cell.cell).value_or(0);
                                   return number >= kFirstYear && number <= kLastYear;
                                 }) &&
             IsMonotonic(axis);
    case AxisKind::kWeek:
    case AxisKind::kAgeBand:
      return IsCounting(grid, axis);
    default:
      return false;
  }
}

double ConfidenceOf(const Grid& grid, AxisKind kind, const std::vector<AxisCell>& axis) {
  double confidence = axis.size() >= 6 ? 0.97 : axis.size() >= 4 ? 0.94 : 0.88;
  if (AllNumbers(grid, axis)) {
    const double first = NumberIn(grid, *axis.front().cell).value_or(0);
    // 0, 1, 2 … are ages more often than weeks, 1, 2, 3 … weeks more often than ages; neither is told by its looks.
    if (kind == AxisKind::kWeek) confidence -= first == 1 ? 0.15 : 0.30;
    if (kind == AxisKind::kAgeBand) confidence -= first == 0 ? 0.10 : 0.35;
  }
  if (!AllDistinct(axis)) confidence -= 0.40;
  if (kind != AxisKind::kAgeBand && !IsMonotonic(axis)) confidence -= 0.15;
  const bool rests = std::ranges::any_of(axis, [](const AxisCell& cell) { return !cell.value.rest.empty(); });
  return rests ? confidence - 0.10 : confidence;
}

// Formats of the axis that name no year.
bool LacksYear(AxisKind kind, const std::vector<AxisCell>& axis) {
  if (kind == AxisKind::kWeek) return true;
  return kind == AxisKind::kMonth && std::ranges::any_of(axis, [](const AxisCell& cell) {
           return cell.value.format.find("%y") == std::string::npos &&
                  cell.value.format.find("%Y") == std::string::npos;
         });
}

// Each the one after that before it.
bool IsContiguous(const std::vector<AxisCell>& axis) {
  return std::ranges::adjacent_find(axis, [](const AxisCell& a, const AxisCell& b) {
           return !a.value.period || !b.value.period || base::Next(*a.value.period) != *b.value.period;
         }) == axis.end();
}

// Other ways to write months and days, tried where the kind's own read nothing.
std::vector<std::vector<std::string>> OtherFormats(AxisKind kind) {
  if (kind == AxisKind::kMonth) return {{"%b-%Y"}, {"%B-%Y"}, {"%b %y"}, {"%B %y"}, {"%Y %b"}, {"%Y %B"}};
  if (kind != AxisKind::kDate) return {};
  return {{"%d %b %Y"}, {"%d-%b-%y"}, {"%d-%b-%Y"}, {"%d %b %y"}, {"%d/%m/%Y"},
          {"%m/%d/%Y"}, {"%d.%m.%Y"}, {"%d/%m/%y"}, {"%m/%d/%y"}};
}

// What else a format might mean must be ruled out: "Jan 19" is a month where the months follow each other, 01/02/2020 a
// day of February where a date cell's serial or a number that is no month says so.
bool IsProved(const Grid& grid, const std::vector<std::string>& format, const std::vector<AxisCell>& axis) {
  if (format.front().find("%d") == std::string::npos) return IsContiguous(axis);
  const bool numbers_first = format.front().find("%m/") != std::string::npos || format.front().find("%d/") == 0;
  bool proved = !numbers_first;
  for (const AxisCell& cell : axis) {
    if (cell.cell->kind == CellKind::kDate) {
      const auto day = workbook::ToDate(cell.cell->number(), (cell.cell->flags & workbook::kEpoch1904) != 0);
      if (!day || !cell.value.period || base::StartOf(*cell.value.period) != *day) return false;
      proved = true;
    } else if (const auto number = base::ParseInt(base::Trim(grid.sheet().Text(*cell.cell)).substr(0, 2))) {
      if (*number > 12) proved = true;
    }
  }
  return proved;
}

AxisRun RunBy(const Grid& grid, std::size_t row, const AxisReader& reader) {
  static const recipe::Spec kNothingSaid;
  static const recipe::Captures kNoCaptures;
  static const MarkerSet kNoMarkers{recipe::MarkerSpec()};
  const TableSearch search{
      .grid = grid, .spec = kNothingSaid, .bound = kNoCaptures, .axis = &reader, .markers = kNoMarkers, .place = {}};
  return LongestRun(search, row, 0, 16'383);
}

std::optional<DraftTable> AxisOfKind(const Grid& grid, std::size_t row, AxisKind kind, int near_year) {
  AxisRun run = RunBy(grid, row, AxisReader(kind, {}, kSomeYear, near_year));
  std::vector<std::string> parse;
  for (const std::vector<std::string>& formats : OtherFormats(kind)) {
    AxisRun other = RunBy(grid, row, AxisReader(kind, formats, kSomeYear, near_year));
    if (other.cells.size() <= run.cells.size() || !IsProved(grid, formats, other.cells)) continue;
    run = std::move(other);
    parse = formats;
  }
  std::vector<const Cell*> others = TakeOffOthers(run.cells);
  if (run.cells.size() < kLeastRun) return std::nullopt;
  if (AllNumbers(grid, run.cells) && !PlausibleNumbers(grid, kind, run.cells)) return std::nullopt;
  DraftTable table{
      .method = recipe::TableFind::kAxis, .native = {}, .header_row = row, .kind = kind, .axis = std::move(run.cells)};
  table.needs_year = LacksYear(kind, table.axis);
  table.parse = std::move(parse);
  table.beside = std::move(others);
  table.confidence = ConfidenceOf(grid, kind, table.axis);
  table.reason = fmt::format("{} neighbouring cells read as {}", table.axis.size(), ToText(kind));
  if (!AllDistinct(table.axis)) table.reason += ", some of them twice";
  return table;
}

// A row of nothing but large or broken numbers can be no axis: most rows of a sheet are such.
bool MayHoldAxis(const Grid& grid, std::size_t row) {
  std::size_t may = 0;
  for (const Cell& cell : grid.Cells(row)) {
    if (!grid.HasContent(cell)) continue;
    const auto number = NumberIn(grid, cell);
    const bool small = number && *number >= 0 && *number <= kLastYear && *number == std::floor(*number);
    if (!number || small) ++may;
  }
  return may >= kLeastRun;
}

// All cells read by one reader, nothing left over; empty where one does not.
std::vector<AxisCell> ReadAll(const Grid& grid, const std::vector<const Cell*>& cells, const AxisReader& reader) {
  std::vector<AxisCell> read;
  for (const Cell* cell : cells) {
    const recipe::NoteSpec notes;
    CleanText clean = grid.Clean(*cell, notes);
    auto value = reader.Read(clean.text);
    if (!value || !value->period || !value->rest.empty()) return {};
    read.push_back({.column = cell->column, .cell = cell, .value = *std::move(value), .notes = {}, .published = true});
  }
  return read;
}

}  // namespace

std::optional<ColumnPeriods> PeriodsOf(const Grid& grid, const std::vector<const Cell*>& cells, int near_year) {
  if (cells.empty()) return std::nullopt;
  const bool numbers = std::ranges::any_of(cells, [&](const Cell* cell) { return NumberIn(grid, *cell).has_value(); });
  for (const AxisKind kind :
       {AxisKind::kMonth, AxisKind::kQuarter, AxisKind::kFiscalYear, AxisKind::kYear, AxisKind::kDate}) {
    if (numbers && kind != AxisKind::kYear) continue;
    const auto own = ReadAll(grid, cells, AxisReader(kind, {}, std::nullopt, near_year));
    if (!own.empty()) {
      const bool plausible = std::ranges::all_of(own, [](const AxisCell& cell) {
        return cell.value.period->year >= kFirstYear && cell.value.period->year <= kLastYear;
      });
      if (!numbers || plausible) return ColumnPeriods{.kind = kind, .parse = {}};
    }
    for (const std::vector<std::string>& formats : OtherFormats(kind)) {
      if (numbers) break;
      const auto other = ReadAll(grid, cells, AxisReader(kind, formats, std::nullopt, near_year));
      if (!other.empty() && IsProved(grid, formats, other)) return ColumnPeriods{.kind = kind, .parse = formats};
    }
  }
  return std::nullopt;
}

std::vector<DraftTable> AxesOf(const Grid& grid, std::size_t row, int near_year) {
  std::vector<DraftTable> axes;
  if (!MayHoldAxis(grid, row)) return axes;
  for (const AxisKind kind : kKinds) {
    if (auto axis = AxisOfKind(grid, row, kind, near_year)) axes.push_back(*std::move(axis));
  }
  return axes;
}

}  // namespace tidemill::transform
