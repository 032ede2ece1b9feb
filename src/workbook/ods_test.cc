// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/make_files.h"
#include "tidemill/workbook/testing/show.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {
namespace {

using ::testing::HasSubstr;
using testing::MakeFods;
using testing::MakeOds;
using testing::OdsParts;
using testing::ReadSheetOf;
using testing::Shown;
using testing::ShownIssues;
using testing::ShownMerges;
using testing::ShownRuns;
using testing::ShownWithKinds;

std::string Row(const std::string& cells, const std::string& attributes = "") {
  return "<table:table-row " + attributes + ">" + cells + "</table:table-row>";
}
std::string Typed(const std::string& attributes, const std::string& text = "") {
  return "<table:table-cell " + attributes + ">" + (text.empty() ? "" : "<text:p>" + text + "</text:p>") +
         "</table:table-cell>";
}
std::string Number(const std::string& value, const std::string& attributes = "") {
  return Typed("office:value-type='float' office:value='" + value + "' " + attributes, value);
}
std::string Text(const std::string& text, const std::string& attributes = "") {
  return Typed("office:value-type='string' " + attributes, text);
}
Sheet ReadTable(const std::string& table) {
  return ReadSheetOf(MakeOds({.tables = {table}}));
}

TEST(OdsReader, ReadsEveryTypeOfValue) {
  const Sheet sheet = ReadTable(
      Row(Number("1.0E2") + Typed("office:value-type='percentage' office:value='0.125'", "12.5 %") +
          Typed("office:value-type='currency' office:currency='GBP' office:value='-3'", "-£3") +
          Typed("office:value-type='date' office:date-value='2020-01-31'", "31/01/20") +
          Typed("office:value-type='date' office:date-value='1837-07-01T06:00:00'", "1 July 1837") +
          Typed("office:value-type='time' office:time-value='PT36H30M00S'", "36:30") +
          Typed("office:value-type='boolean' office:boolean-value='true'", "WAHR") + Text("a &amp; b") +
          Typed("office:value-type='string' office:string-value='stored'", "shown") +
          Typed("table:formula='of:=1/0' office:value-type='string' office:string-value='' calcext:value-type='error'",
                "#DIV/0!") +
          Typed("table:formula='of:=X' calcext:value-type='error' office:value-type='string' office:string-value=''",
                "Err:502") +
          Typed("", "no type")));
  EXPECT_EQ(ShownWithKinds(sheet),
            "n A1=100 n B1=0.125 n C1=-3 d D1=2020-01-31 d E1=1837-07-01 06:00:00 t F1=36:30:00 b G1=TRUE s H1=a & b "
            "s I1=stored e J1=#DIV/0! e K1=Err:502 s L1=no type");
  EXPECT_EQ(sheet.StyleOf(*sheet.Find(0, 1)).number_class, NumberClass::kPercent);
  EXPECT_EQ(ToDate(*sheet.Find(0, 4)), base::Date(std::chrono::year{1837} / 7 / 1));
  EXPECT_NE(sheet.Find(0, 9)->flags & kFromFormula, 0);
  EXPECT_TRUE(sheet.issues.empty());
}

TEST(OdsReader, AFlatDocumentHoldsTheSame) {
  const std::string bytes = MakeFods({.tables = {Row(Number("1") + Text("x")), Row(Text("y"))}});
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  EXPECT_EQ((*workbook)->format(), Format::kFods);
  EXPECT_EQ((*workbook)->sheets().size(), 2U);
  EXPECT_EQ(Shown(*(*workbook)->ReadSheet(0)), "A1=1 B1=x");
  EXPECT_EQ(Shown(*(*workbook)->ReadSheet(1)), "A1=y");
}

TEST(OdsReader, RepeatsAreExpandedWhereTheyHoldSomething) {
  const Sheet sheet = ReadTable(
      Row(Number("7", "table:number-columns-repeated='3'") +
              "<table:table-cell table:number-columns-repeated='16381'/>",
          "table:number-rows-repeated='2'") +
      Row("<table:table-cell/>", "table:number-rows-repeated='10'") +
      Row("<table:table-cell table:number-columns-repeated='4'/>" + Text("end")) +
      Row("<table:table-cell table:number-columns-repeated='16384'/>", "table:number-rows-repeated='1048563'"));
  EXPECT_EQ(Shown(sheet), "A1=7 B1=7 C1=7 A2=7 B2=7 C2=7 E13=end");
  EXPECT_EQ(sheet.Find(0, 0)->flags & kRepeated, 0);
  EXPECT_NE(sheet.Find(0, 1)->flags & kRepeated, 0);
  EXPECT_NE(sheet.Find(1, 0)->flags & kRepeated, 0);
}

TEST(OdsReader, RepeatsBeyondTheLimitAreRefusedBeforeMemoryIsTaken) {
  const std::string bomb =
      Row(Number("1", "table:number-columns-repeated='16384'"), "table:number-rows-repeated='1048576'");
  EXPECT_THAT(ReadTable(bomb).name, HasSubstr("limit: repeat counts at "));
  const std::string merges =
      Row(Text("x", "table:number-columns-spanned='2'"), "table:number-rows-repeated='9999999999'");
  EXPECT_THAT(ReadTable(merges).name, HasSubstr("limit: repeat counts at "));
}

TEST(OdsReader, SpansAreMergedRangesAndCoveredCellsKeepTheirValues) {
  const Sheet sheet =
      ReadTable(Row(Text("a", "table:number-columns-spanned='2' table:number-rows-spanned='2'") +
                    "<table:covered-table-cell office:value-type='float' office:value='5'/>" + Text("b")) +
                Row("<table:covered-table-cell "
                    "table:number-columns-repeated='2'><text:p>hidden</text:p></table:covered-table-cell>") +
                Row(Text("whole", "table:number-columns-spanned='99999' table:number-rows-spanned='9999999'")));
  EXPECT_EQ(Shown(sheet), "A1=a B1=5 C1=b A3=whole");
  EXPECT_EQ(ShownMerges(sheet), "A1:B2 A3:XFD1048576");
  EXPECT_EQ(ShownIssues(sheet), "covered-text@A2");
}

TEST(OdsReader, TextKeepsItsLinesBlanksAndRuns) {
  const std::string styles =
      "<style:style style:name='T1' style:family='text'><style:text-properties style:text-position='super 58%'/>"
      "</style:style><style:style style:name='T2' style:family='text' style:parent-style-name='T1'>"
      "<style:text-properties fo:font-weight='bold'/></style:style>"
      "<style:style style:name='T3' style:family='text'><style:text-properties style:text-position='-33% 58%' "
      "style:text-line-through-style='solid' fo:font-style='italic'/></style:style>";
  const Sheet sheet = ReadSheetOf(
      MakeOds({.tables = {Row(
                   "<table:table-cell office:value-type='string'><text:p>a<text:s text:c='3'/>b<text:tab/>c"
                   "<text:line-break/>d</text:p><text:p/><text:p>e  f</text:p></table:table-cell>" +
                   Text("Jan-20<text:span text:style-name='T1'>3</text:span>") +
                   Text("<text:span text:style-name='T2'>B<text:span text:style-name='T3'>x</text:span></text:span>y") +
                   Text("<text:a xlink:href='http://example.org/?a=1&amp;b=2'>link</text:a>"))},
               .automatic_styles = styles}));
  EXPECT_EQ(sheet.Text(*sheet.Find(0, 0)), "a   b\tc\nd\n\ne  f");
  EXPECT_EQ(ShownRuns(sheet, *sheet.Find(0, 1)), "Jan-20|^3");
  EXPECT_EQ(ShownRuns(sheet, *sheet.Find(0, 2)), "^*B|_*/-x|y");
  ASSERT_EQ(sheet.hyperlinks.size(), 1U);
  EXPECT_EQ(sheet.hyperlinks[0].target, "http://example.org/?a=1&b=2");
}

TEST(OdsReader, WhatStandsBesideTheTextIsNotTheText) {
  const Sheet sheet = ReadTable(
      Row("<table:table-cell office:value-type='float' office:value='1'><office:annotation><dc:creator>me</dc:creator>"
          "<text:p>a "
          "note</text:p></office:annotation><text:p>1<office:annotation><text:p>x</text:p></office:annotation>"
          "</text:p></table:table-cell>"
          "<table:table-cell office:value-type='string'><text:p>b<text:note><text:note-body><text:p>foot</text:p>"
          "</text:note-body></text:note></text:p><table:table><table:table-row><table:table-cell office:value-type="
          "'float' office:value='9'/></table:table-row></table:table></table:table-cell>") +
      Row(Number("2")));
  EXPECT_EQ(Shown(sheet), "A1=1 B1=b A2=2");
  EXPECT_EQ(ShownIssues(sheet), "nested-table@B1");
}

TEST(OdsReader, KnowsHiddenPartsAndStyles) {
  const std::string styles =
      "<style:style style:name='ta2' style:family='table'><style:table-properties table:display='false'/></style:style>"
      "<style:style style:name='ce1' style:family='table-cell' style:parent-style-name='Heading' "
      "style:data-style-name='N1'><style:table-cell-properties fo:background-color='#ffffff'/>"
      "<style:paragraph-properties fo:text-align='end' fo:margin-left='0.706cm'/></style:style>"
      "<number:date-style style:name='N1'><number:month number:textual='true'/><number:text>-</number:text>"
      "<number:year/></number:date-style>";
  const std::string bytes = MakeOds(
      {.tables = {"<table:table-column/><table:table-column-group><table:table-column table:visibility='collapse' "
                  "table:number-columns-repeated='2' table:default-cell-style-name='ce1'/></table:table-column-group>"
                  "<table:table-header-rows>" +
                  Row(Number("1") + Text("head", "table:style-name='ce1'")) + "</table:table-header-rows>" +
                  "<table:table-row-group>" +
                  Row("<table:table-cell/>" +
                          Typed("office:value-type='date' office:date-value='2020-01-01'", "Jan-20"),
                      "table:visibility='filter'") +
                  "</table:table-row-group>"},
       .automatic_styles = styles,
       .styles = "<style:style style:name='Heading' style:family='table-cell'><style:text-properties "
                 "fo:font-weight='bold'/></style:style>",
       .table_attributes = " table:style-name='ta2' table:print-ranges='A.A1:A.B2 A.D1:A.D9'"});
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  EXPECT_EQ((*workbook)->sheets()[0].visibility, Visibility::kHidden);
  ASSERT_EQ((*workbook)->names().size(), 1U);
  EXPECT_EQ((*workbook)->names()[0].refers_to, "A!A1:B2,A!D1:D9");
  const Sheet sheet = *(*workbook)->ReadSheet(0);
  EXPECT_THAT(sheet.hidden_columns, ::testing::ElementsAre(1, 2));
  EXPECT_TRUE(sheet.rows()[1].hidden);
  EXPECT_EQ(Shown(sheet), "A1=1 B1=head B2=Jan-20");
  const Style& style = sheet.StyleOf(*sheet.Find(0, 1));
  EXPECT_EQ(style.number_format, "mmm-yy");
  EXPECT_EQ(style.number_class, NumberClass::kMonthYear);
  EXPECT_TRUE(style.bold);
  EXPECT_TRUE(style.fill);
  EXPECT_EQ(style.indent, 2);
  EXPECT_EQ(style.alignment, HorizontalAlignment::kRight);
}

TEST(OdsReader, ReadsNamesAndDatabaseRanges) {
  const std::string bytes =
      MakeOds({.tables = {Row(Text("Area") + Text("Deaths")) + Row(Text("York") + Number("5")) +
                          "<table:named-expressions><table:named-range table:name='local' "
                          "table:cell-range-address='$A.$A$1'/></table:named-expressions>"},
               .after_tables =
                   "<table:named-expressions><table:named-range table:name='all' table:cell-range-address="
                   "\"$'it''s a.b'.$A$1:.$B$2\"/><table:named-expression table:name='f' table:expression='of:=1+1'/>"
                   "</table:named-expressions><table:database-ranges><table:database-range table:name='Table1' "
                   "table:target-range-address='A.A1:A.B2'/><table:database-range table:name='__Anonymous_Sheet_DB__0' "
                   "table:target-range-address='A.A1:A.B2'/></table:database-ranges>"});
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  const auto& names = (*workbook)->names();
  ASSERT_EQ(names.size(), 3U);
  EXPECT_EQ(names[0].name + " " + names[0].refers_to, "local A!$A$1");
  EXPECT_EQ(names[0].sheet, 0);
  EXPECT_EQ(names[1].name + " " + names[1].refers_to, "all 'it''s a.b'!$A$1:$B$2");
  EXPECT_EQ(names[1].sheet, -1);
  EXPECT_EQ(names[2].refers_to, "of:=1+1");
  const Sheet sheet = *(*workbook)->ReadSheet(0);
  ASSERT_EQ(sheet.tables.size(), 1U);
  EXPECT_EQ(sheet.tables[0].name, "Table1");
  EXPECT_EQ(A1(sheet.tables[0].range), "A1:B2");
  EXPECT_THAT(sheet.tables[0].columns, ::testing::ElementsAre("Area", "Deaths"));
}

TEST(OdsReader, ReadsWhatStandsBeforeAnError) {
  const Sheet sheet = ReadTable(Row(Number("1")) + Row(Number("2") + "<table:table-cell></wrong>"));
  EXPECT_EQ(Shown(sheet), "A1=1 A2=2");
  EXPECT_THAT(ShownIssues(sheet), HasSubstr("xml@"));
}

TEST(OdsReader, ValuesThatAreNoneAreKeptAsText) {
  const Sheet sheet = ReadTable(Row(Typed("office:value-type='float' office:value='12,5'", "12,5") +
                                    Typed("office:value-type='date' office:date-value='soon'") +
                                    Typed("office:value-type='boolean' office:boolean-value='perhaps'", "?")));
  EXPECT_EQ(ShownWithKinds(sheet), "s A1=12,5 s B1=soon s C1=?");
  EXPECT_EQ(ShownIssues(sheet), "value@A1 value@B1 value@C1");
}

TEST(OdsReader, SaysWhereAnErrorIsStoredAsZero) {
  const Sheet sheet =
      ReadTable(Row(Typed("table:formula='oooc:=NA()' office:value-type='float' office:value='0'", "#N/A")));
  EXPECT_EQ(ShownWithKinds(sheet), "n A1=0");
  EXPECT_EQ(ShownIssues(sheet), "error-as-number@A1");
}

TEST(OdsReader, RefusesWhatIsEncryptedOrNoSpreadsheet) {
  OdsParts parts{.tables = {""}};
  parts.more = {{"META-INF/manifest.xml",
                 "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'>"
                 "<manifest:file-entry manifest:full-path='content.xml'><manifest:encryption-data/>"
                 "</manifest:file-entry></manifest:manifest>"}};
  EXPECT_THAT(ReadSheetOf(MakeOds(parts)).name, HasSubstr("refused: encrypted: "));
  EXPECT_THAT(ReadSheetOf(MakeOds({.tables = {}})).name, HasSubstr("corrupt-container: no sheets"));
}

TEST(OdsReader, DeepNestingEndsTheSheetNotTheProgram) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<table:table><table:table-row><table:table-cell>";
  const Sheet sheet = ReadTable(Row(Number("1")) + Row("<table:table-cell>" + deep + "</table:table-cell>"));
  EXPECT_THAT(sheet.name + Shown(sheet), ::testing::AnyOf("AA1=1", HasSubstr("refused")));
}

}  // namespace
}  // namespace tidemill::workbook
