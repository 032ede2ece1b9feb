// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/show.h"
#include "tidemill/workbook/workbook.h"

#include "ssml_sheet.h"

namespace tidemill::workbook {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ReadSheetOf;
using testing::Shown;
using testing::ShownIssues;
using testing::ShownMerges;
using testing::ShownRuns;
using testing::ShownWithKinds;

// A workbook with one sheet "A": what stands before it, in its table, and in it behind the table.
std::string MakeSsml(const std::string& table, const std::string& before = "", const std::string& after = "") {
  return "<?xml version=\"1.0\"?>\r\n<?mso-application progid=\"Excel.Sheet\"?>\r\n"
         "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" "
         "xmlns:x=\"urn:schemas-microsoft-com:office:excel\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\" "
         "xmlns:html=\"http://www.w3.org/TR/REC-html40\">" +
         before + "<Worksheet ss:Name=\"A\"><Table>" + table + "</Table>" + after + "</Worksheet></Workbook>";
}
std::string Cell(const std::string& type, const std::string& value, const std::string& attributes = "") {
  return "<Cell " + attributes + "><Data ss:Type=\"" + type + "\">" + value + "</Data></Cell>";
}

TEST(SsmlReader, ReadsEveryTypeOfValue) {
  const Sheet sheet = ReadSheetOf(
      MakeSsml("<Row>" + Cell("Number", "1.5E2") + Cell("String", "a &amp; b&#10;c") + Cell("Boolean", "1") +
               Cell("Error", "#N/A", "ss:Formula=\"=NA()\"") + Cell("DateTime", "2020-01-31T00:00:00.000") +
               Cell("DateTime", "1899-12-31T06:00:00.000") + Cell("DateTime", "1900-01-01T00:00:00.000") +
               Cell("Number", " ") + Cell("Number", "many") + "</Row>"));
  EXPECT_EQ(ShownWithKinds(sheet),
            "n A1=150 s B1=a & b\nc b C1=TRUE e D1=#N/A d E1=2020-01-31 d F1=1900-01-00 06:00:00 d G1=1900-01-01 "
            "s I1=many");
  EXPECT_EQ(sheet.Find(0, 4)->number(), 43'861);
  EXPECT_EQ(sheet.Find(0, 5)->number(), 0.25);
  EXPECT_EQ(sheet.Find(0, 6)->number(), 1);
  EXPECT_NE(sheet.Find(0, 3)->flags & kFromFormula, 0);
  EXPECT_EQ(ShownIssues(sheet), "value@I1");
}

TEST(SsmlReader, IndexesMergesAndSpansPlaceTheCells) {
  const Sheet sheet = ReadSheetOf(MakeSsml(
      "<Column ss:Index=\"3\" ss:Hidden=\"1\" ss:Span=\"1\"/>"
      "<Row>" +
      Cell("String", "a", "ss:MergeAcross=\"1\" ss:MergeDown=\"1\"") + Cell("String", "b") +
      "</Row>"
      "<Row ss:Index=\"3\" ss:Hidden=\"1\" ss:Span=\"2\">" +
      Cell("Number", "1", "ss:Index=\"5\"") + Cell("Number", "2") + "</Row><Row>" + Cell("Number", "3") + "</Row>"));
  EXPECT_EQ(Shown(sheet), "A1=a C1=b E3=1 F3=2 A6=3");
  EXPECT_EQ(ShownMerges(sheet), "A1:B2");
  EXPECT_THAT(sheet.hidden_columns, ElementsAre(2, 3));
  EXPECT_TRUE(sheet.rows()[1].hidden);
  EXPECT_FALSE(sheet.rows()[2].hidden);
}

TEST(SsmlReader, TagsWithinTextAreRuns) {
  const Sheet sheet = ReadSheetOf(MakeSsml(
      "<Row><Cell ss:StyleID=\"b\"><ss:Data ss:Type=\"String\" xmlns=\"http://www.w3.org/TR/REC-html40\">"
      "<B>Jan-20</B><Sup><Font html:Color=\"#000000\">3</Font></Sup></ss:Data>"
      "<Comment ss:Author=\"me\"><ss:Data xmlns=\"http://www.w3.org/TR/REC-html40\">note</ss:Data></Comment></Cell>" +
          Cell("String", "plain", "ss:StyleID=\"b\" ss:HRef=\"#B!A1\"") + "</Row>",
      "<Styles><Style ss:ID=\"Default\"><Font ss:FontName=\"Arial\"/></Style><Style ss:ID=\"b\"><Font ss:Bold=\"1\"/>"
      "</Style></Styles>"));
  EXPECT_EQ(ShownRuns(sheet, *sheet.Find(0, 0)), "*Jan-20|^3");
  EXPECT_EQ(ShownRuns(sheet, *sheet.Find(0, 1)), "plain");
  EXPECT_TRUE(sheet.StyleOf(*sheet.Find(0, 1)).bold);
  ASSERT_EQ(sheet.hyperlinks.size(), 1U);
  EXPECT_EQ(sheet.hyperlinks[0].target, "#B!A1");
}

TEST(SsmlReader, StylesComeFromCellRowColumnAndParents) {
  const Sheet sheet = ReadSheetOf(MakeSsml(
      "<Column ss:StyleID=\"date\"/><Row>" + Cell("Number", "43831") + Cell("Number", "1", "ss:StyleID=\"sum\"") +
          "</Row><Row ss:StyleID=\"sum\">" + Cell("Number", "2") + "</Row>",
      "<Styles><Style ss:ID=\"date\"><NumberFormat ss:Format=\"Short Date\"/></Style>"
      "<Style ss:ID=\"base\"><Interior ss:Color=\"#FF0000\" ss:Pattern=\"Solid\"/><Alignment ss:Horizontal=\"Right\" "
      "ss:Indent=\"2\"/></Style><Style ss:ID=\"sum\" ss:Parent=\"base\"><NumberFormat ss:Format=\"Fixed\"/></Style>"
      "</Styles>"));
  EXPECT_EQ(ShownWithKinds(sheet), "d A1=2020-01-01 n B1=1 n A2=2");
  const Style& style = sheet.StyleOf(*sheet.Find(1, 0));
  EXPECT_EQ(style.number_format, "0.00");
  EXPECT_TRUE(style.fill);
  EXPECT_EQ(style.indent, 2);
  EXPECT_EQ(style.alignment, HorizontalAlignment::kRight);
}

TEST(SsmlReader, KnowsNamesVisibilityAndTheDateSystem) {
  const std::string bytes =
      MakeSsml("<Row>" + Cell("DateTime", "1904-01-02T00:00:00.000") + "</Row>",
               "<ExcelWorkbook><Date1904/></ExcelWorkbook><Names><NamedRange ss:Name=\"total\" "
               "ss:RefersTo=\"='a b'!R7C2:R7C3\"/></Names>",
               "<Names><NamedRange ss:Name=\"Print_Titles\" ss:RefersTo=\"=A!C1:C2,A!R2:R3\"/></Names>"
               "<WorksheetOptions><Visible>SheetVeryHidden</Visible></WorksheetOptions>");
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  EXPECT_TRUE((*workbook)->date1904());
  EXPECT_EQ((*workbook)->sheets()[0].visibility, Visibility::kVeryHidden);
  const auto& names = (*workbook)->names();
  ASSERT_EQ(names.size(), 2U);
  EXPECT_EQ(names[0].refers_to, "'a b'!$B$7:$C$7");
  EXPECT_EQ(names[1].name, "_xlnm.Print_Titles");
  EXPECT_EQ(names[1].refers_to, "A!$A:$B,A!$2:$3");
  EXPECT_EQ(names[1].sheet, 0);
  const Sheet sheet = *(*workbook)->ReadSheet(0);
  EXPECT_EQ(sheet.Find(0, 0)->number(), 1);
  EXPECT_EQ(Shown(sheet), "A1=1904-01-02");
}

TEST(SsmlReader, ReferencesThatAreNoneStayAsTheyAre) {
  EXPECT_EQ(SsmlReference("=#REF!"), "#REF!");
  EXPECT_EQ(SsmlReference("=SUM(A!R1C1)"), "SUM(A!R1C1)");
  EXPECT_EQ(SsmlReference("=A!R[1]C1"), "A!R[1]C1");
  EXPECT_EQ(SsmlReference("=A!R1"), "A!$1:$1");
}

TEST(SsmlReader, ReadsOtherEncodingsAndWhatStandsBeforeTheDocument) {
  const std::string plain = MakeSsml("<Row>" + Cell("String", "caf\xC3\xA9") + "</Row>");
  EXPECT_EQ(Shown(ReadSheetOf("\t\n " + plain)), "A1=caf\xC3\xA9");
  std::string wide = "\xFF\xFE";
  std::string big = "\xFE\xFF";
  for (const char c : MakeSsml("<Row>" + Cell("String", "wide") + "</Row>")) {
    wide += {c, '\0'};
    big += {'\0', c};
  }
  EXPECT_EQ(Shown(ReadSheetOf(wide)), "A1=wide");
  EXPECT_EQ(Shown(ReadSheetOf(big)), "A1=wide");
  std::string latin = MakeSsml("<Row>" + Cell("String", "caf\xE9") + "</Row>");
  latin.replace(latin.find("?>"), 2, " encoding=\"iso-8859-1\"?>");
  EXPECT_EQ(Shown(ReadSheetOf(latin)), "A1=caf\xC3\xA9");
}

TEST(SsmlReader, ReadsWhatStandsBeforeAnErrorAndNoEntities) {
  std::string bytes = MakeSsml("<Row>" + Cell("Number", "1") + "</Row><Row>" + Cell("Number", "2") + "</Row>");
  const Sheet cut = ReadSheetOf(bytes.substr(0, bytes.find("2</Data>")));
  EXPECT_EQ(Shown(cut), "A1=1");
  EXPECT_EQ(ShownIssues(cut), "xml@A2");
  bytes.insert(bytes.find("<Workbook"), "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>");
  EXPECT_THAT(ReadSheetOf(bytes).name, HasSubstr("a document type is not allowed"));
}

TEST(SsmlReader, PlacesBeyondTheGridAreLeftOut) {
  const Sheet sheet = ReadSheetOf(MakeSsml("<Row>" + Cell("Number", "1", "ss:Index=\"99999\"") +
                                           "</Row>"
                                           "<Row ss:Index=\"4000000000\" ss:Hidden=\"1\" ss:Span=\"4000000000\">" +
                                           Cell("Number", "2", "ss:MergeAcross=\"4000000000\"") + "</Row>"));
  EXPECT_EQ(Shown(sheet), "");
  EXPECT_THAT(ShownIssues(sheet), HasSubstr("address"));
}

}  // namespace
}  // namespace tidemill::workbook
