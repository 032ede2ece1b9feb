// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/make_xlsb.h"
#include "tidemill/workbook/workbook.h"

#include "testing/sheet_dump.h"

namespace tidemill::workbook {
namespace {

using testing::At12;
using testing::F64;
using testing::MakeXlsb;
using testing::MakeZip;
using testing::Record12;
using testing::Row12;
using testing::U16;
using testing::U32;
using testing::Wide12;
using testing::XlsbMembers;
using testing::XlsbParts;

std::string Byte(int value) {
  return std::string(1, static_cast<char>(value));
}
std::string Rk(int whole) {
  return U32(static_cast<std::uint32_t>(whole) << 2U | 2U);
}
std::string SheetData(const std::string& rows) {
  return Record12(145, "") + rows + Record12(146, "");
}
std::string SharedStrings(const std::vector<std::string>& items) {
  std::string records =
      Record12(159, U32(static_cast<std::uint32_t>(items.size())) + U32(static_cast<std::uint32_t>(items.size())));
  for (const std::string& item : items) records += Record12(19, item);
  return records + Record12(160, "");
}
std::string Font(std::uint32_t options, std::uint32_t weight, std::uint32_t escapement) {
  return Record12(43, U16(200) + U16(options) + U16(weight) + U16(escapement) + std::string(12, '\0') + Wide12("F"));
}
std::string Xf(std::uint32_t font, std::uint32_t format) {
  return Record12(47, U16(0) + U16(format) + U16(font) + U16(1) + U16(0) + Byte(0) + Byte(2) + Byte(3) + Byte(0));
}
// Plain, bold and superscript fonts, and a cell format for each; the second is a month.
std::string Styles() {
  return Record12(615, U32(1)) + Record12(44, U16(164) + Wide12("mmm\\-yy")) + Record12(616, "") +
         Record12(611, U32(3)) + Font(0, 400, 0) + Font(0, 700, 0) + Font(0, 400, 1) + Record12(612, "") +
         Record12(603, U32(2)) + Record12(45, U32(0)) + Record12(45, U32(1)) + Record12(604, "") +
         Record12(626, U32(1)) + Xf(2, 14) + Record12(627, "") +  // a style's own formats are not those of cells
         Record12(617, U32(3)) + Xf(0, 0) + Xf(1, 164) + Xf(2, 46) + Record12(618, "");
}

Sheet ReadFirst(const std::string& bytes) {
  const auto workbook = OpenWorkbook(bytes);
  EXPECT_TRUE(workbook.has_value()) << (workbook ? "" : workbook.error().ToText());
  if (!workbook) return {};
  auto sheet = (*workbook)->ReadSheet(0);
  EXPECT_TRUE(sheet.has_value()) << (sheet ? "" : sheet.error().ToText());
  return sheet ? *std::move(sheet) : Sheet();
}

std::string Shown(const Sheet& sheet, std::uint32_t row, std::uint32_t column) {
  const Cell* cell = sheet.Find(row, column);
  return cell == nullptr ? "nothing" : sheet.DisplayText(*cell);
}

TEST(XlsbReader, ReadsEveryKindOfCell) {
  const std::string formula = U16(0) + U32(0) + U32(0);
  const Sheet sheet = ReadFirst(MakeXlsb(
      {.sheets = {SheetData(Row12(0) + Record12(1, At12(0)) + Record12(2, At12(1) + Rk(-7)) +
                            Record12(2, At12(2) + U32(123U << 2U | 3U)) + Record12(5, At12(3) + F64(2.5)) +
                            Record12(7, At12(4) + U32(1)) + Record12(6, At12(5) + Wide12("inline")) +
                            Record12(4, At12(6) + Byte(1)) + Record12(3, At12(7) + Byte(0x2A)) + Row12(9) +
                            Record12(8, At12(0) + Wide12("cached") + formula) +
                            Record12(9, At12(1) + F64(0.5) + formula) + Record12(10, At12(2) + Byte(0) + formula) +
                            Record12(11, At12(3) + Byte(0x07) + formula) + Record12(2, At12(4, 1) + Rk(43'831)) +
                            Record12(2, At12(16'383) + Rk(1)))},
       .shared_strings = SharedStrings({Byte(0) + Wide12("first"), Byte(0) + Wide12("second")}),
       .styles = Styles()}));
  EXPECT_EQ(Shown(sheet, 0, 0), "nothing");
  EXPECT_EQ(Shown(sheet, 0, 1), "-7");
  EXPECT_EQ(sheet.Find(0, 2)->number(), 1.23);
  EXPECT_EQ(Shown(sheet, 0, 3), "2.5");
  EXPECT_EQ(Shown(sheet, 0, 4), "second");
  EXPECT_EQ(Shown(sheet, 0, 5), "inline");
  EXPECT_EQ(Shown(sheet, 0, 6), "TRUE");
  EXPECT_EQ(Shown(sheet, 0, 7), "#N/A");
  EXPECT_EQ(Shown(sheet, 9, 0), "cached");
  EXPECT_EQ(sheet.Find(9, 0)->flags, kFromFormula);
  EXPECT_EQ(Shown(sheet, 9, 1), "0.5");
  EXPECT_EQ(Shown(sheet, 9, 2), "FALSE");
  EXPECT_EQ(Shown(sheet, 9, 3), "#DIV/0!");
  EXPECT_EQ(sheet.Find(9, 3)->flags, kFromFormula);
  EXPECT_EQ(Shown(sheet, 9, 4), "Jan-20");
  EXPECT_EQ(sheet.Find(9, 4)->kind, CellKind::kDate);
  EXPECT_EQ(Shown(sheet, 9, 16'383), "1");
  EXPECT_TRUE(sheet.issues.empty());
}

TEST(XlsbReader, ShortCellsStandRightOfTheCellBefore) {
  const Sheet sheet = ReadFirst(
      MakeXlsb({.sheets = {SheetData(Row12(3) + Record12(13, U32(0) + Rk(1)) + Record12(12, U32(0)) +
                                     Record12(18, U32(0) + U32(0)) + Record12(17, U32(0) + Wide12("text")) +
                                     Record12(14, U32(0) + Byte(0x17)) + Record12(15, U32(0) + Byte(1)) +
                                     Record12(16, U32(1) + F64(1.5)) + Record12(2, At12(20) + Rk(20)) +
                                     Record12(13, U32(0) + Rk(21)) + Row12(4) + Record12(13, U32(0) + Rk(40)))},
                .shared_strings = SharedStrings({Byte(0) + Wide12("shared")}),
                .styles = Styles()}));
  EXPECT_EQ(Shown(sheet, 3, 0), "1");
  EXPECT_EQ(Shown(sheet, 3, 1), "nothing");
  EXPECT_EQ(Shown(sheet, 3, 2), "shared");
  EXPECT_EQ(Shown(sheet, 3, 3), "text");
  EXPECT_EQ(Shown(sheet, 3, 4), "#REF!");
  EXPECT_EQ(Shown(sheet, 3, 5), "TRUE");
  EXPECT_EQ(sheet.Find(3, 6)->number(), 1.5);
  EXPECT_EQ(sheet.Find(3, 6)->style, 1);
  EXPECT_EQ(Shown(sheet, 3, 20), "20");
  EXPECT_EQ(Shown(sheet, 3, 21), "21");
  EXPECT_EQ(Shown(sheet, 4, 0), "40");
}

// What the fast path for plain cells must leave to the records' own reading, each between plain cells.
TEST(XlsbReader, PlainCellsBesideOddOnesAreReadAlikeByBothPaths) {
  const auto plain = [](std::uint32_t column) { return Record12(2, At12(column, 1) + Rk(static_cast<int>(column))); };
  const std::vector<std::string> odd = {
      plain(3),                                        // left of the one before
      plain(6),                                        // where the one before stands
      plain(16'384) + plain(0xFFFFFFFF),               // beyond the grid
      Record12(2, At12(7) + "abc"),                    // shorter than its kind
      Record12(2, At12(7) + Rk(7) + "more"),           // longer
      Record12(5, At12(7, 99) + F64(7.5)),             // of a style that is not there
      Record12(5, U32(7) + U32(0x01000001) + F64(7)),  // with the flag for its phonetic part
      Record12(7, At12(7) + U32(1)),                   // a string with runs,
      Record12(7, At12(7) + U32(2)),                   // an empty one,
      Record12(7, At12(7) + U32(9)),                   // one that is not there
      Record12(12, U32(0)) + Record12(13, U32(0) + Rk(8)) + Record12(18, U32(0) + U32(0)) + Record12(12, U32(0)),
      Row12(1) + plain(2) + Row12(0) + plain(9),  // a row that is gone on with
      Record12(16, U32(1) + F64(2)) + std::string(2, '\0') + Record12(16, U32(1) + F64(3)),  // a row without a number
      Byte(0x82) + Byte(0) + Byte(12) + At12(7) + Rk(1),                                     // a number of two bytes
  };
  const std::string runs = Byte(1) + Wide12("a2") + U32(1) + U16(1) + U16(2);
  for (const std::string& records : odd) {
    const std::string bytes = MakeXlsb(
        {.sheets = {SheetData(plain(1) + Row12(0) + plain(4) + plain(5) + plain(6) + records + plain(40) + plain(41))},
         .shared_strings = SharedStrings({Byte(0) + Wide12("text"), runs, Byte(0) + Wide12("")}),
         .styles = Styles()});
    const auto workbook = OpenWorkbook(bytes);
    ASSERT_TRUE(workbook.has_value());
    const auto fast = (*workbook)->ReadSheet(0);
    const auto strict = (*workbook)->ReadSheet(0, {}, {.strict_only = true});
    ASSERT_TRUE(fast.has_value() && strict.has_value());
    EXPECT_EQ(testing::SheetDump(*fast), testing::SheetDump(*strict));
    EXPECT_GE(fast->cell_count(), 4U);
  }
}

TEST(XlsbReader, KeepsRunsAndLeavesOutPhonetics) {
  const std::string rich =
      Byte(3) + Wide12("Jan-203") + U32(1) + U16(6) + U16(2) + Wide12("pho") + U32(1) + std::string(6, '\0');
  const Sheet sheet = ReadFirst(
      MakeXlsb({.sheets = {SheetData(Row12(0) + Record12(7, At12(0) + U32(0)) + Record12(7, At12(1, 1) + U32(0)) +
                                     Record12(62, At12(2) + Byte(1) + Wide12("a2") + U32(1) + U16(1) + U16(2)))},
                .shared_strings = SharedStrings({rich}),
                .styles = Styles()}));
  const TextRun three{.start = 6, .script = Script::kSuperscript};
  EXPECT_EQ(Shown(sheet, 0, 0), "Jan-203");
  EXPECT_THAT(sheet.Runs(*sheet.Find(0, 0)), ::testing::ElementsAre(TextRun(), three));
  EXPECT_THAT(sheet.Runs(*sheet.Find(0, 1)), ::testing::ElementsAre(TextRun{.bold = true}, three));
  EXPECT_EQ(Shown(sheet, 0, 2), "a2");
  EXPECT_EQ(sheet.Runs(*sheet.Find(0, 2)).size(), 2U);
}

TEST(XlsbReader, KeepsStyles) {
  const Sheet sheet = ReadFirst(
      MakeXlsb({.sheets = {SheetData(Row12(0) + Record12(2, At12(0, 1) + Rk(1)) + Record12(2, At12(1, 2) + Rk(1)))},
                .styles = Styles()}));
  const Style& bold = sheet.StyleOf(*sheet.Find(0, 0));
  EXPECT_TRUE(bold.bold);
  EXPECT_TRUE(bold.fill);
  EXPECT_EQ(bold.number_format, "mmm\\-yy");
  EXPECT_EQ(bold.alignment, HorizontalAlignment::kRight);
  EXPECT_EQ(bold.indent, 2);
  EXPECT_EQ(sheet.StyleOf(*sheet.Find(0, 1)).script, Script::kSuperscript);
  EXPECT_EQ(sheet.Find(0, 1)->kind, CellKind::kDuration);
}

TEST(XlsbReader, ReadsMergesHiddenPartsLinksAndTables) {
  const std::string box = U32(1) + U32(4) + U32(0) + U32(2);
  const std::string column = std::string(24, '\0');
  const std::string table =
      Record12(343, box + U32(0) + U32(1) + U32(1) + U32(1) + std::string(32, '\0') + Wide12("T1") + Wide12("Table1")) +
      Record12(347, column + U32(0xFFFFFFFF) + Wide12("Area")) +
      Record12(347, column + U32(0xFFFFFFFF) + Wide12("Count"));
  const std::string relations =
      "<Relationships><Relationship Id=\"r1\" Type=\"x/table\" Target=\"../tables/table1.bin\"/>"
      "<Relationship Id=\"r2\" Type=\"x/hyperlink\" Target=\"https://example.org/\" TargetMode=\"External\"/>"
      "</Relationships>";
  const Sheet sheet = ReadFirst(MakeXlsb(
      {.sheets = {Record12(60, U32(2) + U32(3) + U32(0) + U32(0) + U16(1)) +
                  SheetData(Row12(0) + Record12(2, At12(2) + Rk(1)) + Row12(1, 0x10) + Record12(2, At12(0) + Rk(1))) +
                  Record12(177, U32(1)) + Record12(176, U32(0) + U32(0) + U32(0) + U32(1)) + Record12(178, "") +
                  Record12(494, U32(0) + U32(0) + U32(0) + U32(0) + Wide12("r2") + Wide12("") + Wide12("")) +
                  Record12(494, U32(1) + U32(1) + U32(0) + U32(0) + U32(0) + Wide12("A!A1") + Wide12(""))},
       .more = {{"xl/worksheets/_rels/sheet1.bin.rels", relations}, {"xl/tables/table1.bin", table}}}));
  EXPECT_EQ(sheet.hidden_columns, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_NE(sheet.Find(0, 2)->flags & kHiddenCell, 0);
  EXPECT_TRUE(sheet.rows()[1].hidden);
  ASSERT_EQ(sheet.merges.size(), 1U);
  EXPECT_EQ(A1(sheet.merges[0]), "A1:B1");
  ASSERT_EQ(sheet.hyperlinks.size(), 2U);
  EXPECT_EQ(sheet.hyperlinks[0].target, "#A!A1");
  EXPECT_EQ(sheet.hyperlinks[1].target, "https://example.org/");
  ASSERT_EQ(sheet.tables.size(), 1U);
  EXPECT_EQ(sheet.tables[0].name, "Table1");
  EXPECT_EQ(A1(sheet.tables[0].range), "A2:C5");
  EXPECT_EQ(sheet.tables[0].header_rows, 1U);
  EXPECT_EQ(sheet.tables[0].totals_rows, 1U);
  EXPECT_THAT(sheet.tables[0].columns, ::testing::ElementsAre("Area", "Count"));
}

TEST(XlsbReader, ReadsCommentsWhereTheyAreAskedForAndLevels) {
  const std::string comments = Record12(632, Wide12("Kim")) +
                               Record12(635, U32(0) + U32(4) + U32(4) + U32(1) + U32(1) + std::string(16, '\0')) +
                               Record12(637, Byte(0) + Wide12("estimated"));
  const std::string bytes = MakeXlsb(
      {.sheets = {Record12(60, U32(1) + U32(2) + U32(0) + U32(0) + U16(2U << 8U)) +
                  SheetData(Row12(3, 1) + Row12(4, 2))},
       .more = {
           {"xl/worksheets/_rels/sheet1.bin.rels",
            "<Relationships><Relationship Id=\"c\" Type=\"x/comments\" Target=\"../comments1.bin\"/></Relationships>"},
           {"xl/comments1.bin", comments}}});
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  const auto plain = (*workbook)->ReadSheet(0);
  ASSERT_TRUE(plain.has_value());
  EXPECT_TRUE(plain->comments.empty());
  EXPECT_THAT(plain->column_levels, ::testing::ElementsAre(OutlineLevel{.lines = {1, 2}, .level = 2}));
  EXPECT_THAT(plain->row_levels, ::testing::ElementsAre(OutlineLevel{.lines = {3, 3}, .level = 1},
                                                        OutlineLevel{.lines = {4, 4}, .level = 2}));
  const auto sheet = (*workbook)->ReadSheet(0, {}, {.comments = true});
  ASSERT_TRUE(sheet.has_value());
  ASSERT_EQ(sheet->comments.size(), 1U);
  EXPECT_EQ(sheet->comments[0].row, 4U);
  EXPECT_EQ(sheet->comments[0].column, 1U);
  EXPECT_EQ(sheet->comments[0].author, "Kim");
  EXPECT_EQ(sheet->comments[0].text, "estimated");
}

TEST(XlsbReader, PassesOverRecordsThatNothingCanHold) {
  // A record that is longer than a piece, and one that is longer than any cell, with cells behind them.
  const Sheet sheet = ReadFirst(
      MakeXlsb({.sheets = {Row12(0) + Record12(6, At12(0) + Wide12(std::string(100'000, 'a'))) +
                           Record12(999, std::string(2'000'000, 'x')) + Record12(2, At12(1) + Rk(5)) +
                           Record12(6, At12(2) + Wide12(std::string(32'767, 'b'))) + Record12(2, At12(3) + Rk(6))}}));
  EXPECT_EQ(sheet.Text(*sheet.Find(0, 0)).size(), 32'767U);
  EXPECT_NE(sheet.Find(0, 0)->flags & kTruncated, 0);
  EXPECT_EQ(Shown(sheet, 0, 1), "5");
  EXPECT_EQ(sheet.Text(*sheet.Find(0, 2)), std::string(32'767, 'b'));
  EXPECT_EQ(Shown(sheet, 0, 3), "6");
  ASSERT_EQ(sheet.issues.size(), 1U);
  EXPECT_EQ(sheet.issues[0].code, "record");
}

TEST(XlsbReader, ReadsDefinedNamesAnd1904) {
  const std::string area = Byte(0x3B) + U16(0) + U32(0) + U32(1'048'575) + U16(1) + U16(2);
  const std::string cell = Byte(0x3A) + U16(1) + U32(9) + U16(0xC000);
  const auto name = [](std::uint32_t flags, std::uint32_t sheet, std::string_view text, const std::string& formula) {
    return Record12(39, U32(flags) + Byte(0) + U32(sheet) + Wide12(text) +
                            U32(static_cast<std::uint32_t>(formula.size())) + formula + U32(0) + U32(0xFFFFFFFF));
  };
  const std::string links =
      Record12(357, "") + Record12(362, U32(2) + U32(0) + U32(1) + U32(1) + U32(0) + U32(0xFFFFFFFF) + U32(0xFFFFFFFF));
  const std::string bytes =
      MakeXlsb({.sheets = {"", ""},
                .workbook = links + name(0, 0xFFFFFFFF, "Columns", area) + name(0x20, 1, "Print_Area", cell) +
                            name(0, 0xFFFFFFFF, "Odd", Byte(0x01)),
                .properties = Record12(153, U32(1) + U32(0) + Wide12(""))});
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  EXPECT_TRUE((*workbook)->date1904());
  const auto& names = (*workbook)->names();
  ASSERT_EQ(names.size(), 3U);
  EXPECT_EQ(names[0].refers_to, "B!$B:$C");
  EXPECT_EQ(names[0].sheet, -1);
  EXPECT_EQ(names[1].name, "_xlnm.Print_Area");
  EXPECT_EQ(names[1].refers_to, "#REF!A10");
  EXPECT_EQ(names[1].sheet, 1);
  EXPECT_EQ(names[2].refers_to, "");
}

TEST(XlsbReader, SaysWhereAPartEndsEarly) {
  auto members = XlsbMembers({.sheets = {SheetData(Row12(0) + Record12(2, At12(0) + Rk(1)))},
                              .shared_strings = Record12(159, U32(9) + U32(9)) + Record12(19, Byte(0) + Wide12("x"))});
  for (auto& member : members) {
    if (member.name == "xl/worksheets/sheet1.bin") member.bytes += "\x02\x40 a record that is cut";
  }
  const Sheet sheet = ReadFirst(MakeZip(members));
  EXPECT_EQ(Shown(sheet, 0, 0), "1");
  ASSERT_EQ(sheet.issues.size(), 2U);
  EXPECT_EQ(sheet.issues[0].code, "string-table");
  EXPECT_EQ(sheet.issues[1].code, "cut-off");
}

TEST(XlsbReader, StopsAtLimitsAndWhenAsked) {
  std::string rows;
  for (std::uint32_t row = 0; row < 5'000; ++row) rows += Row12(row) + Record12(2, At12(0) + Rk(1));
  const std::string bytes = MakeXlsb({.sheets = {SheetData(rows)}});
  EXPECT_EQ((*OpenWorkbook(bytes, {.cells = 2}))->ReadSheet(0).error().code, base::ErrorCode::kTooLarge);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ((*OpenWorkbook(bytes))->ReadSheet(0, stop.get_token()).error().code, base::ErrorCode::kCancelled);
}

TEST(XlsbReader, HostileCountsTakeNoMemory) {
  const Sheet sheet = ReadFirst(MakeXlsb(
      {.sheets = {SheetData(Row12(0xFFFFFFFF) + Record12(2, At12(0) + Rk(1)) + Row12(0) + Record12(13, U32(0) + Rk(1)) +
                            Record12(2, At12(0xFFFFFFFF) + Rk(2)) + Record12(13, U32(0) + Rk(3)) +
                            Record12(6, At12(5) + U32(0x7FFFFFFF)) + Record12(7, At12(6) + U32(0x80000000))) +
                  Record12(60, U32(0) + U32(0xFFFFFFFF) + U32(0) + U32(0) + U16(0))},
       .shared_strings = Record12(159, U32(0xFFFFFFFF) + U32(0xFFFFFFFF)) +
                         Record12(19, Byte(1) + Wide12("x") + U32(0xFFFFFFFF) + U16(0) + U16(0))}));
  EXPECT_EQ(Shown(sheet, 0, 0), "3");
  EXPECT_EQ(sheet.cell_count(), 1U);
}

}  // namespace
}  // namespace tidemill::workbook
