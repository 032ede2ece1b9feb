// SPDX-License-Identifier: Apache-2.0
#include "xlsx_walker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "number_scan.h"
#include "testing/sheet_dump.h"
#include "xlsx_sheet.h"
#include "xlsx_styles.h"

namespace tidemill::workbook {
namespace {

using ::testing::HasSubstr;

MemberStream StreamOf(std::string_view text, std::size_t piece) {
  return MemberStream::Of({.memory = nullptr, .view = text}, {}, piece);
}

const std::string kStrings =
    "<sst><si><t>zero</t></si><si><t xml:space=\"preserve\"> a &amp; b </t></si>\n<si><r><t>rich</t></r></si>"
    "<si><t>\xC3\xA9_x000A_</t></si><si><t/></si><si><t>5</t></si><si><x:t>odd</x:t></si><si><t>last</t></si></sst>";

class Reading {
 public:
  explicit Reading(const ReadOptions& options, std::size_t piece) : options_(options), piece_(piece) {
    book_.SetStyles(std::vector<Style>(5));
    MemberStream stream = StreamOf(kStrings, piece);
    strings_ = std::make_shared<const SharedStrings>(ReadXlsxStrings(stream, options, Limits()).value());
  }
  std::string Dump(const std::string& rows) {
    const std::string text = "<worksheet><sheetData>" + rows + "</sheetData></worksheet>";
    CellSink sink(book_, strings_, {.name = "S"});
    MemberStream stream = StreamOf(text, piece_);
    const auto links = ReadXlsxSheet(stream, options_, {}, sink);
    return links ? testing::SheetDump(std::move(sink).Finish().value()) : links.error().ToText();
  }
  // Where the walker alone leaves off, and why.
  std::string LeftBy(const std::string& rows) {
    const std::string text = "<sheetData>" + rows;
    CellSink sink(book_, strings_, {.name = "S"});
    MemberStream stream = StreamOf(text, piece_);
    XmlReader xml(stream, 64);
    xml.Next();
    XlsxPlace place;
    XlsxWalker walker(xml, sink, place, BestTextScan());
    const XlsxWalker::Stop stop = walker.Rows({});
    return (stop == XlsxWalker::Stop::kInRow ? "in a row: " : "") + std::string(xml.rest());
  }

 private:
  ReadOptions options_;
  std::size_t piece_;
  Book book_;
  std::shared_ptr<const SharedStrings> strings_;
};

// Every form of row and cell that the usual programs write, and many that they do not.
const std::vector<std::string> kRows = {
    R"(<row r="1" spans="1:3" x14ac:dyDescent="0.25"><c r="A1"><v>1</v></c><c r="B1" s="2"><v>-2.5</v></c></row>)",
    R"(<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="1" t="s"><v>2</v></c><c r="C1" t="s"><v>99</v></c></row>)",
    R"(<row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2" t="s"><v>4</v></c><c r="C2" t="s"><v>5</v></c></row>)",
    R"(<row r="2" hidden="1" outlineLevel="3"><c r="A2" t="str"><f>B1&amp;"x"</f><v>a &lt; b_x000D_</v></c></row>)",
    R"(<row r="2"><c r="A2" t="b"><v>1</v></c><c r="B2" t="b"><v>0</v></c><c r="C2" t="e"><f t="shared" ref="C2:C9" si="0">1/0</f><v>#DIV/0!</v></c></row>)",
    R"(<row r="2"><c r="A2" s="4"/><c r="B2"></c><c r="C2"><f>A1</f></c><c r="D2"><f/><v>7</v></c><c r="E2"><v>8</v></c></row>)",
    R"(<row r="9"><c r="A9" t="inlineStr"><is><t>in</t></is></c><c r="B9" t="inlineStr"><is><t xml:space="preserve"> x </t></is></c></row>)",
    R"(<row r="9"><c r="A9" t="inlineStr"><is><r><t>ru</t></r><r><rPr><b/></rPr><t>n</t></r></is></c><c r="B9"><v>1</v></c></row>)",
    R"(<row><c><v>1</v></c><c t="n"><v>2</v></c></row><row><c r="C2"><v>3</v></c><c><v>4</v></c></row>)",
    R"(<row r="3"/><row r="4"></row><row r="5" ht="20" customHeight="1"><c r="XFD5"><v>1</v></c><c r="XFE5"><v>2</v></c></row>)",
    "<row r=\"3\">\n  <c r=\"A3\">\n    <v>1</v>\n  </c>\n  <c r=\"B3\"><v>2</v></c>\n</row>\n",
    R"(<row r='3'><c r='A3'><v>1</v></c></row><row r="4"><c r="A5"><v>other row</v></c><c r="a4"><v>2</v></c></row>)",
    R"(<row r="3"><c r="B3"><v>2</v></c><c r="A3"><v>1</v></c><c r="B3"><v>3</v></c></row><row r="1"><c r="A1"><v>0</v></c></row>)",
    R"(<row r="3"><c r="A3"><v>1e5</v></c><c r="B3"><v>1.7976931348623157E+308</v></c><c r="C3"><v>1e999</v></c><c r="D3"><v> 5 </v></c><c r="E3"><v>+5</v></c><c r="F3"><v>.5</v></c><c r="G3"><v>5.</v></c><c r="H3"><v>NaN</v></c><c r="I3"><v>-0</v></c><c r="J3"><v>007</v></c></row>)",
    R"(<row r="3"><c r="A3"><v>0.1</v></c><c r="B3"><v>12345678901234567890123</v></c><c r="C3"><v>0.30000000000000004</v></c><c r="D3"><v>9007199254740993</v></c><c r="E3"><v>123456789.987654321</v></c></row>)",
    R"(<row r="3"><c r="A3" t="d"><v>2020-01-31</v></c><c r="B3" cm="1"><v>1</v></c><c r="C3" r="D3"><v>2</v></c><c r="E3" t="e"><v>#ODD!</v></c><c r="F3" t="b"><v>true</v></c><c r="G3" t="x"><v>1</v></c></row>)",
    R"(<row r="3"><c r="A3"><v>1</v><extLst><ext/></extLst></c><c r="B3"><!-- no --><v>2</v></c><c r="C3"><v><![CDATA[3]]></v></c><c r="D3"><v>4</v></c></row>)",
    R"(<row r="3"><x:c r="A3"><x:v>1</x:v></x:c><c r="B3"><v>2</v></c></row><x:row r="4"><c r="A4"><v>3</v></c></x:row>)",
    R"(<row r="3"><c r="A3"><f a=">" b='"'>x</f><v>1</v></c><c r="B3"><f x>1</f><v>2</v></c><c r="C3"><v>3</v></c></row>)",
    R"(<row r="3"><c r="A3"><v>1</v></c></row><row r="4"><c r="A4"><v>2</v></x></row>)",
    R"(<row r="3"><c r="A3"><v>1</v></c></row><row r="4"><c r="A4"><v>2)",
    R"(<row r="0"><c r="A0"><v>1</v></c></row><row r="12345678"><c r="A12345678"><v>1</v></c></row><row r="x"><c><v>2</v></c></row>)",
    R"(<row r="1" r="2"><c><v>1</v></c></row><row a:r="7"><c><v>2</v></c></row><row hidden="01"><c><v>3</v></c></row>)",
    R"(<other><row r="1"><c r="A1"><v>1</v></c></row></other><row r="2"><c r="A2"><v>2</v></c><other><c r="B2"><v>3</v></c></other></row>)",
};

TEST(XlsxWalker, GivesWhatTheTokenizerGivesWhereverThePiecesEnd) {
  Reading strict({.strict_only = true}, SlidingBuffer::kPiece);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{5}, std::size_t{8},
                                  std::size_t{13}, std::size_t{64}, std::size_t{200}, SlidingBuffer::kPiece}) {
    Reading walked({}, piece);
    Reading strict_in_pieces({.strict_only = true}, piece);
    for (const std::string& rows : kRows) {
      const std::string expected = strict.Dump(rows);
      EXPECT_EQ(walked.Dump(rows), expected) << piece << ' ' << rows;
      EXPECT_EQ(strict_in_pieces.Dump(rows), expected) << piece << ' ' << rows;
    }
  }
}

TEST(XlsxWalker, TakesTheUsualFormsAlone) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{11}, SlidingBuffer::kPiece}) {
    Reading reading({}, piece);
    for (const std::size_t usual : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 8U, 9U}) {
      EXPECT_THAT(reading.LeftBy(kRows[usual] + "</sheetData>"), ::testing::StartsWith("</sheetData>")) << kRows[usual];
    }
  }
}

TEST(XlsxWalker, LeavesWhatIsUnusualWhereItStands) {
  Reading reading({}, SlidingBuffer::kPiece);
  EXPECT_THAT(reading.LeftBy(kRows[7]), ::testing::StartsWith("in a row: <c r=\"A9\""));
  EXPECT_THAT(reading.LeftBy(kRows[16]), ::testing::StartsWith("in a row: <c r=\"A3\""));
  EXPECT_THAT(reading.LeftBy(kRows[11]), ::testing::StartsWith("<row r='3'>"));
}

TEST(XlsxWalker, CellsLongerThanAPieceAreRead) {
  const std::string text(300'000, 'y');
  const std::string rows = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>" + text + "</v></c><c r=\"B1\"><v>2</v></c></row>";
  Reading walked({}, SlidingBuffer::kPiece);
  Reading strict({.strict_only = true}, SlidingBuffer::kPiece);
  const std::string dump = walked.Dump(rows);
  EXPECT_THAT(dump, HasSubstr("B1"));
  EXPECT_TRUE(dump == strict.Dump(rows));
}

TEST(ScanNumber, IsCorrectlyRoundedOrLeavesIt) {
  for (const std::string text : {"0",
                                 "7",
                                 "-1",
                                 "12345678",
                                 "123456789",
                                 "-100000000",
                                 "999999999999999",
                                 "1234567890123456",
                                 "123456789.5",
                                 "123456789e3",
                                 "123456789012345678",
                                 "1234567890123456789012",
                                 "0.1",
                                 "-0.5",
                                 "3.14159265358979",
                                 "0.30000000000000004",
                                 "9007199254740993",
                                 "123.4567890123456789",
                                 "5e-324",
                                 "1E+20",
                                 "2.2250738585072014e-308",
                                 "99999999.99999999",
                                 "0.0000000000000001",
                                 "1234567.7654321"}) {
    const std::string padded = text + "<" + std::string(64, '\0');
    double value = 0;
    const char* end = ScanNumber(padded.data(), value);
    ASSERT_EQ(end, padded.data() + text.size()) << text;
    EXPECT_EQ(value, ParseXlsxNumber(text).value()) << text;
  }
  for (const std::string text :
       {"", "-", ".5", "5.", "+1", "e5", "1e", "1e+", "1e999", "nan", "1.2.3", "--1", "1.e5"}) {
    const std::string padded = text + std::string(64, '\0');
    double value = 0;
    const char* end = ScanNumber(padded.data(), value);
    EXPECT_TRUE(end == nullptr || end != padded.data() + text.size()) << text;
  }
}

}  // namespace
}  // namespace tidemill::workbook
