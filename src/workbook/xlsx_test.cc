// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/make_files.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::MakeXlsx;
using testing::MakeZip;
using testing::XlsxMembers;
using testing::XlsxParts;
using testing::ZipMember;

const std::string kStyles =
    "<numFmts><numFmt numFmtId='164' formatCode='mmm\\-yy'/></numFmts>"
    "<fonts><font/><font><b/></font><font><vertAlign val='superscript'/></font></fonts>"
    "<fills><fill><patternFill patternType='none'/></fill><fill><patternFill patternType='solid'/></fill></fills>"
    "<cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>"
    "<cellXfs><xf/><xf numFmtId='164' fontId='1' fillId='1'><alignment horizontal='right' indent='2'/></xf>"
    "<xf numFmtId='46' fontId='2'/></cellXfs>"
    "<dxfs><dxf><font><i/></font><numFmt numFmtId='164' formatCode='0'/></dxf></dxfs>";

std::string Rows(const std::string& rows) {
  return "<sheetData>" + rows + "</sheetData>";
}

Sheet Read(const std::string& bytes, std::size_t index = 0) {
  const auto workbook = OpenWorkbook(bytes);
  EXPECT_TRUE(workbook.has_value()) << (workbook ? "" : workbook.error().ToText());
  if (!workbook) return {};
  auto sheet = (*workbook)->ReadSheet(index);
  EXPECT_TRUE(sheet.has_value()) << (sheet ? "" : sheet.error().ToText());
  return sheet ? *std::move(sheet) : Sheet();
}
Sheet ReadParts(const XlsxParts& parts) {
  return Read(MakeXlsx(parts));
}

// "A1=text B1=2": every cell as its reader sees it.
std::string Shown(const Sheet& sheet) {
  std::string text;
  for (std::size_t i = 0; i < sheet.rows().size(); ++i) {
    for (const Cell& cell : sheet.CellsOf(i)) {
      text += (text.empty() ? "" : " ") + A1(sheet.rows()[i].number, cell.column) + "=" + sheet.DisplayText(cell);
    }
  }
  return text;
}

TEST(XlsxReader, ReadsEveryTypeOfCell) {
  const Sheet sheet =
      ReadParts({.sheets = {Rows("<row r='1'><c r='A1'><v>1.0E+2</v></c><c r='B1' t='n'><v> 5 </v></c>"
                                 "<c r='C1' t='s'><v>1</v></c><c r='D1' t='str'><f>X()</f><v>a&amp;b</v></c>"
                                 "<c r='E1' t='b'><v>1</v></c><c r='F1' t='b'><v>true</v></c>"
                                 "<c r='G1' t='e'><v>#N/A</v></c><c r='H1' t='inlineStr'><is><t>in</t></is><v>9</v></c>"
                                 "<c r='I1' t='d'><v>2020-01-31</v></c><c r='J1' s='1'><v>43831</v></c>"
                                 "<c r='K1' t='d'><v>PT36H</v></c><c r='L1' s='2'><v>0.5</v></c>"
                                 "<c r='M1' t='inlineStr'><is><t><![CDATA[<c>]]></t></is></c></row>")},
                 .shared_strings = "<si><t>zero</t></si><si><t>one</t></si>",
                 .styles = kStyles});
  EXPECT_EQ(Shown(sheet),
            "A1=100 B1=5 C1=one D1=a&b E1=TRUE F1=TRUE G1=#N/A H1=in I1=2020-01-31 J1=Jan-20 K1=36:00:00 L1=12:00:00 "
            "M1=<c>");
  EXPECT_EQ(sheet.Find(0, 3)->flags, kFromFormula);
  EXPECT_EQ(sheet.Find(0, 9)->kind, CellKind::kDate);
  EXPECT_EQ(sheet.Find(0, 11)->kind, CellKind::kDuration);
  EXPECT_TRUE(sheet.issues.empty());
}

TEST(XlsxReader, EmptyCellsAreNone) {
  const Sheet sheet =
      ReadParts({.sheets = {Rows("<row r='1'><c r='A1' s='1'/><c r='B1' t='s'><v/></c><c r='C1'><v></v></c>"
                                 "<c r='D1' t='inlineStr'><is><t></t></is></c><c r='E1' t='s'><v>0</v></c>"
                                 "<c r='F1' t='str'><f>A</f><v></v></c></row>")},
                 .shared_strings = "<si/>"});
  EXPECT_EQ(Shown(sheet), "");
  EXPECT_TRUE(sheet.issues.empty());
}

TEST(XlsxReader, PlacesWithoutReferencesFollowEachOther) {
  const Sheet sheet = ReadParts(
      {.sheets = {Rows("<row><c><v>1</v></c><c><v>2</v></c></row><row r='5'><c r='c5'><v>3</v></c><c><v>4</v></c>"
                       "</row><row><c><v>5</v></c></row><row r='2'><c r='B2'><v>6</v></c></row>")}});
  EXPECT_EQ(Shown(sheet), "A1=1 B1=2 B2=6 C5=3 D5=4 A6=5");
}

TEST(XlsxReader, OddValuesAreKeptAsTextAndSaid) {
  const Sheet sheet = ReadParts({.sheets = {Rows("<row r='1'><c r='A1'><v>NaN</v></c><c r='B1' t='s'><v>7</v></c>"
                                                 "<c r='XFE1'><v>1</v></c><c r='D1' t='e'><v>#ODD</v></c></row>"
                                                 "<row r='1048577'><c><v>1</v></c></row>")}});
  EXPECT_EQ(Shown(sheet), "A1=NaN D1=#ODD");
  std::vector<std::string> codes;
  for (const Issue& issue : sheet.issues) codes.push_back(issue.code + " " + issue.cell);
  EXPECT_THAT(codes, ElementsAre("value A1", "string-index B1", "address XFE1", "value D1", "address A1048577"));
}

TEST(XlsxReader, FarApartCellsTakeNoRoomBetween) {
  const Sheet sheet = ReadParts({.sheets = {Rows("<row r='1'><c r='A1'><v>1</v></c></row>"
                                                 "<row r='1048576'><c r='XFD1048576'><v>2</v></c></row>") +
                                            "<mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells>"}});
  EXPECT_EQ(Shown(sheet), "A1=1 XFD1048576=2");
  EXPECT_EQ(sheet.rows().size(), 2U);
  EXPECT_EQ(A1(sheet.merges.at(0)), "A1:XFD1048576");
}

TEST(XlsxReader, StringsKeepBlanksEscapesAndNoPhoneticGuides) {
  const Sheet sheet = ReadParts(
      {.sheets = {Rows("<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c><c r='C1' t='s'><v>2</v></c>"
                       "<c r='D1' t='s'><v>3</v></c></row>")},
       .shared_strings = "<si><t> two  blanks </t></si><si><t>a_x000A_b_x005F_x0041__x00e9__xD83D__xDE00__xZZ_</t></si>"
                         "<si><t>base</t><rPh sb='0' eb='1'><t>guide</t></rPh><phoneticPr/></si>"
                         "<si><t>bad \xFF byte</t></si>"});
  EXPECT_EQ(Shown(sheet),
            "A1= two  blanks  B1=a\nb_x0041_\xC3\xA9\xF0\x9F\x98\x80_xZZ_ C1=base D1=bad \xEF\xBF\xBD byte");
}

TEST(XlsxReader, KeepsRunsApartAndFillsThemFromTheCellsFont) {
  const std::string set_back = "<si><r><t>1 </t></r><r><rPr><sz val='9'/></rPr><t>note</t></r></si>";
  const std::string raised =
      "<si><r><rPr/><t>Jan-20</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>3</t></r></si>";
  const Sheet sheet = ReadParts(
      {.sheets = {Rows(
           "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' s='2' t='s'><v>0</v></c>"
           "<c r='C1' t='s'><v>1</v></c><c r='D1' s='1' t='s'><v>1</v></c>"
           "<c r='E1' t='inlineStr'><is><t>x</t><r><rPr><strike/><i val='0'/></rPr><t>y</t></r></is></c></row>")},
       .shared_strings = set_back + raised,
       .styles = kStyles});
  EXPECT_EQ(Shown(sheet), "A1=1 note B1=1 note C1=Jan-203 D1=Jan-203 E1=xy");
  EXPECT_TRUE(sheet.Runs(*sheet.Find(0, 0)).empty());
  // The cell's font is superscript and only the second run sets it back.
  EXPECT_THAT(sheet.Runs(*sheet.Find(0, 1)), ElementsAre(TextRun{.script = Script::kSuperscript}, TextRun{.start = 2}));
  const TextRun three{.start = 6, .script = Script::kSuperscript};
  EXPECT_THAT(sheet.Runs(*sheet.Find(0, 2)), ElementsAre(TextRun(), three));
  EXPECT_THAT(sheet.Runs(*sheet.Find(0, 3)), ElementsAre(TextRun{.bold = true}, three));
  EXPECT_THAT(sheet.Runs(*sheet.Find(0, 4)), ElementsAre(TextRun(), TextRun{.start = 1, .strike = true}));
}

TEST(XlsxReader, StylesAreThoseOfCellsNotOfStylesOrConditions) {
  const Sheet sheet =
      ReadParts({.sheets = {Rows("<row r='1'><c r='A1' s='1'><v>1</v></c><c r='B1' s='99'><v>1</v></c></row>")},
                 .styles = kStyles});
  const Style& style = sheet.StyleOf(*sheet.Find(0, 0));
  EXPECT_EQ(style.number_format, "mmm\\-yy");
  EXPECT_TRUE(style.bold);
  EXPECT_FALSE(style.italic);
  EXPECT_TRUE(style.fill);
  EXPECT_EQ(style.alignment, HorizontalAlignment::kRight);
  EXPECT_EQ(style.indent, 2);
  EXPECT_EQ(sheet.StyleOf(*sheet.Find(0, 1)).number_format, "General");
}

TEST(XlsxReader, ReadsMergesHiddenPartsLinksTablesAndNames) {
  const std::string relation_type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  const std::string bytes = MakeXlsx(
      {.sheets =
           {"<cols><col min='2' max='3' hidden='1'/><col min='5' max='5'/></cols>" +
            Rows("<row r='1'><c r='B1'><v>1</v></c></row><row r='3' hidden='1'><c r='A3'><v>2</v></c></row>") +
            "<mergeCells><mergeCell ref='A1:B1'/></mergeCells><hyperlinks><hyperlink ref='A1' location='Contents!A1'/>"
            "<hyperlink ref='A2:A3' r:id='h'/></hyperlinks><tableParts><tablePart r:id='t'/></tableParts>"},
       .workbook = "<definedNames><definedName name='_xlnm.Print_Titles' localSheetId='0'>A!$1:$4</definedName>"
                   "<definedName name='Book'>A!$A$1&amp;1</definedName></definedNames>",
       .more = {{"xl/worksheets/_rels/sheet1.xml.rels",
                 "<Relationships><Relationship Id='h' Type='" + relation_type +
                     "hyperlink' Target='https://example.org/a' TargetMode='External'/><Relationship Id='t' Type='" +
                     relation_type + "table' Target='../tables/table1.xml'/></Relationships>"},
                {"xl/tables/table1.xml",
                 "<table displayName='Deaths' ref='A7:L15' totalsRowCount='1'><tableColumns><tableColumn "
                 "name='Area_x000a_code'/>"
                 "<tableColumn name='n'/></tableColumns></table>"}}});
  const Sheet sheet = Read(bytes);
  EXPECT_EQ(sheet.hidden_columns, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_NE(sheet.Find(0, 1)->flags & kHiddenCell, 0);
  EXPECT_TRUE(sheet.rows()[1].hidden);
  EXPECT_EQ(A1(sheet.merges.at(0)), "A1:B1");
  ASSERT_EQ(sheet.hyperlinks.size(), 2U);
  EXPECT_EQ(sheet.hyperlinks[0].target, "#Contents!A1");
  EXPECT_EQ(sheet.hyperlinks[1].target, "https://example.org/a");
  ASSERT_EQ(sheet.tables.size(), 1U);
  EXPECT_EQ(sheet.tables[0].name, "Deaths");
  EXPECT_EQ(A1(sheet.tables[0].range), "A7:L15");
  EXPECT_EQ(sheet.tables[0].header_rows, 1U);
  EXPECT_EQ(sheet.tables[0].totals_rows, 1U);
  EXPECT_THAT(sheet.tables[0].columns, ElementsAre("Area\ncode", "n"));
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_EQ((*workbook)->names().size(), 2U);
  EXPECT_EQ((*workbook)->names()[0].sheet, 0);
  EXPECT_EQ((*workbook)->names()[1].sheet, -1);
  EXPECT_EQ((*workbook)->names()[1].refers_to, "A!$A$1&1");
}

TEST(XlsxReader, FindsPartsByRelationshipWhateverTheirPlaces) {
  std::vector<ZipMember> members = XlsxMembers({.sheets = {Rows("<row><c><v>7</v></c></row>")}});
  for (ZipMember& member : members) {
    std::replace(member.name.begin(), member.name.end(), '/', '\\');
    if (member.name == "_rels\\.rels") {
      member.bytes =
          "<Relationships><Relationship Id='x' Type='http://purl.oclc.org/ooxml/officeDocument/relationships/"
          "officeDocument' Target='/XL\\workbook.xml'/></Relationships>";
    }
  }
  EXPECT_EQ(Shown(Read(MakeZip(members))), "A1=7");
}

TEST(XlsxReader, PrefixesChangeNothing) {
  std::vector<ZipMember> members = XlsxMembers({.sheets = {""}});
  members[0].bytes =
      "<x:worksheet xmlns:x='u'><x:sheetData><x:row r='2'><x:c "
      "r='B2'><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>";
  EXPECT_EQ(Shown(Read(MakeZip(members))), "B2=7");
}

TEST(XlsxReader, PartsThatAreMissingOrInUtf16AreSurvived) {
  std::vector<ZipMember> members =
      XlsxMembers({.sheets = {Rows("<row><c s='3'><v>7</v></c><c t='s'><v>0</v></c></row>")}});
  std::erase_if(members,
                [](const ZipMember& m) { return m.name == "xl/styles.xml" || m.name == "xl/sharedStrings.xml"; });
  std::string wide = "\xFF\xFE";
  for (const char c : members[0].bytes) wide += {c, '\0'};
  members[0].bytes = wide;
  const Sheet sheet = Read(MakeZip(members));
  EXPECT_EQ(Shown(sheet), "A1=7");
  EXPECT_EQ(sheet.issues.at(0).code, "string-index");
}

TEST(XlsxReader, ABrokenPartGivesWhatStandsBeforeTheBreak) {
  std::vector<ZipMember> members =
      XlsxMembers({.sheets = {Rows("<row r='1'><c r='A1'><v>1</v></c></row><row r='2'><c r='A2'><v>2</v></row>")}});
  const Sheet sheet = Read(MakeZip(members));
  EXPECT_EQ(Shown(sheet), "A1=1");
  ASSERT_EQ(sheet.issues.size(), 1U);
  EXPECT_EQ(sheet.issues[0].code, "xml");
  EXPECT_EQ(sheet.issues[0].cell, "A2");
}

TEST(XlsxReader, SheetsWithoutAPartAreErrorsOfTheirOwn) {
  std::vector<ZipMember> members = XlsxMembers({.sheets = {Rows("<row><c><v>7</v></c></row>"), "", ""}});
  std::erase_if(members, [](const ZipMember& m) { return m.name == "xl/worksheets/sheet2.xml"; });
  for (ZipMember& member : members) {
    if (member.name == "xl/worksheets/sheet3.xml") member.bytes = "no xml";
  }
  const std::string bytes = MakeZip(members);
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  EXPECT_EQ((*workbook)->issues().at(0).code, "relationship");
  EXPECT_TRUE((*workbook)->ReadSheet(0).has_value());
  EXPECT_EQ((*workbook)->ReadSheet(1).error().code, base::ErrorCode::kMalformed);
  EXPECT_EQ((*workbook)->ReadSheet(2).error().code, base::ErrorCode::kMalformed);
  EXPECT_EQ((*workbook)->ReadSheet(3).error().code, base::ErrorCode::kNotFound);
}

TEST(XlsxReader, ADocumentTypeIsRefused) {
  std::vector<ZipMember> members = XlsxMembers({.sheets = {""}});
  for (ZipMember& member : members) {
    if (member.name == "xl/workbook.xml") member.bytes.insert(0, "<!DOCTYPE w [<!ENTITY a 'b'>]>");
  }
  const auto workbook = OpenWorkbook(MakeZip(members));
  ASSERT_FALSE(workbook.has_value());
  EXPECT_THAT(workbook.error().ToText(), HasSubstr("document type"));
}

TEST(XlsxReader, LimitsHold) {
  const std::string bytes = MakeXlsx({.sheets = {Rows("<row><c><v>1</v></c><c><v>2</v></c></row>")}});
  EXPECT_EQ((*OpenWorkbook(bytes, {.cells = 1}))->ReadSheet(0).error().code, base::ErrorCode::kTooLarge);
  const std::string deep =
      MakeXlsx({.sheets = {Rows("<row><c><v>1</v></c></row>") + std::string("<a><a><a><a><a><a><a>")}});
  const auto sheet = (*OpenWorkbook(deep, {.xml_depth = 6}))->ReadSheet(0);
  ASSERT_TRUE(sheet.has_value());
  EXPECT_EQ(Shown(*sheet), "A1=1");
  EXPECT_EQ(sheet->issues.at(0).code, "xml");
}

TEST(XlsxReader, SheetsCanBeReadSideBySide) {
  XlsxParts parts{.sheets = {}, .shared_strings = "<si><t>text</t></si>"};
  for (int i = 0; i < 8; ++i) parts.sheets.push_back(Rows("<row><c t='s'><v>0</v></c></row>"));
  const std::string bytes = MakeXlsx(parts);
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  std::vector<std::string> shown(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < 8; ++i)
      threads.emplace_back([&, i] { shown[i] = Shown((*workbook)->ReadSheet(i).value()); });
  }
  EXPECT_THAT(shown, ::testing::Each("A1=text"));
}

}  // namespace
}  // namespace tidemill::workbook
