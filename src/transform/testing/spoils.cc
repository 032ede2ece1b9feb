// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/testing/spoils.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "tidemill/base/text.h"

namespace tidemill::transform::testing {
namespace {

using workbook::CellKind;

// Row and column of "Jan-18", where the months begin.
Address FirstMonth(const EditableSheet& sheet) {
  const auto month = std::ranges::find_if(
      sheet.cells, [](const EditableCell& cell) { return cell.text.starts_with("Jan-") && cell.text.size() <= 8; });
  return {.row = month->row, .column = month->cell.column};
}

std::string MonthAt(const EditableSheet& sheet, std::uint32_t month) {
  const Address first = FirstMonth(sheet);
  return workbook::A1(first.row, first.column + month);
}

// The cell of an area's first value.
EditableCell& ValueOf(EditableSheet& sheet, std::string_view area) {
  return *sheet.Find(workbook::A1(sheet.FindText(area)->row, FirstMonth(sheet).column));
}

// The cell of an area's code, in the first column; null where the sheet has no codes.
EditableCell* CodeOf(EditableSheet& sheet, std::string_view area) {
  EditableCell* name = sheet.FindText(area);
  return name->cell.column == 0 ? nullptr : sheet.Find(workbook::A1(name->row, 0));
}

void SetText(EditableCell& cell, std::string_view text) {
  cell.cell.kind = CellKind::kString;
  cell.text = text;
  cell.runs.clear();
}

void SwapFirstMonths(EditableSheet& sheet) {
  std::swap(sheet.Find(MonthAt(sheet, 0))->text, sheet.Find(MonthAt(sheet, 1))->text);
}

void EraseValues(EditableSheet& sheet, const std::function<bool(const EditableCell&)>& at) {
  const Address first = FirstMonth(sheet);
  std::erase_if(sheet.cells, [&](const EditableCell& cell) {
    return cell.row > first.row && cell.cell.column >= first.column && cell.cell.kind == CellKind::kNumber && at(cell);
  });
}

void MoveHeaderDown(EditableSheet& sheet, std::uint32_t rows) {
  const std::uint32_t header = FirstMonth(sheet).row;
  for (EditableCell& cell : sheet.cells) {
    if (cell.row == header) cell.row += rows;
  }
}

// The note that begins with the number 1, alone in its cell or before its text.
void EraseFirstNote(EditableSheet& sheet) {
  const std::uint32_t footnotes = sheet.FindText("Footnotes:")->row;
  const auto note = std::ranges::find_if(sheet.cells, [&](const EditableCell& cell) {
    const bool number = cell.cell.kind == CellKind::kNumber && cell.cell.number() == 1;
    return cell.row > footnotes && cell.cell.column == 0 && (number || cell.text.starts_with("1 "));
  });
  sheet.EraseRow(note->row);
}

}  // namespace

void FlattenRuns(EditableSheet& sheet) {
  for (EditableCell& cell : sheet.cells) cell.runs.clear();
}

bool Applies(const Spoil& spoil, EditableSheet& sheet) {
  switch (spoil.applies) {
    case Spoil::Applies::kAlways:
      return true;
    case Spoil::Applies::kWithCodes:
      return CodeOf(sheet, "Sunderland") != nullptr;
    case Spoil::Applies::kWithoutCodes:
      return CodeOf(sheet, "Sunderland") == nullptr;
    case Spoil::Applies::kIn2018:
      return sheet.name == "Figures for 2018";
  }
  return false;
}

std::vector<Spoil> Spoils() {
  using Book = EditableWorkbook;
  using Sheet = EditableSheet;
  using enum FindingSeverity;
  using enum Spoil::Applies;
  return {
      {"a district's row removed", [](Book&, Sheet& s) { s.EraseRow(s.FindText("Gateshead")->row); }, "sum"},
      {"a country's row removed", [](Book&, Sheet& s) { s.EraseRow(s.FindText("ENGLAND")->row); }, "area-missing"},
      {"a digit changed",
       [](Book&, Sheet& s) {
         EditableCell& cell = ValueOf(s, "Sunderland");
         cell.cell.payload = std::bit_cast<std::uint64_t>(cell.cell.number() + 10);
       },
       "sum"},
      {"a fraction put in",
       [](Book&, Sheet& s) { ValueOf(s, "Sunderland").cell.payload = std::bit_cast<std::uint64_t>(1.5); },
       "not-integer"},
      {"a negative count",
       [](Book&, Sheet& s) { ValueOf(s, "Sunderland").cell.payload = std::bit_cast<std::uint64_t>(-1.0); }, "range"},
      {"the names of two months swapped", [](Book&, Sheet& s) { SwapFirstMonths(s); }, "axis-order", kHold},
      {"the names of two months swapped where sums tell them apart", [](Book&, Sheet& s) { SwapFirstMonths(s); }, "sum",
       kFail, kIn2018},
      {"a month named twice",
       [](Book&, Sheet& s) { SetText(*s.Find(MonthAt(s, 1)), s.Find(MonthAt(s, 0))->text.substr(0, 6)); },
       "period-repeated"},
      {"a month of another year", [](Book&, Sheet& s) { SetText(*s.Find(MonthAt(s, 11)), "Dec-31"); },
       "period-outside"},
      {"a month without a name", [](Book&, Sheet& s) { SetText(*s.Find(MonthAt(s, 11)), "Thirteenth"); },
       "column-unbound"},
      {"a marker put in", [](Book&, Sheet& s) { SetText(ValueOf(s, "Sunderland"), ":"); }, "unknown-marker"},
      {"an error cell",
       [](Book&, Sheet& s) {
         EditableCell& cell = ValueOf(s, "Sunderland");
         cell.cell.kind = CellKind::kError;
         cell.cell.payload = static_cast<std::uint64_t>(workbook::CellError::kNotAvailable);
       },
       "error-cell"},
      {"a value taken out",
       [](Book&, Sheet& s) {
         const EditableCell& value = ValueOf(s, "Sunderland");
         // By place: cells move while they are erased.
         const Address at{.row = value.row, .column = value.cell.column};
         EraseValues(s, [at](const auto& c) { return c.row == at.row && c.cell.column == at.column; });
       },
       "blank-value"},
      {"a month in the middle blank",
       [](Book&, Sheet& s) {
         const std::uint32_t column = FirstMonth(s).column + 3;
         EraseValues(s, [&](const auto& c) { return c.cell.column == column; });
         std::erase_if(s.cells, [&](const auto& c) { return c.cell.column == column && c.text == "-"; });
       },
       "hole-in-axis"},
      {"the sheet renamed to another year", [](Book& b, Sheet& s) { b.Rename(s.name, "Figures for 1999"); },
       "capture-conflict"},
      {"the sheet renamed beyond knowing", [](Book& b, Sheet& s) { b.Rename(s.name, "Data"); }, "sheet-missing"},
      {"a code spoilt", [](Book&, Sheet& s) { CodeOf(s, "Sunderland")->text.pop_back(); }, "code-invalid", kFail,
       kWithCodes},
      {"a code taken out", [](Book&, Sheet& s) { CodeOf(s, "Sunderland")->cell.kind = CellKind::kBlank; },
       "code-missing", kFail, kWithCodes},
      {"a code twice", [](Book&, Sheet& s) { SetText(*CodeOf(s, "Sunderland"), CodeOf(s, "Gateshead")->text); },
       "key-repeated", kFail, kWithCodes},
      {"all codes taken out",
       [](Book&, Sheet& s) {
         const std::uint32_t header = FirstMonth(s).row;
         std::erase_if(s.cells, [&](const EditableCell& cell) { return cell.cell.column == 0 && cell.row > header; });
       },
       "column-missing", kFail, kWithCodes},
      {"a name twice", [](Book&, Sheet& s) { SetText(*s.FindText("Sunderland"), "Gateshead"); }, "key-repeated", kFail,
       kWithoutCodes},
      {"the header moved into the body", [](Book&, Sheet& s) { MoveHeaderDown(s, 3); }, "unaccounted"},
      {"numbers below the table",
       [](Book&, Sheet& s) { s.Number(workbook::A1(s.FindText("Footnotes:")->row + 1, FirstMonth(s).column), 7); },
       "unaccounted"},
      {"a column of numbers beside the table",
       [](Book&, Sheet& s) { s.Number(workbook::A1(s.FindText("Sunderland")->row, FirstMonth(s).column + 12), 7); },
       "column-unbound"},
      {"a label without values",
       [](Book&, Sheet& s) {
         const std::uint32_t row = s.FindText("Sunderland")->row;
         EraseValues(s, [&](const auto& c) { return c.row == row; });
       },
       "label-without-values"},
      {"a note deleted", [](Book&, Sheet& s) { EraseFirstNote(s); }, "note-missing", kWarn},
  };
}

}  // namespace tidemill::transform::testing
