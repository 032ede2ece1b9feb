// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/make_files.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MakeXlsx;

// "3h: A3=text B3=2": rows as they come, h a hidden one, digits behind it the level.
class Written final : public RowSink {
 public:
  bool Row(const Sheet& sheet, const Sheet::Row& row, std::span<const Cell> cells) override {
    EXPECT_TRUE(sheet.rows().empty());
    EXPECT_EQ(row.first, cells_);
    cells_ += cells.size();
    std::string text = std::to_string(row.number + 1) + (row.hidden ? "h" : "");
    if (row.outline_level > 0) text += "/" + std::to_string(row.outline_level);
    text += ":";
    for (const Cell& cell : cells) {
      text += fmt::format(" {}={}", A1(row.number, cell.column), sheet.DisplayText(cell));
      if ((cell.flags & kHiddenCell) != 0) text += "h";
      for (const TextRun& run : sheet.Runs(cell)) text += fmt::format("@{}", run.start);
    }
    rows.push_back(std::move(text));
    return rows.size() < enough;
  }

  std::vector<std::string> rows;
  std::size_t enough = 1000;

 private:
  std::uint64_t cells_ = 0;
};

std::string SheetData(const std::string& rows) {
  return "<sheetData>" + rows + "</sheetData>";
}

Sheet Stream(const std::string& bytes, Written& rows, const Limits& limits = {}) {
  const auto workbook = OpenWorkbook(bytes, limits);
  EXPECT_TRUE(workbook.has_value());
  auto sheet = (*workbook)->StreamSheet(0, rows);
  EXPECT_TRUE(sheet.has_value()) << (sheet ? "" : sheet.error().ToText());
  return sheet ? *std::move(sheet) : Sheet();
}

std::vector<std::string> Codes(const Sheet& sheet) {
  std::vector<std::string> codes;
  for (const Issue& issue : sheet.issues) codes.push_back(issue.code + " " + issue.cell);
  return codes;
}

TEST(StreamSheet, GivesRowsWithTheirTextsAndKeepsAllButTheCells) {
  Written rows;
  const Sheet sheet = Stream(
      MakeXlsx({.sheets = {"<cols><col min='2' max='2' hidden='1' outlineLevel='2'/></cols>" +
                           SheetData("<row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2'><v>1.5</v></c></row>"
                                     "<row r='4' hidden='1' outlineLevel='1'><c r='A4' t='inlineStr'><is><t>in</t>"
                                     "<r><rPr><b/></rPr><t>line</t></r></is></c></row>"
                                     "<row r='5' hidden='1'/>") +
                           "<mergeCells><mergeCell ref='A1:B1'/></mergeCells>"},
                .shared_strings = "<si><t>shared</t></si>"}),
      rows);
  EXPECT_THAT(rows.rows, ElementsAre("2: A2=shared B2=1.5h", "4h/1: A4=inlineh@0@2"));
  EXPECT_EQ(sheet.cell_count(), 0U);
  EXPECT_EQ(A1(sheet.merges.at(0)), "A1:B1");
  EXPECT_THAT(sheet.hidden_rows, ElementsAre(Lines{3, 4}));
  EXPECT_THAT(sheet.hidden_columns, ElementsAre(1U));
  EXPECT_THAT(sheet.row_levels, ElementsAre(OutlineLevel{{3, 3}, 1}));
  EXPECT_THAT(sheet.column_levels, ElementsAre(OutlineLevel{{1, 1}, 2}));
  EXPECT_THAT(sheet.issues, IsEmpty());
}

TEST(StreamSheet, PutsTheCellsOfARowInOrderAndTheLastOfTwoCounts) {
  Written rows;
  const Sheet sheet = Stream(MakeXlsx({.sheets = {SheetData("<row r='1'><c r='C1'><v>3</v></c><c r='A1'><v>1</v></c>"
                                                            "<c r='C1'><v>4</v></c><c r='B1'><v>2</v></c></row>")}}),
                             rows);
  EXPECT_THAT(rows.rows, ElementsAre("1: A1=1 B1=2 C1=4"));
  EXPECT_THAT(Codes(sheet), ElementsAre("duplicate-cell C1"));
}

TEST(StreamSheet, ARowOfVeryManyCellsTakesTheRoomOfTheGrid) {
  Written rows;
  std::string cells;
  for (std::uint32_t i = 0; i < 100'000; ++i) cells += fmt::format("<c r='{}'><v>{}</v></c>", A1(0, i % 3), i);
  const Sheet sheet = Stream(MakeXlsx({.sheets = {SheetData("<row r='1'>" + cells + "</row>")}}), rows);
  EXPECT_THAT(rows.rows, ElementsAre("1: A1=99999 B1=99997 C1=99998"));
  EXPECT_THAT(Codes(sheet), ElementsAre("duplicate-cell A1"));
}

TEST(StreamSheet, RowsOutOfOrderComeAsTheyStandAndAreSaid) {
  Written rows;
  const Sheet sheet = Stream(
      MakeXlsx({.sheets = {SheetData("<row r='3'><c r='A3'><v>3</v></c></row><row r='1'><c r='A1'><v>1</v></c></row>"
                                     "<row r='3'><c r='B3'><v>4</v></c></row>")}}),
      rows);
  EXPECT_THAT(rows.rows, ElementsAre("3: A3=3", "1: A1=1", "3: B3=4"));
  EXPECT_THAT(Codes(sheet), ElementsAre("row-order A1", "row-order B3"));
}

TEST(StreamSheet, EndsWhereTheTakerHasEnough) {
  Written rows;
  rows.enough = 2;
  std::string data;
  for (int i = 0; i < 100; ++i) data += "<row><c><v>1</v></c></row>";
  const Sheet sheet = Stream(MakeXlsx({.sheets = {SheetData(data)}}), rows);
  EXPECT_EQ(rows.rows.size(), 2U);
  EXPECT_THAT(sheet.issues, IsEmpty());
}

TEST(StreamSheet, LimitsHold) {
  const std::string bytes = MakeXlsx({.sheets = {SheetData("<row><c><v>1</v></c></row><row><c><v>1</v></c></row>")}});
  const auto workbook = OpenWorkbook(bytes, {.cells = 1});
  Written rows;
  const auto sheet = (*workbook)->StreamSheet(0, rows);
  ASSERT_FALSE(sheet.has_value());
  EXPECT_EQ(sheet.error().code, base::ErrorCode::kTooLarge);
}

TEST(StreamSheet, AReadSheetGivesItsRowsAlike) {
  SheetBuilder builder("S", std::make_shared<StringTable>(), nullptr);
  builder.Add(4, {.column = 1, .kind = CellKind::kBool, .payload = 1});
  builder.Add(2, {.column = 0, .kind = CellKind::kBool, .payload = 0});
  builder.HideRows({4, 4});
  Written rows;
  const Sheet sheet = GiveRows(std::move(builder).Finish(), rows);
  EXPECT_THAT(rows.rows, ElementsAre("3: A3=FALSE", "5h: B5=TRUEh"));
  EXPECT_EQ(sheet.cell_count(), 0U);
  EXPECT_THAT(sheet.hidden_rows, ElementsAre(Lines{4, 4}));
}

TEST(Comments, AreReadOnRequest) {
  const std::string relation_type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  const std::string bytes = MakeXlsx(
      {.sheets = {""},
       .more = {{"xl/worksheets/_rels/sheet1.xml.rels", "<Relationships><Relationship Id='c' Type='" + relation_type +
                                                            "comments' Target='../comments1.xml'/></Relationships>"},
                {"xl/comments1.xml",
                 "<comments><authors><author>Ann</author></authors><commentList><comment ref='B2' authorId='0'><text>"
                 "<r><rPr><b/></rPr><t>Note:</t></r><r><t xml:space='preserve'>\nprovisional</t></r></text></comment>"
                 "<comment ref='?' authorId='7'><text><t>x</t></text></comment></commentList></comments>"}}});
  const auto workbook = OpenWorkbook(bytes);
  EXPECT_THAT((*workbook)->ReadSheet(0)->comments, IsEmpty());
  const auto sheet = (*workbook)->ReadSheet(0, {}, {.comments = true});
  ASSERT_EQ(sheet->comments.size(), 1U);
  EXPECT_EQ(A1(sheet->comments[0].row, sheet->comments[0].column), "B2");
  EXPECT_EQ(sheet->comments[0].author, "Ann");
  EXPECT_EQ(sheet->comments[0].text, "Note:\nprovisional");
  EXPECT_THAT(Codes(*sheet), ElementsAre("address "));
}

}  // namespace
}  // namespace tidemill::workbook
