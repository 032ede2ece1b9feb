// SPDX-License-Identifier: Apache-2.0
#include "candidates.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "draft_table.h"
#include "header_texts.h"
#include "table_axis.h"

namespace tidemill::transform {
namespace {

using recipe::Captures;
using recipe::ColumnSpec;
using recipe::Pattern;
using recipe::Role;
using workbook::Cell;

constexpr std::size_t kMostSheets = 12;
constexpr std::size_t kMostTablesASheet = 5;
constexpr std::size_t kMostByLooks = 3;
constexpr int kNearYear = 2020;            // of two digits; a look does not depend on it
constexpr std::size_t kMostHeaders = 3;    // of one column of the recipe
constexpr double kSureCells = 3;           // cells of an axis that need no anchor
constexpr double kLeastHeaderScore = 0.2;  // of a header that is worth a look

void KeepBest(std::vector<Candidate>& candidates, std::size_t most) {
  std::ranges::stable_sort(candidates, std::ranges::greater(), &Candidate::score);
  if (candidates.size() > most) candidates.resize(most);
}

// How near a text is to a pattern, also where the pattern is no fuzzy one.
double Nearness(const Pattern& pattern, std::string_view text, const Captures& bound) {
  if (pattern.Match(text, bound)) return 1;
  if (pattern.fuzzy()) return pattern.Score(text, bound);
  std::string words;
  for (const char c : pattern.text()) words += c == '*' || c == '?' || c == '#' ? ' ' : c;
  const auto fuzzy = Pattern::Compile("~" + base::CollapseSpace(words));
  return fuzzy ? std::min(fuzzy->Score(text, bound), 0.99) : 0;
}

double BestNearness(const std::vector<Pattern>& patterns, std::string_view text, const Captures& bound) {
  double best = 0;
  for (const Pattern& pattern : patterns) best = std::max(best, Nearness(pattern, text, bound));
  return best;
}

bool HasHeaderToFind(const ColumnSpec& column, bool across) {
  const bool from_body = column.role == Role::kAxis || (column.role == Role::kValue && across);
  return !column.header.empty() && !from_body && !column.optional;
}

// One row as the header of a table: what of the recipe's needs it holds.
struct HeaderRow {
  std::size_t headers = 0, headers_wanted = 0;
  std::size_t axis_cells = 0;
  bool anchored = false;
  std::uint32_t first_column = 16'383, last_column = 0;
};

void Widen(HeaderRow& row, std::uint32_t column) {
  row.first_column = std::min(row.first_column, column);
  row.last_column = std::max(row.last_column, column);
}

HeaderRow LookAtRow(const TableSearch& search, std::size_t row) {
  HeaderRow seen;
  const Table one{.name = {}, .header_first = row, .header_last = row};
  for (const ColumnSpec& column : search.spec.columns) {
    if (!HasHeaderToFind(column, search.axis != nullptr)) continue;
    ++seen.headers_wanted;
    for (const Cell& cell : search.grid.Cells(row)) {
      if (!search.grid.HasContent(cell)) continue;
      const std::string text = HeaderText(search, one, cell.column);
      if (!Hits(column.header, text, search.bound)) continue;
      ++seen.headers;
      Widen(seen, cell.column);
      break;
    }
  }
  for (const Cell& cell : search.grid.Cells(row)) {
    if (!search.grid.HasContent(cell)) continue;
    const std::string text = search.grid.Clean(cell, search.spec.notes).text;
    if (!Hits(search.spec.table.anchor, text, search.bound)) continue;
    seen.anchored = true;
    Widen(seen, cell.column);
  }
  if (search.axis != nullptr) {
    const AxisRun run = LongestRun(search, row, 0, 16'383);
    seen.axis_cells = run.cells.size();
    for (const AxisCell& cell : run.cells) Widen(seen, cell.column);
  }
  return seen;
}

double ScoreOf(const TableSearch& search, const HeaderRow& row) {
  double wanted = static_cast<double>(row.headers_wanted);
  double found = static_cast<double>(row.headers);
  if (search.axis != nullptr) {
    wanted += 1;
    found += std::min(1.0, static_cast<double>(row.axis_cells) / kSureCells);
  }
  if (!search.spec.table.anchor.empty()) {
    wanted += 1;
    found += row.anchored ? 1 : 0;
  }
  return wanted == 0 ? 0 : found / wanted;
}

std::string WhyOf(const TableSearch& search, const HeaderRow& row) {
  std::vector<std::string> parts;
  if (row.headers_wanted > 0) parts.push_back(fmt::format("{} of {} headers", row.headers, row.headers_wanted));
  if (search.axis != nullptr) parts.push_back(fmt::format("{} cells in a run read as the axis", row.axis_cells));
  if (!search.spec.table.anchor.empty()) parts.emplace_back(row.anchored ? "an anchor hits" : "no anchor hits");
  return base::Join(parts, "; ");
}

Candidate NativeCandidate(const TableSearch& search, const workbook::NativeTable& native) {
  HeaderRow row;
  for (std::size_t i = 0; i < search.grid.row_count(); ++i) {
    if (search.grid.RowNumber(i) == native.range.first_row) row = LookAtRow(search, i);
  }
  return {.what = "table",
          .sheet = search.grid.sheet().name,
          .range = native.range,
          .score = ScoreOf(search, row),
          .why = fmt::format("native table {}; {}", base::Quoted(native.name), WhyOf(search, row))};
}

// The header text of each column that has one.
std::vector<std::pair<std::uint32_t, std::string>> HeadersOf(const TableSearch& search, const Table& table) {
  std::vector<std::pair<std::uint32_t, std::string>> headers;
  std::vector<std::uint32_t> columns;
  for (std::size_t row = table.header_first; row <= table.header_last; ++row) {
    for (const Cell& cell : search.grid.Cells(row)) {
      if (search.grid.HasContent(cell)) columns.push_back(cell.column);
    }
  }
  std::ranges::sort(columns);
  columns.erase(std::ranges::unique(columns).begin(), columns.end());
  for (const std::uint32_t column : columns) headers.emplace_back(column, HeaderText(search, table, column));
  return headers;
}

// Tables as they look, whatever the recipe asks for.
void AddByLooks(const TableSearch& search, std::vector<Candidate>& candidates) {
  for (const DraftTable& table : FindDraftTables(search.grid, kNearYear)) {
    if (candidates.size() >= kMostTablesASheet + kMostByLooks) return;
    const std::uint32_t row = search.grid.RowNumber(table.header_row);
    const std::uint32_t last = table.axis.empty() ? 0 : table.axis.back().column;
    std::optional<workbook::Range> range;
    if (!table.axis.empty()) range = workbook::Range{row, table.axis.front().column, row, last};
    candidates.push_back({.what = "by its looks",
                          .sheet = search.grid.sheet().name,
                          .range = range,
                          .score = table.confidence,
                          .why = fmt::format("{}; {}", NameOf(search.grid, table), table.reason)});
  }
}

}  // namespace

std::vector<Candidate> SheetCandidates(const std::vector<workbook::SheetEntry>& sheets, const recipe::SheetSpec& spec,
                                       const Captures& bound) {
  std::vector<Candidate> candidates;
  std::vector<Candidate> never;
  for (const workbook::SheetEntry& sheet : sheets) {
    if (sheet.type != workbook::SheetType::kWorksheet) continue;
    Candidate one{.what = "sheet", .sheet = sheet.name, .range = {}, .why = {}};
    const bool out = Hits(spec.not_, sheet.name, bound);
    if (sheet.visibility != workbook::Visibility::kVisible && !spec.hidden) {
      one.why = "hidden";
      one.never = true;
    } else if (out) {
      one.never = true;
      one.why = "taken out by sheet.not";
    } else if (spec.pick.empty()) {
      one.score = 0.5;
      one.why = "the recipe has no sheet.pick";
    } else {
      one.score = BestNearness(spec.pick, sheet.name, bound);
      one.why = "by the name, against sheet.pick";
    }
    (one.never ? never : candidates).push_back(std::move(one));
  }
  KeepBest(candidates, kMostSheets);
  std::ranges::move(never, std::back_inserter(candidates));
  KeepBest(candidates, kMostSheets);
  return candidates;
}

void ScoreByLooks(const workbook::Sheet& sheet, Candidate& candidate) {
  constexpr double kByLooks = 0.5;  // a sheet whose name is near stands before all
  const Grid grid(sheet);
  const std::vector<DraftTable> tables = FindDraftTables(grid, kNearYear);
  if (tables.empty()) return;
  candidate.score = kByLooks * tables.front().confidence;
  candidate.why = fmt::format("no name is near sheet.pick; by its looks: {}", NameOf(grid, tables.front()));
}

std::vector<Candidate> TableCandidates(const TableSearch& search) {
  std::vector<Candidate> candidates;
  for (const workbook::NativeTable& native : search.grid.sheet().tables) {
    candidates.push_back(NativeCandidate(search, native));
  }
  for (std::size_t i = 0; i < search.grid.row_count(); ++i) {
    const HeaderRow row = LookAtRow(search, i);
    const double score = ScoreOf(search, row);
    if (score <= 0) continue;
    const std::uint32_t number = search.grid.RowNumber(i);
    candidates.push_back({.what = "table",
                          .sheet = search.grid.sheet().name,
                          .range = workbook::Range{number, row.first_column, number, row.last_column},
                          .score = score,
                          .why = WhyOf(search, row)});
  }
  KeepBest(candidates, kMostTablesASheet);
  AddByLooks(search, candidates);
  return candidates;
}

std::vector<Candidate> ColumnCandidates(const TableSearch& search, const Table& table) {
  std::vector<Candidate> all;
  const auto headers = HeadersOf(search, table);
  const std::uint32_t row = search.grid.RowNumber(table.header_last);
  for (const ColumnSpec& column : search.spec.columns) {
    if (!HasHeaderToFind(column, search.axis != nullptr)) continue;
    std::vector<Candidate> candidates;
    for (const auto& [at, text] : headers) {
      const double score = BestNearness(column.header, text, search.bound);
      if (score < kLeastHeaderScore) continue;
      candidates.push_back({.what = "column " + column.name,
                            .sheet = search.grid.sheet().name,
                            .range = workbook::Range{row, at, row, at},
                            .score = score,
                            .why = fmt::format("header {}", base::Quoted(text))});
    }
    KeepBest(candidates, kMostHeaders);
    const bool hit = candidates.size() == 1 && candidates.front().score >= 1;
    if (!hit) std::ranges::move(candidates, std::back_inserter(all));
  }
  return all;
}

}  // namespace tidemill::transform
