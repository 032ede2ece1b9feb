// SPDX-License-Identifier: Apache-2.0
#include "tidemill/workbook/testing/show.h"

namespace tidemill::workbook::testing {
namespace {

std::string Join(const std::string& a, const std::string& b) {
  return a.empty() ? b : a + " " + b;
}

template <class Prefix>
std::string ShownCells(const Sheet& sheet, Prefix prefix) {
  std::string text;
  for (std::size_t i = 0; i < sheet.rows().size(); ++i) {
    for (const Cell& cell : sheet.CellsOf(i)) {
      text = Join(text, prefix(cell) + A1(sheet.rows()[i].number, cell.column) + "=" + sheet.DisplayText(cell));
    }
  }
  return text;
}

std::string KindOf(const Cell& cell) {
  switch (cell.kind) {
    case CellKind::kNumber:
      return "n ";
    case CellKind::kDate:
      return "d ";
    case CellKind::kDuration:
      return "t ";
    case CellKind::kBool:
      return "b ";
    case CellKind::kError:
      return "e ";
    default:
      return "s ";
  }
}

std::string SignsOf(const TextRun& run) {
  std::string signs = run.script == Script::kSuperscript ? "^" : run.script == Script::kSubscript ? "_" : "";
  if (run.bold) signs += "*";
  if (run.italic) signs += "/";
  if (run.strike) signs += "-";
  return signs;
}

}  // namespace

Sheet ReadSheetOf(std::string_view bytes, std::size_t index, const OpenOptions& options) {
  Sheet none;
  const auto workbook = OpenWorkbook(bytes, options);
  if (!workbook) {
    none.name = "refused: " + workbook.error().ToText();
    return none;
  }
  auto sheet = (*workbook)->ReadSheet(index);
  if (sheet) return *std::move(sheet);
  none.name = "error: " + sheet.error().ToText();
  return none;
}

std::string Shown(const Sheet& sheet) {
  return ShownCells(sheet, [](const Cell&) { return std::string(); });
}

std::string ShownWithKinds(const Sheet& sheet) {
  return ShownCells(sheet, KindOf);
}

std::string ShownRuns(const Sheet& sheet, const Cell& cell) {
  const auto runs = sheet.Runs(cell);
  const std::string_view text = sheet.Text(cell);
  std::string shown;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::size_t end = i + 1 < runs.size() ? runs[i + 1].start : text.size();
    shown += (i > 0 ? "|" : "") + SignsOf(runs[i]) + std::string(text.substr(runs[i].start, end - runs[i].start));
  }
  return runs.empty() ? std::string(text) : shown;
}

std::string ShownMerges(const Sheet& sheet) {
  std::string text;
  for (const Range& merge : sheet.merges) text = Join(text, A1(merge));
  return text;
}

std::string ShownIssues(const Sheet& sheet) {
  std::string text;
  for (const Issue& issue : sheet.issues) text = Join(text, issue.code + (issue.cell.empty() ? "" : "@" + issue.cell));
  return text;
}

}  // namespace tidemill::workbook::testing
