// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/testing/spoils.h"

#include <bit>
#include <utility>

namespace tidemill::transform::testing {
namespace {

using workbook::CellKind;

constexpr std::uint32_t kHeaderRow = 3;
constexpr std::uint32_t kFirstMonth = 2;

// The cell of an area's first value.
EditableCell& ValueOf(EditableSheet& sheet, std::string_view area) {
  return *sheet.Find(workbook::A1(sheet.FindText(area)->row, kFirstMonth));
}

void SetText(EditableCell& cell, std::string_view text) {
  cell.cell.kind = CellKind::kString;
  cell.text = text;
  cell.runs.clear();
}

void SwapColumns(EditableSheet& sheet, std::uint32_t a, std::uint32_t b, std::uint32_t first_row,
                 std::uint32_t last_row) {
  for (EditableCell& cell : sheet.cells) {
    if (cell.row < first_row || cell.row > last_row) continue;
    if (cell.cell.column == a) {
      cell.cell.column = static_cast<std::uint16_t>(b);
    } else if (cell.cell.column == b) {
      cell.cell.column = static_cast<std::uint16_t>(a);
    }
  }
}

void MoveHeaderDown(EditableSheet& sheet, std::uint32_t to) {
  for (EditableCell& cell : sheet.cells) {
    if (cell.row == kHeaderRow) cell.row = to;
  }
}

}  // namespace

std::vector<Spoil> Spoils() {
  using Book = EditableWorkbook;
  using Sheet = EditableSheet;
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
      {"the names of two months swapped",
       [](Book&, Sheet& s) { SwapColumns(s, kFirstMonth, kFirstMonth + 1, kHeaderRow, kHeaderRow); }, "sum", true},
      {"a month named twice", [](Book&, Sheet& s) { SetText(*s.Find("D4"), s.Find("C4")->text); }, "period-repeated"},
      {"a month of another year", [](Book&, Sheet& s) { SetText(*s.Find("N4"), "Dec-11"); }, "period-outside"},
      {"a month without a name", [](Book&, Sheet& s) { SetText(*s.Find("N4"), "Thirteenth"); }, "column-unbound"},
      {"a marker put in", [](Book&, Sheet& s) { SetText(ValueOf(s, "Sunderland"), ":"); }, "unknown-marker"},
      {"an error cell",
       [](Book&, Sheet& s) {
         EditableCell& cell = ValueOf(s, "Sunderland");
         cell.cell.kind = CellKind::kError;
         cell.cell.payload = static_cast<std::uint64_t>(workbook::CellError::kNotAvailable);
       },
       "error-cell"},
      {"a value taken out", [](Book&, Sheet& s) { s.Erase(workbook::A1(s.FindText("Sunderland")->row, kFirstMonth)); },
       "blank-value"},
      {"a month in the middle blank",
       [](Book&, Sheet& s) {
         std::erase_if(s.cells, [&](const EditableCell& cell) {
           return cell.cell.column == 5 && cell.row > kHeaderRow && cell.cell.kind == CellKind::kNumber;
         });
       },
       "hole-in-axis"},
      {"the sheet renamed to another year", [](Book& b, Sheet& s) { b.Rename(s.name, "Figures for 2011"); },
       "capture-conflict"},
      {"the sheet renamed beyond knowing", [](Book& b, Sheet& s) { b.Rename(s.name, "Data"); }, "sheet-missing"},
      {"a code spoilt", [](Book&, Sheet& s) { SetText(*s.FindText("E08000024"), "E0800002"); }, "code-invalid"},
      {"a code taken out", [](Book&, Sheet& s) { s.FindText("E08000024")->cell.kind = CellKind::kBlank; },
       "code-missing"},
      {"a code twice", [](Book&, Sheet& s) { SetText(*s.FindText("E08000024"), "E08000037"); }, "key-repeated"},
      {"all codes taken out",
       [](Book&, Sheet& s) {
         std::erase_if(s.cells,
                       [](const EditableCell& cell) { return cell.cell.column == 0 && cell.row > kHeaderRow; });
       },
       "column-missing"},
      {"the header moved into the body", [](Book&, Sheet& s) { MoveHeaderDown(s, 6); }, "unaccounted"},
      {"numbers below the table",
       [](Book&, Sheet& s) { s.Number(workbook::A1(s.FindText("Footnotes:")->row + 1, kFirstMonth), 7); },
       "unaccounted"},
      {"a column of numbers beside the table",
       [](Book&, Sheet& s) { s.Number(workbook::A1(s.FindText("Sunderland")->row, 14), 7); }, "column-unbound"},
      {"a label without values",
       [](Book&, Sheet& s) {
         const std::uint32_t row = s.FindText("Sunderland")->row;
         std::erase_if(s.cells,
                       [&](const EditableCell& cell) { return cell.row == row && cell.cell.column >= kFirstMonth; });
       },
       "label-without-values"},
  };
}

}  // namespace tidemill::transform::testing
