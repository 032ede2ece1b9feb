// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/show.h"
#include "tidemill/workbook/workbook.h"

#include "csv_masks.h"
#include "csv_scan.h"

namespace tidemill::workbook {
namespace {

using ::testing::HasSubstr;
using testing::ReadSheetOf;
using testing::Shown;
using testing::ShownIssues;

Sheet ReadCsv(const std::string& bytes, const CsvOptions& csv = {}) {
  return ReadSheetOf(bytes, 0, {.limits = {}, .csv = csv});
}
std::string IssuesOfBook(const std::string& bytes) {
  const auto workbook = OpenWorkbook(bytes);
  std::string codes;
  for (const Issue& issue : (*workbook)->issues()) codes += issue.code + " ";
  return codes;
}

TEST(CsvReader, KeepsEveryFieldAsItIsWritten) {
  const Sheet sheet = ReadCsv("Area,Deaths,Note\r\n007,\"1,234\", x \n\n\"two\nlines\",\"say \"\"hi\"\"\",,last,\n");
  EXPECT_EQ(Shown(sheet), "A1=Area B1=Deaths C1=Note A2=007 B2=1,234 C2= x  A4=two\nlines B4=say \"hi\" D4=last");
  EXPECT_EQ(sheet.name, "Sheet1");
  EXPECT_NE(sheet.Find(1, 0)->flags & kNumberAsText, 0);
  EXPECT_EQ(sheet.Find(1, 1)->flags & kNumberAsText, 0);
}

TEST(CsvReader, FindsTheDelimiterByHowEvenlyItCuts) {
  EXPECT_EQ(Shown(ReadCsv("a;b\n1,5;2,5\n3,5;4,5\n")), "A1=a B1=b A2=1,5 B2=2,5 A3=3,5 B3=4,5");
  EXPECT_EQ(Shown(ReadCsv("a\tb, c\n1\t2\n")), "A1=a B1=b, c A2=1 B2=2");
  EXPECT_EQ(Shown(ReadCsv("a|b|c\n1|2, and 3|4\n")), "A1=a B1=b C1=c A2=1 B2=2, and 3 C2=4");
  // A title and a note with commas, and fewer rows with semicolons than the title has commas.
  EXPECT_EQ(Shown(ReadCsv("Deaths, by area, sex, and age\n\nArea;Deaths\nYork;5\nLeeds;6\nSource: ONS, 2019\n")),
            "A1=Deaths, by area, sex, and age A3=Area B3=Deaths A4=York B4=5 A5=Leeds B5=6 A6=Source: ONS, 2019");
  EXPECT_EQ(Shown(ReadCsv("sep=;\r\na,b;c\r\n")), "A1=a,b B1=c");
  EXPECT_EQ(IssuesOfBook("a;b\n1;2\n"), "csv-delimiter ");
  EXPECT_EQ(IssuesOfBook("a,b\n1,2\n"), "");
}

TEST(CsvReader, ReadsTheEncodingsOfTheWild) {
  EXPECT_EQ(Shown(ReadCsv("\xEF\xBB\xBF\"caf\xC3\xA9\",b\n")), "A1=caf\xC3\xA9 B1=b");
  EXPECT_EQ(Shown(ReadCsv("caf\xE9,b\n")), "A1=caf\xC3\xA9 B1=b");
  EXPECT_EQ(IssuesOfBook("caf\xE9,b\n"), "encoding ");
  EXPECT_EQ(Shown(ReadCsv(std::string("\xFF\xFE"
                                      "a\0,\0\xE9\0\n\0",
                                      10))),
            "A1=a B1=\xC3\xA9");
  EXPECT_EQ(Shown(ReadCsv(std::string("\xFE\xFF\0a\0,\0\xE9\0\n", 10))), "A1=a B1=\xC3\xA9");
  EXPECT_EQ(Shown(ReadCsv("\x83\x65,b\n", {.encoding = "Shift_JIS"})), "A1=\xE3\x83\x86 B1=b");
  EXPECT_EQ(Shown(ReadCsv("caf\xE9,b\n", {.encoding = "utf-8"})), "A1=caf\xEF\xBF\xBD B1=b");
}

TEST(CsvReader, TakesWhatTheCallerSays) {
  EXPECT_EQ(Shown(ReadCsv("a,b;c\n", {.delimiter = ";"})), "A1=a,b B1=c");
  EXPECT_EQ(Shown(ReadCsv("'a,b',c\n", {.quote = "'"})), "A1=a,b B1=c");
  EXPECT_EQ(Shown(ReadCsv("# a, b\n1,2\n", {.comment = "#"})), "A2=1 B2=2");
  EXPECT_EQ(Shown(ReadCsv("one\ntwo\n", {.delimiter = ","})), "A1=one A2=two");
  EXPECT_THAT(ReadCsv("a,b\n", {.delimiter = "::"}).name, HasSubstr("csv delimiter '::', expected one character"));
  EXPECT_THAT(ReadCsv("a,b\n", {.encoding = "klingon"}).name, HasSubstr("csv encoding 'klingon' is not known"));
  EXPECT_THAT(ReadCsv("a,b\n", {.delimiter = "\""}).name, HasSubstr("expected two characters"));
}

TEST(CsvReader, ForgivesQuotesThatNobodyDoubled) {
  const Sheet sheet = ReadCsv("\"say \"hi\" now\",b\n5\" pipe,\"c\" ,\"\"\n \"spaced, out\" ,d\n");
  EXPECT_EQ(Shown(sheet), "A1=say \"hi\" now B1=b A2=5\" pipe B2=c A3=spaced, out B3=d");
  EXPECT_EQ(ShownIssues(sheet), "csv-quote");
  const Sheet open = ReadCsv("a,\"b\nc,d\n");
  EXPECT_EQ(Shown(open), "A1=a B1=\"b A2=c B2=d");
  EXPECT_EQ(ShownIssues(open), "csv-quote");
}

std::vector<std::vector<std::string>> Scan(std::string_view text, const CsvDialect& dialect, bool strict_only) {
  std::vector<std::vector<std::string>> rows;
  for (CsvScanner scanner(text, dialect, strict_only); scanner.Next();) {
    std::vector<std::string> row;
    for (std::size_t i = 0; i < scanner.field_count(); ++i) row.emplace_back(scanner.Field(i));
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST(CsvScanner, TheFastPathAndTheSlowOneAgree) {
  std::uint32_t state = 2'026;  // a fixed sequence (xorshift)
  const auto next = [&](std::uint32_t below) {
    state ^= state << 13U;
    state ^= state >> 17U;
    state ^= state << 5U;
    return state % below;
  };
  constexpr std::string_view kPieces[] = {"a",  "bc",   ",",  ",", "\"",    "\"\"", "\",\"",
                                          "\n", "\r\n", "\r", " ", "\"x\"", ";"};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::uint32_t n = next(60); n > 0; --n) text += kPieces[next(std::size(kPieces))];
    if (next(3) == 0) text += std::string(next(150), 'z') + ",";
    EXPECT_EQ(Scan(text, {}, false), Scan(text, {}, true)) << text;
  }
}

TEST(CsvScanner, KernelsAgree) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(static_cast<unsigned char>(i * 37)));
  bytes += ",\"\n\r" + bytes + std::string(64, ',');
  for (std::size_t at = 0; at + 64 <= bytes.size(); ++at) {
    const CsvMasks a = PortableCsvMasks(bytes.data() + at, ',', '"');
    const CsvMasks b = BestCsvMasks()(bytes.data() + at, ',', '"');
    EXPECT_EQ(a.quotes, b.quotes);
    EXPECT_EQ(a.delimiters, b.delimiters);
    EXPECT_EQ(a.line_ends, b.line_ends);
  }
}

TEST(CsvScanner, ManyQuotesWithoutEndCostNoMoreThanALook) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "\"a\n";
  const auto rows = Scan(text, {}, false);
  EXPECT_EQ(rows.size(), 300'000U);
  EXPECT_EQ(rows.front().at(0), "\"a");
}

}  // namespace
}  // namespace tidemill::workbook
