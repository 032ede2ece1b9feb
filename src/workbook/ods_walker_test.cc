// SPDX-License-Identifier: Apache-2.0
#include "ods_walker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ods_sheet.h"
#include "ods_structure.h"
#include "testing/sheet_dump.h"

namespace tidemill::workbook {
namespace {

MemberStream StreamOf(std::string_view text, std::size_t piece) {
  return MemberStream::Of({.memory = nullptr, .view = text}, {}, piece);
}

OdsBook MakeBook() {
  OdsBook book;
  const std::string styles =
      R"(<s><style:style style:name="ce1" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>)"
      R"(<style:style style:name="ce12" style:family="table-cell"/><style:style style:name="T1" style:family="text"/></s>)";
  XmlReader xml(styles, 64);
  xml.Next();
  book.styles.ReadSection(xml);
  auto made = book.styles.MakeStyles();
  book.percent_style = static_cast<std::uint32_t>(made.size());
  made.emplace_back();
  book.book.SetStyles(std::move(made));
  return book;
}

// The sheet, and what is left of the text behind it.
std::string Dump(const std::string& rows, std::size_t piece, bool strict) {
  static const OdsBook kBook = MakeBook();
  const std::string text = "<table:table>" + rows + "</table:table><behind/>";
  MemberStream stream = StreamOf(text, piece);
  XmlReader xml(stream, 64);
  xml.Next();
  CellSink sink(kBook.book, std::make_shared<const SharedStrings>(100), {.name = "S"});
  const auto read = ReadOdsSheet(xml, kBook, {}, {.strict_only = strict, .comments = true}, sink);
  if (!read) return read.error().ToText();
  return testing::SheetDump(std::move(sink).Finish().value()) + "behind " + std::to_string(xml.offset());
}

// How many rows and cells of a text the walker takes; -1 where it leaves something.
int Walked(const std::string& rows) {
  const std::string padded = rows + std::string(SlidingBuffer::kPadding, '\0');
  const char* at = padded.data();
  const char* const end = at + rows.size();
  OdsWalker walker(BestTextScan());
  OdsWalkedCell cell;
  int taken = 0;
  for (; at < end; ++taken) {
    const char* next = OdsWalker::Row(at, end);
    if (next == nullptr) next = walker.Cell(at, end, cell);
    if (next == nullptr && std::string_view(at).starts_with("</table:table-row>")) next = at + 18;
    if (next == nullptr) return -1;
    at = next;
  }
  return taken;
}

std::string Row(const std::string& cells) {
  return "<table:table-row>" + cells + "</table:table-row>";
}

// The forms that the usual programs write.
const std::vector<std::string> kUsual = {
    Row(R"(<table:table-cell office:value-type="float" office:value="1.5" calcext:value-type="float"><text:p>1.5</text:p></table:table-cell>)"),
    Row(R"(<table:table-cell office:value-type="string"><text:p>a &amp; b</text:p></table:table-cell><table:table-cell/>)"),
    R"(<table:table-row table:style-name="ro1"><table:table-cell table:style-name="ce1" office:value-type="string" calcext:value-type="string"><text:p>bold</text:p></table:table-cell></table:table-row>)",
    Row(R"(<table:table-cell office:value-type="percentage" office:value="0.125"><text:p>12.5 %</text:p></table:table-cell><table:table-cell table:style-name="ce12" office:value-type="currency" office:currency="GBP" office:value="-3"><text:p>-£3</text:p></table:table-cell>)"),
    Row(R"(<table:table-cell office:value-type="date" office:date-value="2020-01-31"><text:p>31/01/20</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="1837-07-01T06:00:00"><text:p/></table:table-cell>)"),
    Row(R"(<table:table-cell table:number-columns-repeated="3" office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell><table:table-cell table:style-name="none" table:number-columns-repeated="16381"/>)"),
    Row(R"(<table:table-cell table:formula="of:=SUM([.A1:.B1])&gt;&quot;x&quot;" office:value-type="float" office:value="1e-5"><text:p>0</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="2"/>)"),
    Row("<table:table-cell office:value-type=\"string\"><text:p>\xC3\xA9t\xC3\xA9 "
        "\xFF_x000D_</text:p></table:table-cell>"),
    Row(R"(<table:table-cell office:value-type="string"><text:p/></table:table-cell><table:table-cell office:value-type="string"></table:table-cell><table:table-cell office:value-type="float" office:value="2"/>)"),
    Row(R"(<table:table-cell table:number-columns-repeated="16384"/><table:table-cell office:value-type="float" office:value="1"/><table:table-cell/>)"),
    Row("<table:table-cell office:value-type=\"string\"><text:p>" + std::string(300'000, 'y') +
        "</text:p></table:table-cell>"),
};
// Those that they leave.
const std::vector<std::string> kOdd = {
    R"(<table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>)",
    R"(<table:table-row table:visibility="collapse"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>)",
    R"(<table:table-row table:default-cell-style-name='ce1'><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>)",
    Row(R"(<table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/>b</text:p><text:p>c</text:p></table:table-cell>)"),
    Row(R"(<table:table-cell office:value-type="string"><text:p>Jan-20<text:span text:style-name="T1">3</text:span></text:p></table:table-cell>)"),
    Row(R"(<table:table-cell office:value-type="string" office:string-value="stored"><text:p>shown</text:p></table:table-cell>)"),
    Row(R"(<table:table-cell table:formula="x" office:value-type="float" office:value="0"><text:p>#N/A</text:p></table:table-cell>)"),
    Row(R"(<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>)"),
    Row(R"(<table:table-cell office:value="3" office:value-type="float"/><table:table-cell office:value-type='float' office:value='4'/>)"),
    Row(R"(<table:table-cell office:value-type="float" office:value="5" office:value="6"/><table:table-cell office:value-type="float" office:value="12,5"/>)"),
    Row(R"(<table:table-cell office:value-type="float"><text:p>1</text:p></table:table-cell><table:table-cell office:value-type="boolean" office:boolean-value="true"/>)"),
    Row(R"(<table:table-cell office:value-type="time" office:time-value="PT1H"/><table:table-cell office:value-type="date" office:date-value="soon"/>)"),
    Row(R"(<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2"/><table:covered-table-cell office:value-type="float" office:value="5"/>)"),
    Row(R"(<table:table-cell><text:p>no type</text:p></table:table-cell><table:covered-table-cell><text:p>hidden</text:p></table:covered-table-cell>)"),
    Row(R"(<table:table-cell office:value-type="float" office:value="1"><!-- <table:table> --><text:p>1</text:p></table:table-cell><t:table-cell office:value-type="float" office:value="2"/>)"),
    Row(R"(<table:table-cell><table:table><table:table-row><table:table-cell/></table:table-row></table:table></table:table-cell>)"),
    "<table:table-column table:default-cell-style-name=\"ce1\"/><table:table-row-group>\n" +
        Row("\n <table:table-cell office:value-type=\"string\"><text:p>x</text:p></table:table-cell>\n") +
        "</table:table-row-group>" + Row("<table:table-cell/>"),
    Row("<table:table-cell/>") + Row("<table:table-cell></wrong>"),
    "<table:table-row/><table:table-row></table:table-row><x:table-row><table:table-cell office:value-type=\"float\" "
    "office:value=\"1\"/></x:table-row>",
    "<table:named-expressions><table:named-range table:name=\"n\" "
    "table:cell-range-address=\"$A.$A$1\"/></table:named-expressions>",
};

TEST(OdsWalker, GivesWhatTheTokenizerGivesWhereverThePiecesEnd) {
  std::vector<std::string> forms = kUsual;
  forms.insert(forms.end(), kOdd.begin(), kOdd.end());
  for (const std::string& rows : forms) {
    const std::string expected = Dump(rows, SlidingBuffer::kPiece, true);
    for (const std::size_t piece :
         {std::size_t{1}, std::size_t{3}, std::size_t{7}, std::size_t{16}, std::size_t{100}, SlidingBuffer::kPiece}) {
      if (rows.size() > 100'000 && piece < 100) continue;
      EXPECT_EQ(Dump(rows, piece, false), expected) << piece << ' ' << rows.substr(0, 300);
    }
  }
}

// What stood in a tag was read after the text behind it, when the next piece lay in its place.
TEST(OdsSheet, ValuesOutliveThePieceTheyStandIn) {
  std::string rows;
  for (int row = 0; row < 3000; ++row) {
    rows += Row(
        R"(<table:table-cell office:value-type="float" office:value="8956"><text:p>8,956</text:p></table:table-cell>)");
  }
  const std::string whole = Dump(rows, SIZE_MAX, true);
  for (const std::size_t piece : {1000U, 4096U, 65'536U}) {
    EXPECT_TRUE(Dump(rows, piece, true) == whole) << piece;
    EXPECT_TRUE(Dump(rows, piece, false) == whole) << piece;
  }
}

TEST(OdsWalker, TakesTheUsualFormsAloneAndLeavesOthers) {
  for (const std::string& rows : kUsual) EXPECT_GT(Walked(rows), 2) << rows;
  for (const std::string& rows : kOdd) EXPECT_EQ(Walked(rows), -1) << rows;
}

std::string Structure(const std::string& text, std::size_t piece, bool strict) {
  MemberStream stream = StreamOf(text, piece);
  XmlReader xml(stream, 64);
  OdsStyles styles;
  const OdsStructure found = ReadOdsStructure(xml, styles, strict);
  std::string shown = found.error;
  for (const auto& table : found.tables) shown += fmt::format("table {} {}\n", table.entry.name, table.offset);
  for (const auto& name : found.names) shown += fmt::format("name {} {} {}\n", name.name, name.refers_to, name.sheet);
  return shown;
}

TEST(OdsStructure, RowsArePassedOverToTheSamePlaces) {
  std::string tables;
  for (std::size_t i = 0; i < kUsual.size() + kOdd.size(); ++i) {
    const std::string& rows = i < kUsual.size() ? kUsual[i] : kOdd[i - kUsual.size()];
    if (rows.find("wrong") != std::string::npos) continue;
    tables += fmt::format("<table:table table:name=\"t{}\">{}</table:table>", i, rows);
  }
  tables += "<table:table table:name=\"e\"/><table:table\ttable:name='q' >" + kUsual[0] +
            "<!-- </table:table> --><![CDATA[<table:table >]]><?pi </table:table>?></table:table >"
            "<t:table table:name=\"other\">" +
            kUsual[1] + "</t:table>";
  const std::string text = "<office:document-content><office:body><office:spreadsheet>" + tables +
                           "</office:spreadsheet></office:body></office:document-content>";
  const std::string expected = Structure(text, SlidingBuffer::kPiece, true);
  EXPECT_THAT(expected, ::testing::HasSubstr("table other"));
  EXPECT_THAT(expected, ::testing::HasSubstr("name n A!$A$1 "));
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{5}, std::size_t{33}, std::size_t{64}, SlidingBuffer::kPiece}) {
    EXPECT_EQ(Structure(text, piece, false), expected) << piece;
  }
}

}  // namespace
}  // namespace tidemill::workbook
