// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/show.h"
#include "tidemill/workbook/workbook.h"

#include "html_tokens.h"

namespace tidemill::workbook {
namespace {

using ::testing::HasSubstr;
using testing::ReadSheetOf;
using testing::Shown;
using testing::ShownIssues;
using testing::ShownMerges;
using testing::ShownRuns;
using testing::ShownWithKinds;

const std::string kExcel = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">";

TEST(HtmlReader, ReadsCellsWithoutTheirEndTags) {
  const Sheet sheet = ReadSheetOf(
      "<HTML><BODY><TABLE border=1><TR><TH>Area<TH>2019<TR><TD>York&nbsp;&amp; Leeds<TD>12.5<TR><TD>\n "
      "a\n  b <br> c<TD>&nbsp;</TABLE>");
  EXPECT_EQ(ShownWithKinds(sheet), "s A1=Area n B1=2019 s A2=York\xC2\xA0& Leeds n B2=12.5 s A3=a b\nc");
  EXPECT_EQ(sheet.name, "Sheet1");
  EXPECT_TRUE(sheet.StyleOf(*sheet.Find(0, 0)).bold);
  EXPECT_FALSE(sheet.StyleOf(*sheet.Find(1, 0)).bold);
}

TEST(HtmlReader, OnlyPlainNumbersAreNumbers) {
  const Sheet sheet = ReadSheetOf(
      "<table><tr><td>0<td>-1.50<td>1,234<td>007<td>12%<td>1e5<td>.5<td>1234567890123456<td>2020-01-01<td>5<sup>1"
      "<tr><td>a<td>b</table>");
  EXPECT_EQ(ShownWithKinds(sheet),
            "n A1=0 n B1=-1.5 s C1=1,234 s D1=007 s E1=12% s F1=1e5 s G1=.5 s H1=1234567890123456 s I1=2020-01-01 "
            "s J1=51 s A2=a s B2=b");
  EXPECT_NE(sheet.Find(0, 3)->flags & kNumberAsText, 0);
  EXPECT_EQ(ShownRuns(sheet, *sheet.Find(0, 9)), "5|^1");
}

TEST(HtmlReader, TakesTheValuesThatProgramsWriteBesideTheText) {
  const Sheet sheet = ReadSheetOf(
      kExcel +
      "<style><!-- .xl24\n\t{mso-style-parent:style0;\n\tmso-number-format:\"\\@\";}\n.xl25, td.xl26 "
      "{mso-number-format:\"mmm\\\\-yy\";}--></style><table><tr><td class=xl24>42<td x:num=\"1234.5\">1,234.50"
      "<td x:num>7<td class=xl25 x:num=\"43831\">Jan-20<td x:str=\"'9\">9<td x:bool=\"TRUE\">WAHR"
      "<td x:err=\"#N/A\">#N/A<td sdval=\"0.25\" sdnum=\"2057;0;0%\">25%<td data-t=\"n\" data-v=\"3\">three"
      "<td style='mso-number-format:\"0\\.00\"' x:fmla=\"=1+1\">2</table>");
  EXPECT_EQ(ShownWithKinds(sheet),
            "s A1=42 n B1=1234.5 n C1=7 d D1=Jan-20 s E1=9 b F1=TRUE e G1=#N/A n H1=0.25 n I1=3 n J1=2");
  EXPECT_EQ(sheet.StyleOf(*sheet.Find(0, 7)).number_class, NumberClass::kPercent);
  EXPECT_EQ(sheet.StyleOf(*sheet.Find(0, 9)).number_format, "0.00");
  EXPECT_NE(sheet.Find(0, 9)->flags & kFromFormula, 0);
}

TEST(HtmlReader, SpansPushCellsAside) {
  const Sheet sheet = ReadSheetOf(
      "<table><tr><td rowspan=2>a<td colspan=2>b<td rowspan=3>c<tr><td>d<td>e<tr><td>f<td>g<td>h<td>i</table>");
  EXPECT_EQ(Shown(sheet), "A1=a B1=b D1=c B2=d C2=e A3=f B3=g C3=h E3=i");
  EXPECT_EQ(ShownMerges(sheet), "A1:A2 B1:C1 D1:D3");
}

TEST(HtmlReader, ATableASheetAndTablesWithinTablesToo) {
  const std::string bytes =
      "<p>Title</p><table><caption>First  one</caption><tr><td>a<td>b<tr><td>c<td>d</table>"
      "<table><tr><td><table><tr><td>1<td>2<tr><td>3<td>4</table><td>outer</table><table><tr><td></table>";
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  ASSERT_EQ((*workbook)->sheets().size(), 3U);
  EXPECT_EQ((*workbook)->sheets()[0].name, "First one");
  EXPECT_EQ((*workbook)->sheets()[1].name, "Sheet2");
  EXPECT_EQ(Shown(*(*workbook)->ReadSheet(0)), "A1=a B1=b A2=c B2=d");
  EXPECT_EQ(Shown(*(*workbook)->ReadSheet(1)), "B1=outer");
  EXPECT_EQ(ShownIssues(*(*workbook)->ReadSheet(1)), "nested-table");
  EXPECT_EQ(Shown(*(*workbook)->ReadSheet(2)), "A1=1 B1=2 A2=3 B2=4");
  EXPECT_EQ((*workbook)->issues().at(0).code, "text-outside");
}

TEST(HtmlReader, TakesTheNamesOfSheetsThatExcelNotes) {
  const std::string bytes =
      kExcel +
      "<!--[if gte mso 9]><xml><x:ExcelWorksheet><x:Name>R&amp;D</x:Name></x:ExcelWorksheet></xml><![endif]-->"
      "<table><tr><td>a</table>";
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  EXPECT_EQ((*workbook)->sheets().at(0).name, "R&D");
}

TEST(HtmlReader, LinesRunsAndLinksOfACell) {
  const Sheet sheet = ReadSheetOf(
      "<table><tr><td><p>one</p><p>two <b>bold <i>both</i></b></p></td><td>H<sub>2</sub>O<span "
      "style='vertical-align:super'>"
      "a<span>b</span></span>c</td><td><a href='x?a=1&amp;b=2'>link</a><tr><td>1<td>2</table>");
  EXPECT_EQ(ShownRuns(sheet, *sheet.Find(0, 0)), "one\ntwo |*bold |*/both");
  EXPECT_EQ(ShownRuns(sheet, *sheet.Find(0, 1)), "H|_2|O|^ab|c");
  ASSERT_EQ(sheet.hyperlinks.size(), 1U);
  EXPECT_EQ(sheet.hyperlinks[0].target, "x?a=1&b=2");
}

TEST(HtmlReader, ReadsTheEncodingOfThePage) {
  const std::string rows = "<table><tr><td>caf\xE9<td>x<tr><td>1<td>2</table>";
  EXPECT_EQ(Shown(ReadSheetOf("<html>" + rows)), "A1=caf\xC3\xA9 B1=x A2=1 B2=2");
  EXPECT_EQ(Shown(ReadSheetOf("<html><meta charset=\"windows-1251\">" + rows)), "A1=caf\xD0\xB9 B1=x A2=1 B2=2");
  EXPECT_EQ(Shown(ReadSheetOf("<html><meta http-equiv=x content='text/html; charset=iso-8859-1'>" + rows)),
            "A1=caf\xC3\xA9 B1=x A2=1 B2=2");
}

TEST(HtmlReader, ScriptsStylesAndCommentsAreNoText) {
  const Sheet sheet = ReadSheetOf(
      "<table><tr><td>a<script>if (1</td><b) x</script><!-- <td>no --><td>b<style>td{}</style><tr><td>c<td>d</table>");
  EXPECT_EQ(Shown(sheet), "A1=a B1=b A2=c B2=d");
}

TEST(HtmlReader, HostilePagesComeToAnEnd) {
  EXPECT_THAT(ReadSheetOf("<html><table><tr><td a=\"" + std::string(1'000'000, 'x')).name,
              HasSubstr("html-error-page"));
  std::string deep = "<html>";
  for (int i = 0; i < 100'000; ++i) deep += "<table><tr><td>x<td>y<tr><td>z<td>w";
  EXPECT_EQ(Shown(ReadSheetOf(deep)), "A1=x B1=y A2=z B2=w");
  const Sheet wide =
      ReadSheetOf("<table><tr><td rowspan=1000000000 colspan=1000000000>a<td>b<tr><td>c<td>d<tr><td>e<td>f</table>");
  EXPECT_EQ(Shown(wide), "A1=a");
  EXPECT_EQ(ShownMerges(wide), "A1:XFD1048576");
}

TEST(HtmlTokens, ResolvesCharacterReferences) {
  const auto decoded = [](std::string_view raw) {
    std::string text;
    AppendHtmlText(text, raw);
    return text;
  };
  EXPECT_EQ(decoded("&lt;&#65;&#x42;&#150;&euro;&Omega;&yuml;&nbsp;"),
            "<AB\xE2\x80\x93\xE2\x82\xAC\xCE\xA9\xC3\xBF\xC2\xA0");
  EXPECT_EQ(decoded("AT&T &unknown; &"), "AT&T &unknown; &");
  EXPECT_EQ(decoded("?a=1&copy=2"), "?a=1&copy=2");
  EXPECT_EQ(decoded("&copy 2020"), "\xC2\xA9 2020");
}

}  // namespace
}  // namespace tidemill::workbook
