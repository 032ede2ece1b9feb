// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/testing/grid_text.h"

#include <algorithm>
#include <bit>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

namespace tidemill::transform::testing {
namespace {

using workbook::Cell;
using workbook::CellKind;

workbook::Range ParseRange(std::string_view text) {
  const std::size_t colon = text.find(':');
  const Address first = ParseA1(text.substr(0, colon));
  const Address last = ParseA1(text.substr(colon + 1));
  return {first.row, first.column, last.row, last.column};
}

// The style's index, added where the sheet has none alike.
std::uint16_t StyleIn(EditableSheet& sheet, const workbook::Style& style) {
  const auto at = std::ranges::find_if(sheet.styles, [&](const workbook::Style& one) {
    return one.bold == style.bold && one.indent == style.indent && one.number_format == style.number_format;
  });
  const auto index = static_cast<std::uint16_t>(at - sheet.styles.begin());
  if (at == sheet.styles.end()) sheet.styles.push_back(style);
  return index;
}

bool Take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// The serial of an ISO date in the 1900 system.
double SerialOf(std::string_view iso) {
  const base::Date day = base::ParseDate(iso).value();
  return static_cast<double>((day - base::ParseDate("1899-12-30").value()).count());
}

// The text without ^{…}, and the runs that say what stood there.
void TakeScripts(std::string_view text, bool bold, EditableCell& cell) {
  for (std::size_t at = text.find("^{"); at != std::string_view::npos; at = text.find("^{")) {
    const std::size_t end = text.find('}', at);
    if (cell.runs.empty()) cell.runs.push_back({.start = 0, .bold = bold});
    cell.text += text.substr(0, at);
    cell.runs.push_back({.start = static_cast<std::uint32_t>(cell.text.size()),
                         .script = workbook::Script::kSuperscript,
                         .bold = bold});
    cell.text += text.substr(at + 2, end - at - 2);
    text.remove_prefix(end + 1);
    if (!text.empty()) cell.runs.push_back({.start = static_cast<std::uint32_t>(cell.text.size()), .bold = bold});
  }
  cell.text += text;
}

void AddCell(EditableSheet& sheet, std::uint32_t row, std::size_t column, std::string_view text) {
  EditableCell cell{.row = row};
  cell.cell.column = static_cast<std::uint16_t>(column);
  workbook::Style style;
  if (Take(text, "*")) style.bold = true;
  while (Take(text, ">")) ++style.indent;
  const bool forced = Take(text, "'");
  double number = 0;
  if (!forced && Take(text, "date:")) {
    style.number_format = "yyyy-mm-dd";
    style.number_class = workbook::NumberClass::kDate;
    cell.cell.kind = CellKind::kDate;
    number = SerialOf(text);
  } else if (!forced && Take(text, "month:")) {
    style.number_format = "mmm-yy";
    style.number_class = workbook::NumberClass::kMonthYear;
    cell.cell.kind = CellKind::kDate;
    number = SerialOf(std::string(text) + "-01");
  } else if (const auto read = base::ParseDouble(text); read && !forced) {
    cell.cell.kind = CellKind::kNumber;
    number = *read;
  } else {
    cell.cell.kind = CellKind::kString;
    TakeScripts(text, style.bold, cell);
  }
  if (cell.cell.kind != CellKind::kString) cell.cell.payload = std::bit_cast<std::uint64_t>(number);
  cell.cell.style = StyleIn(sheet, style);
  sheet.cells.push_back(std::move(cell));
}

void AddRow(EditableSheet& sheet, std::uint32_t row, std::string_view line) {
  if (base::Trim(line) == ".") return;
  const auto texts = base::Split(line, '|');
  for (std::size_t column = 0; column < texts.size(); ++column) {
    const std::string_view text = base::Trim(texts[column]);
    if (!text.empty()) AddCell(sheet, row, column, text);
  }
}

}  // namespace

EditableWorkbook WorkbookOfText(std::string_view text) {
  EditableWorkbook book;
  EditableSheet* sheet = nullptr;
  std::uint32_t row = 0;
  for (std::string_view line : base::Split(text, '\n')) {
    if (line.empty()) continue;
    if (Take(line, "== ")) {
      constexpr std::string_view kHidden = " (hidden)";
      const bool hidden = line.ends_with(kHidden);
      if (hidden) line.remove_suffix(kHidden.size());
      sheet = &book.Add(EditableSheet(std::string(line)), hidden);
      row = 0;
    } else if (Take(line, "merge: ")) {
      sheet->merges.push_back(ParseRange(line));
    } else if (Take(line, "table: ")) {
      const std::size_t blank = line.find(' ');
      sheet->tables.push_back(
          {.name = std::string(line.substr(0, blank)), .range = ParseRange(line.substr(blank + 1))});
    } else {
      AddRow(*sheet, row++, line);
    }
  }
  return book;
}

}  // namespace tidemill::transform::testing
