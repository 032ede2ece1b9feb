// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/inspect/cell_lines.h"
#include "tidemill/inspect/facts.h"
#include "tidemill/workbook/testing/make_files.h"

#include "cell_text.h"

namespace tidemill::inspect {
namespace {

using ::testing::HasSubstr;
using workbook::testing::MakeXlsx;
using workbook::testing::XlsxParts;

std::string Cell(const std::string& address, const std::string& attributes, const std::string& inside) {
  return "<c r=\"" + address + "\" " + attributes + ">" + inside + "</c>";
}

std::string Data(const std::string& rows) {
  return "<sheetData>" + rows + "</sheetData>";
}

// Styles: 0 plain, 1 a date, 2 the font is superscript.
const std::string kStyles =
    "<fonts count=\"2\"><font/><font><b/><vertAlign val=\"superscript\"/></font></fonts>"
    "<cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\"/><xf numFmtId=\"14\" fontId=\"0\"/>"
    "<xf numFmtId=\"0\" fontId=\"1\"/></cellXfs>";

struct Opened {
  explicit Opened(const XlsxParts& parts) : bytes(MakeXlsx(parts)), book(*workbook::OpenWorkbook(bytes)) {}
  std::string bytes;
  std::unique_ptr<workbook::Workbook> book;
};

std::string Lines(const XlsxParts& parts, unsigned threads = 1) {
  const Opened opened(parts);
  std::string lines;
  const auto report = WriteCellLines(*opened.book, threads, {}, [&](std::string_view text) -> base::Status {
    lines += text;
    return {};
  });
  EXPECT_TRUE(report.has_value());
  return lines;
}

Facts Count(const XlsxParts& parts, unsigned threads = 1) {
  const Opened opened(parts);
  return *CountWorkbook(*opened.book, workbook::Sniff(opened.bytes), {.threads = threads, .comments = true});
}

std::string Number(double value) {
  std::string text;
  AppendNumber(text, value);
  return text;
}

TEST(CellText, NumbersAreCanonical) {
  EXPECT_EQ(Number(0), "0");
  EXPECT_EQ(Number(-0.0), "0");
  EXPECT_EQ(Number(-12), "-12");
  EXPECT_EQ(Number(999'999'999'999'999), "999999999999999");
  EXPECT_EQ(Number(1e15), "1e+15");
  EXPECT_EQ(Number(1234.5), "1.2345e+03");
  EXPECT_EQ(Number(0.1), "1e-01");
  EXPECT_EQ(Number(std::numeric_limits<double>::denorm_min()), "5e-324");
}

TEST(CellText, LineEndsBecomeLineFeeds) {
  std::string scratch;
  EXPECT_EQ(WithLineFeeds("a\r\nb\rc\n\rd", scratch), "a\nb\nc\n\nd");
  EXPECT_EQ(WithLineFeeds("plain", scratch), "plain");
}

// The example of the canonical dump: "Area", a line break, "name"; 1234.5; TRUE in A3.
TEST(CellLines, AreASheetsLineAndOneACell) {
  const std::string rows = "<row r=\"1\">" + Cell("A1", "t=\"str\"", "<v>Area&#13;&#10;\"name\"</v>") +
                           Cell("B1", "", "<v>1234.5</v>") + Cell("C1", "s=\"1\"", "<v>43831</v>") + "</row>" +
                           "<row r=\"3\">" + Cell("A3", "t=\"b\"", "<v>1</v>") + Cell("B3", "t=\"e\"", "<v>#N/A</v>") +
                           Cell("C3", "", "") + "</row>";
  const std::string sheet = R"({"sheet":"A","visibility":"visible")";
  EXPECT_EQ(Lines({.sheets = {Data(rows)}, .styles = kStyles}),
            sheet + "}\n" +                                                              //
                sheet + R"(,"row":0,"col":0,"kind":"s","value":"Area\n\"name\""})"       //
                + "\n" + sheet + R"(,"row":0,"col":1,"kind":"n","value":"1.2345e+03"})"  //
                + "\n" + sheet + R"(,"row":0,"col":2,"kind":"n","value":"43831"})"       //
                + "\n" + sheet + R"(,"row":2,"col":0,"kind":"b","value":"TRUE"})"        //
                + "\n" + sheet + R"(,"row":2,"col":1,"kind":"e","value":"#N/A"})" + "\n");
}

TEST(CellLines, ShowRunsInCodePoints) {
  const std::string rich =
      "<is><r><t>Mär\r\n-</t></r><r><rPr><i/><vertAlign val=\"superscript\"/></rPr><t>3</t></r></is>";
  EXPECT_THAT(
      Lines({.sheets = {Data("<row r=\"1\">" + Cell("A1", "t=\"inlineStr\"", rich) + "</row>")}}),
      HasSubstr(R"("runs":[{"start":0,"text":"Mär\n-","script":"plain","bold":false,"italic":false,"strike":)"
                R"(false},{"start":5,"text":"3","script":"super","bold":false,"italic":true,"strike":false}])"));
}

TEST(CellLines, ShowTheScriptOfAWholeCell) {
  EXPECT_THAT(Lines({.sheets = {Data("<row r=\"1\">" + Cell("A1", "t=\"str\" s=\"2\"", "<v>1,2</v>") + "</row>")},
                     .styles = kStyles}),
              HasSubstr(R"("value":"1,2","runs":[{"start":0,"text":"1,2","script":"super","bold":true,"italic":false,)"
                        R"("strike":false}],"cell_script":"super"})"));
}

TEST(CellLines, OfManyThreadsComeInTheWorkbooksOrder) {
  XlsxParts parts;
  for (int sheet = 0; sheet < 20; ++sheet) {
    std::string rows;
    for (int row = 1; row <= 100 * (20 - sheet); ++row) rows += "<row><c><v>" + std::to_string(row) + "</v></c></row>";
    parts.sheets.push_back(Data(rows));
  }
  const std::string one = Lines(parts);
  EXPECT_EQ(Lines(parts, 3), one);
  EXPECT_EQ(ToJson(Count(parts, 3)), ToJson(Count(parts)));
}

// Rows out of order, in a sheet that is held back as a whole and in one that is not.
TEST(CellLines, ComeInOrderWhateverTheFileHas) {
  for (const int count : {10, 100'000}) {
    std::string rows;
    std::string sorted;
    for (int row = 3; row <= count; ++row) {
      const std::string number = std::to_string(row);
      rows += "<row r=\"" + number + "\"><c r=\"A" + number + "\"><v>" + number + "</v></c></row>";
    }
    rows += "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"3\"><c r=\"A3\"><v>33</v></c></row>";
    const std::string lines = Lines({.sheets = {Data(rows)}});
    EXPECT_THAT(lines, ::testing::StartsWith(
                           R"({"sheet":"A","visibility":"visible"})"
                           "\n"
                           R"({"sheet":"A","visibility":"visible","row":0,"col":0,"kind":"n","value":"1"})"
                           "\n"
                           R"({"sheet":"A","visibility":"visible","row":2,"col":0,"kind":"n","value":"33"})"));
    EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), count);
    EXPECT_EQ(Count({.sheets = {Data(rows)}}).sheets[0].numbers, static_cast<std::uint64_t>(count) - 1);
  }
}

TEST(CellLines, EndWhereTheyCannotBeWritten) {
  const Opened opened({.sheets = {Data("<row><c><v>1</v></c></row>")}});
  const auto report = WriteCellLines(*opened.book, 1, {}, [](std::string_view) -> base::Status {
    return base::Fail(base::ErrorCode::kUnavailable, "the disk is full");
  });
  EXPECT_EQ(report.error().message, "the disk is full");
}

TEST(Facts, SumKeepsSmallNumbersBesideHugeOnesThatCancel) {
  const std::string row = "<row r=\"1\">" + Cell("A1", "", "<v>1e33</v>") + Cell("B1", "", "<v>1e15</v>") +
                          Cell("C1", "", "<v>20</v>") + Cell("D1", "", "<v>-1e33</v>") +
                          Cell("E1", "", "<v>-1e15</v>") + "</row>";
  const Facts facts = Count({.sheets = {Data(row)}, .styles = kStyles});
  ASSERT_EQ(facts.sheets.size(), 1U);
  EXPECT_EQ(facts.sheets[0].numeric_sum, 20);
}

TEST(Facts, CountCellsByKind) {
  const std::string rows = "<row r=\"2\" hidden=\"1\">" + Cell("B2", "t=\"str\"", "<v>a&#13;&#10;é</v>") +
                           Cell("C2", "", "<f>1+1</f><v>2.5</v>") + Cell("D2", "t=\"str\"", "<v>12</v>") + "</row>" +
                           "<row r=\"4\">" + Cell("A4", "t=\"b\"", "<v>0</v>") + Cell("C4", "s=\"1\"", "<v>-4</v>") +
                           Cell("E4", "t=\"e\"", "<v>#REF!</v>") + "</row>";
  const Facts facts = Count({.sheets = {"<cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols>" + Data(rows) +
                                        "<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>"},
                             .styles = kStyles});
  ASSERT_EQ(facts.sheets.size(), 1U);
  const SheetFacts& sheet = facts.sheets[0];
  EXPECT_EQ(sheet.numbers, 2U);
  EXPECT_EQ(sheet.dates, 1U);
  EXPECT_EQ(sheet.strings, 2U);
  EXPECT_EQ(sheet.booleans, 1U);
  EXPECT_EQ(sheet.errors, 1U);
  EXPECT_EQ(sheet.numeric_sum, -1.5);
  EXPECT_EQ(sheet.string_bytes, 6U);  // "a\né" and "12"
  EXPECT_EQ(sheet.formulas, 1U);
  EXPECT_EQ(sheet.numbers_as_text, 1U);
  EXPECT_EQ(workbook::A1(*sheet.used), "A2:E4");
  EXPECT_THAT(ToText(facts), HasSubstr("A2:E4, 6 cells: 2 numbers, 2 texts, 1 boolean, 1 error\n"));
  EXPECT_THAT(ToJson(facts), HasSubstr(R"("merges":[{"range":"A1:B1","row0":0,"col0":0,"row1":0,"col1":1}])"));
}

TEST(Facts, ASheetThatCannotBeReadLeavesTheOthersWhole) {
  auto members = workbook::testing::XlsxMembers({.sheets = {Data("<row><c><v>1</v></c></row>"), Data("")}});
  std::erase_if(members, [](const auto& member) { return member.name == "xl/worksheets/sheet2.xml"; });
  const std::string bytes = workbook::testing::MakeZip(members);
  const auto book = *workbook::OpenWorkbook(bytes);
  const Facts facts = *CountWorkbook(*book, workbook::Sniff(bytes));
  EXPECT_EQ(facts.sheets[0].numbers, 1U);
  ASSERT_TRUE(facts.sheets[1].error.has_value());
  EXPECT_THAT(ToJson(facts), HasSubstr(R"("error":"sheet 'B': corrupt-container)"));
}

TEST(Facts, ControlCharactersOfNamesAreShownEscaped) {
  const Facts facts{.format = "xlsx", .what = "xlsx", .sheets = {{.entry = {.name = "a\x1B[2J"}}}};
  EXPECT_THAT(ToText(facts), HasSubstr(R"('a\x1b[2J')"));
}

}  // namespace
}  // namespace tidemill::inspect
