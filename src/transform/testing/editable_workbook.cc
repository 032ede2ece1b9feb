// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/testing/editable_workbook.h"

#include <algorithm>
#include <bit>

#include "tidemill/base/text.h"

namespace tidemill::transform::testing {

using workbook::Cell;
using workbook::CellKind;

Address ParseA1(std::string_view a1) {
  Address address;
  std::size_t i = 0;
  std::uint32_t column = 0;
  for (; i < a1.size() && a1[i] >= 'A' && a1[i] <= 'Z'; ++i) {
    column = column * 26 + static_cast<std::uint32_t>(a1[i] - 'A') + 1;
  }
  address.column = column - 1;
  address.row = static_cast<std::uint32_t>(base::ParseInt(a1.substr(i)).value()) - 1;
  return address;
}

EditableSheet::EditableSheet(const workbook::Sheet& sheet)
    : name(sheet.name), tables(sheet.tables), merges(sheet.merges), issues(sheet.issues) {
  for (std::size_t row = 0; row < sheet.rows().size(); ++row) {
    for (const Cell& cell : sheet.CellsOf(row)) {
      const auto runs = sheet.Runs(cell);
      cells.push_back({.row = sheet.rows()[row].number,
                       .cell = cell,
                       .text = std::string(sheet.Text(cell)),
                       .runs = {runs.begin(), runs.end()}});
      if (styles.size() <= cell.style) styles.resize(std::size_t{cell.style} + 1);
      styles[cell.style] = sheet.StyleOf(cell);
    }
  }
}

workbook::Sheet EditableSheet::Build() const {
  auto strings = std::make_shared<workbook::StringTable>();
  std::vector<Cell> built;
  for (const EditableCell& cell : cells) {
    built.push_back(cell.cell);
    if (cell.cell.kind == CellKind::kString) built.back().payload = strings->Add(cell.text, cell.runs);
  }
  workbook::SheetBuilder builder(name, strings, std::make_shared<const std::vector<workbook::Style>>(styles));
  for (std::size_t i = 0; i < cells.size(); ++i) builder.Add(cells[i].row, built[i]);
  workbook::Sheet sheet = std::move(builder).Finish();
  sheet.tables = tables;
  sheet.merges = merges;
  sheet.issues = issues;
  return sheet;
}

EditableCell* EditableSheet::Find(std::string_view a1) {
  const Address at = ParseA1(a1);
  const auto found = std::ranges::find_if(
      cells, [&](const EditableCell& cell) { return cell.row == at.row && cell.cell.column == at.column; });
  return found == cells.end() ? nullptr : &*found;
}

EditableCell* EditableSheet::FindText(std::string_view text) {
  const auto found =
      std::ranges::find_if(cells, [&](const EditableCell& cell) { return base::Trim(cell.text) == text; });
  return found == cells.end() ? nullptr : &*found;
}

EditableCell& EditableSheet::Put(std::string_view a1, bool bold) {
  EditableCell* cell = Find(a1);
  if (cell == nullptr) cell = &cells.emplace_back();
  const Address at = ParseA1(a1);
  *cell = {.row = at.row};
  cell->cell.column = static_cast<std::uint16_t>(at.column);
  if (bold) {
    const auto style = std::ranges::find(styles, true, &workbook::Style::bold);
    cell->cell.style = static_cast<std::uint16_t>(style - styles.begin());
    if (style == styles.end()) styles.emplace_back().bold = true;
  }
  return *cell;
}

void EditableSheet::Text(std::string_view a1, std::string_view text, bool bold) {
  EditableCell& cell = Put(a1, bold);
  cell.cell.kind = CellKind::kString;
  cell.text = text;
}

void EditableSheet::Scripted(std::string_view a1, std::string_view text, std::size_t script, bool bold) {
  Text(a1, text, bold);
  EditableCell* cell = Find(a1);
  cell->runs.push_back({.start = 0, .bold = bold});
  cell->runs.push_back({.start = static_cast<std::uint32_t>(text.size() - script),
                        .script = workbook::Script::kSuperscript,
                        .bold = bold});
}

void EditableSheet::Number(std::string_view a1, double number, bool bold) {
  EditableCell& cell = Put(a1, bold);
  cell.cell.kind = CellKind::kNumber;
  cell.cell.payload = std::bit_cast<std::uint64_t>(number);
}

void EditableSheet::Erase(std::string_view a1) {
  const Address at = ParseA1(a1);
  std::erase_if(cells, [&](const EditableCell& cell) { return cell.row == at.row && cell.cell.column == at.column; });
}

void EditableSheet::EraseRow(std::uint32_t row) {
  std::erase_if(cells, [&](const EditableCell& cell) { return cell.row == row; });
}

void EditableSheet::InsertRows(std::uint32_t row, std::uint32_t count) {
  for (EditableCell& cell : cells) {
    if (cell.row >= row) cell.row += count;
  }
}

void EditableSheet::InsertColumns(std::uint32_t column, std::uint32_t count) {
  for (EditableCell& cell : cells) {
    if (cell.cell.column >= column) cell.cell.column = static_cast<std::uint16_t>(cell.cell.column + count);
  }
}

EditableWorkbook::EditableWorkbook(const workbook::Workbook& book) : entries_(book.sheets()) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    auto sheet = book.ReadSheet(i);
    editable_.push_back(sheet ? EditableSheet(*sheet) : EditableSheet(entries_[i].name));
  }
}

EditableSheet& EditableWorkbook::Add(EditableSheet sheet, bool hidden) {
  entries_.push_back(
      {.name = sheet.name, .visibility = hidden ? workbook::Visibility::kHidden : workbook::Visibility::kVisible});
  return editable_.emplace_back(std::move(sheet));
}

EditableSheet& EditableWorkbook::sheet(std::string_view name) {
  return *std::ranges::find(editable_, name, &EditableSheet::name);
}

void EditableWorkbook::Rename(std::string_view from, std::string to) {
  std::ranges::find(entries_, from, &workbook::SheetEntry::name)->name = to;
  sheet(from).name = std::move(to);
}

void EditableWorkbook::Remove(std::string_view name) {
  std::erase_if(entries_, [&](const workbook::SheetEntry& entry) { return entry.name == name; });
  std::erase_if(editable_, [&](const EditableSheet& one) { return one.name == name; });
}

void EditableWorkbook::ReverseSheets() {
  std::ranges::reverse(entries_);
  std::ranges::reverse(editable_);
}

base::Result<workbook::Sheet> EditableWorkbook::Read(std::size_t index, workbook::RowSink* rows,
                                                     std::stop_token /*stop*/,
                                                     const workbook::ReadOptions& /*options*/) const {
  workbook::Sheet sheet = editable_[index].Build();
  return rows == nullptr ? std::move(sheet) : workbook::GiveRows(std::move(sheet), *rows);
}

namespace {

struct SmallArea {
  std::uint32_t row;  // as people count
  std::string_view code, name;
  bool bold;
  double share;  // of the invented counts
};

}  // namespace

EditableWorkbook SmallDeathsWorkbook() {
  // England = North East = 40 + 10 + (7 + 5); Wales = 3 + 2; non-residents 1.
  constexpr SmallArea kAreas[] = {{6, "K04000001, J99000001", "ENGLAND, WALES AND ELSEWHERE 1", true, 68},
                                  {8, "K04000001", "ENGLAND AND WALES", true, 67},
                                  {10, "E92000001", "ENGLAND", true, 62},
                                  {12, "E12000001", "NORTH EAST", true, 62},
                                  {14, "E06000047", "County Durham ", true, 40},
                                  {15, "E06000005  ", "Darlington", true, 10},
                                  {17, "E11000007", "Tyne and Wear (Met County)", true, 12},
                                  {18, "E08000037", "Gateshead", false, 7},
                                  {19, "E08000024", "Sunderland", false, 5},
                                  {21, "W92000004", "WALES", true, 5},
                                  {22, "W06000001", "Isle of Anglesey", false, 3},
                                  {23, "W06000002", "Gwynedd", false, 2},
                                  {25, "J99000001", "Non-residents of England & Wales", true, 1}};
  constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  EditableSheet sheet("Figures for 2018");
  sheet.Text("A1", "Contents");
  sheet.Text("A2", "Monthly figures on deaths registered by area of usual residence, 2018", true);
  sheet.Text("N2", "England and Wales", true);
  sheet.Text("A4", "Area of usual residence");
  for (std::uint32_t month = 0; month < 12; ++month) {
    sheet.Text(workbook::A1(3, month + 2), fmt::format("{}-18", kMonths[month]));
    for (const SmallArea& area : kAreas) {
      double deaths = area.share * (month + 10);
      if (area.row == 6 && month == 0) deaths += 18;
      if (area.row == 6 && month == 1) deaths += 3;
      sheet.Number(workbook::A1(area.row - 1, month + 2), deaths, area.bold);
    }
  }
  for (const SmallArea& area : kAreas) {
    sheet.Text(workbook::A1(area.row - 1, 0), area.code, area.bold);
    if (area.row == 6) {
      sheet.Scripted("B6", area.name, 1, true);
    } else {
      sheet.Text(workbook::A1(area.row - 1, 1), area.name, area.bold);
    }
  }
  sheet.Text("A27", "Footnotes:");
  sheet.Text("A29", "1 Deaths of those who live outside England and Wales are included in the total alone.");
  sheet.Text("A31", "2 Areas are those of April 2019.");
  sheet.Text("A32", "Source: Office for National Statistics");
  sheet.Text("C32", "Released:");
  sheet.Text("D32", "27 August 2019");
  EditableWorkbook book;
  book.Add(EditableSheet("Contents")).Text("A1", "Contents");
  book.Add(std::move(sheet));
  return book;
}

}  // namespace tidemill::transform::testing
