// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/make_files.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {
namespace {

using ::testing::HasSubstr;
using testing::MakeOle2;
using testing::MakeXlsStream;
using testing::MakeXlsx;
using testing::MakeZip;

std::string Refusal(std::string_view bytes) {
  const auto workbook = OpenWorkbook(bytes);
  return workbook ? "opened" : workbook.error().message;
}

TEST(Sniff, TellsFormatsByContent) {
  EXPECT_EQ(Sniff(MakeXlsx({.sheets = {""}})).what, "xlsx");
  EXPECT_EQ(Sniff(MakeOle2({{"Workbook", MakeXlsStream("", {{"S", ""}})}})).what, "xls (BIFF8)");
  EXPECT_EQ(Sniff(MakeXlsStream("", {{"S", ""}})).what, "xls (BIFF8), bare");
  EXPECT_EQ(Sniff(MakeZip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet", false}})).format,
            Format::kOds);
  EXPECT_EQ(Sniff(MakeZip({{"xl/workbook.bin", "x"}})).format, Format::kXlsb);
  EXPECT_EQ(Sniff("<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>").format,
            Format::kSpreadsheetMl2003);
  EXPECT_EQ(Sniff("Area,Jan-20\nE92000001,45000\n").format, Format::kCsv);
}

TEST(Sniff, TellsMarkupByItsFirstElement) {
  EXPECT_EQ(Sniff("\t<!-- x --><ss:Workbook xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">").format,
            Format::kSpreadsheetMl2003);
  EXPECT_EQ(Sniff("<office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\">").format,
            Format::kFods);
  EXPECT_EQ(Sniff("<html><table><tr><td>a<td>b<tr><td>c<td>d").what, "html table");
  EXPECT_EQ(Sniff(std::string("\xFF\xFE<\0h\0t\0m\0l\0>\0", 14)).what, "html page");
}

TEST(Sniff, APageThatPlacesItsPartsByATableIsNoWorkbook) {
  EXPECT_EQ(Sniff("<html><title>404</title><table><tr><td>logo<td>Not found</table>").what, "html page");
  EXPECT_EQ(Sniff("<html><table><tr><td><h1>Error</h1><tr><td>The file is gone</table>").what, "html page");
  // Excel marks what it writes.
  EXPECT_EQ(Sniff("<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table><tr><td>a</table>").what,
            "html table");
}

TEST(Sniff, NamesSpreadsheetsThatAreNotRead) {
  for (const std::string_view bytes :
       {std::string_view("ID;PWXL;N;E\rP;PGeneral\r"), std::string_view("TABLE\r\n0,1\r\n\"EXCEL\""),
        std::string_view("\0\0\x02\0\x06\x04\x06\0", 8), std::string_view("\0\0\x1A\0\x05\x10\x04\0", 8),
        std::string_view("CHARSET=\"ANSI\";\nAXIS-VERSION=\"2000\";")}) {
    EXPECT_TRUE(Sniff(bytes).is_other_spreadsheet) << bytes;
    EXPECT_THAT(Refusal(bytes), HasSubstr("unsupported-format: "));
  }
  // A csv may begin like a symbolic link.
  EXPECT_EQ(Sniff("ID;Place\r\n1;London\r\n").format, Format::kCsv);
}

TEST(Sniff, NamesWhatIsNoWorkbook) {
  EXPECT_EQ(Sniff("").what, "empty file");
  EXPECT_EQ(Sniff("  \r\n<!DOCTYPE html><html>").what, "html page");
  EXPECT_EQ(Sniff("\xEF\xBB\xBF<HTML>").what, "html page");
  EXPECT_EQ(Sniff("%PDF-1.7").what, "pdf document");
  EXPECT_EQ(Sniff("{\"error\": 404}").what, "json text");
  EXPECT_EQ(Sniff("<?xml version='1.0'?><rss/>").what, "xml document");
  EXPECT_EQ(Sniff("Not found").what, "plain text");
  EXPECT_EQ(Sniff(std::string("\x01\x02\x03\x00\x05", 5)).what, "binary file of an unknown kind");
  EXPECT_EQ(Sniff(MakeZip({{"readme.txt", "x"}})).what, "zip archive without a workbook");
  EXPECT_EQ(Sniff(MakeZip({{"word/document.xml", "x"}})).what, "Word document");
  EXPECT_EQ(Sniff(MakeOle2({{"WordDocument", "x"}})).what, "Word document");
  EXPECT_EQ(Sniff(std::string("\x06Mizuki") + std::string(158, ' ')).what, "lock file");
  for (const std::string_view bytes : {"", "%PDF-1.7", "Not found"}) EXPECT_FALSE(Sniff(bytes).is_workbook);
}

TEST(OpenWorkbook, SaysWhatWasFoundAndWhatWasExpected) {
  EXPECT_EQ(Refusal("<html><body>Page not found"),
            "html-error-page: html page without a table of figures, expected a workbook (xls, xlsx, xlsb, ods, "
            "SpreadsheetML, html or csv)");
  EXPECT_EQ(
      Refusal(""),
      "not-a-workbook: empty file of 0 bytes, expected a workbook (xls, xlsx, xlsb, ods, SpreadsheetML, html or csv)");
  EXPECT_THAT(Refusal(MakeZip({{"xl/workbook.bin", "x"}})), HasSubstr("corrupt-container: no sheets"));
  EXPECT_THAT(Refusal(std::string("\x06Mizuki") + std::string(158, ' ')), HasSubstr("lock-file"));
  EXPECT_THAT(Refusal(MakeOle2({{"EncryptionInfo", "x"}, {"EncryptedPackage", "y"}})), HasSubstr("encrypted: "));
  const std::string xlsx = MakeXlsx({.sheets = {""}});
  EXPECT_THAT(Refusal(xlsx.substr(0, xlsx.size() / 2)), HasSubstr("corrupt-container: zip archive"));
  EXPECT_EQ(Refusal(std::string("\x09\x00\x04\x00\x02\x00\x10\x00\x00", 9)), "opened");  // BIFF2, bare
}

TEST(OpenWorkbook, ABareStreamIsAWorkbookToo) {
  const std::string bytes = MakeXlsStream("", {{"S", testing::Record(0x0203, std::string(6, '\0') + testing::F64(2))}});
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  EXPECT_EQ((*workbook)->sheets().at(0).name, "S");
  EXPECT_EQ((*workbook)->ReadSheet(0)->Find(0, 0)->number(), 2);
}

TEST(OpenWorkbook, BytesInFrontOfAnArchiveDoNoHarm) {
  const std::string bytes =
      MakeZip(testing::XlsxMembers({.sheets = {"<sheetData><row><c><v>3</v></c></row></sheetData>"}}),
              {.prefix = std::string("\x01\x02", 2)});
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  EXPECT_EQ((*workbook)->ReadSheet(0)->cell_count(), 1U);
}

}  // namespace
}  // namespace tidemill::workbook
