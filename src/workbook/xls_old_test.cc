// SPDX-License-Identifier: Apache-2.0
// BIFF2 to BIFF5, and streams without a container.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/make_files.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {
namespace {

using testing::F64;
using testing::Record;
using testing::U16;
using testing::U32;

std::string Byte(int value) {
  return std::string(1, static_cast<char>(value));
}
// A text with its length in a byte, and in two.
std::string Short(std::string_view text) {
  return Byte(static_cast<int>(text.size())) + std::string(text);
}
std::string Long(std::string_view text) {
  return U16(static_cast<std::uint32_t>(text.size())) + std::string(text);
}
std::string At(std::uint32_t row, std::uint32_t column, std::uint32_t style = 0) {
  return U16(row) + U16(column) + U16(style);
}
std::string At2(std::uint32_t row, std::uint32_t column, int style = 0, int attributes = 0) {
  return U16(row) + U16(column) + Byte(style) + Byte(attributes) + Byte(0);
}
const std::string kEof = Record(0x000A, "");
std::string Bof2() {
  return Record(0x0009, U16(2) + U16(0x10));
}
std::string Bof3() {
  return Record(0x0209, U16(3) + U16(0x10) + U16(0));
}
std::string Bof4(std::uint32_t type = 0x10) {
  return Record(0x0409, U16(4) + U16(type) + U16(0));
}
const std::string kStringResult = Byte(0) + std::string(5, '\0') + U16(0xFFFF);

Sheet ReadNumber(const std::string& bytes, std::size_t number) {
  const auto workbook = OpenWorkbook(bytes);
  EXPECT_TRUE(workbook.has_value()) << (workbook ? "" : workbook.error().ToText());
  if (!workbook) return {};
  auto sheet = (*workbook)->ReadSheet(number);
  EXPECT_TRUE(sheet.has_value()) << (sheet ? "" : sheet.error().ToText());
  return sheet ? *std::move(sheet) : Sheet();
}

std::string Shown(const Sheet& sheet, std::uint32_t row, std::uint32_t column) {
  const Cell* cell = sheet.Find(row, column);
  return cell == nullptr ? "nothing" : sheet.DisplayText(*cell);
}

TEST(OldXls, ReadsCellsOfBiff2) {
  const Sheet sheet = ReadNumber(
      Bof2() + Record(0x0042, U16(0x8001)) + Record(0x0001, At2(0, 9)) + Record(0x0002, At2(0, 0) + U16(65'535)) +
          Record(0x0003, At2(0, 1) + F64(2.5)) + Record(0x0004, At2(0, 2) + Short("caf\xE9")) +
          Record(0x0005, At2(0, 3) + Byte(1) + Byte(0)) + Record(0x0005, At2(0, 4) + Byte(0x2A) + Byte(1)) +
          Record(0x0006, At2(0, 5) + F64(7) + Byte(0)) + Record(0x0006, At2(0, 6) + kStringResult + Byte(0)) +
          Record(0x0007, Short("text")) + Record(0x0008, U16(1) + U16(0) + U16(9) + U16(0)) +
          Record(0x0002, At2(1, 0) + U16(1)) + Record(0x0024, Byte(2) + Byte(3) + U16(0)) + kEof,
      0);
  EXPECT_EQ(Shown(sheet, 0, 0), "65535");
  EXPECT_EQ(Shown(sheet, 0, 1), "2.5");
  EXPECT_EQ(Shown(sheet, 0, 2), "caf\xC3\xA9");
  EXPECT_EQ(Shown(sheet, 0, 3), "TRUE");
  EXPECT_EQ(Shown(sheet, 0, 4), "#N/A");
  EXPECT_EQ(Shown(sheet, 0, 5), "7");
  EXPECT_EQ(Shown(sheet, 0, 6), "text");
  EXPECT_EQ(Shown(sheet, 0, 9), "nothing");
  EXPECT_TRUE(sheet.rows()[1].hidden);
  EXPECT_EQ(sheet.hidden_columns, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_TRUE(sheet.issues.empty());
}

TEST(OldXls, FindsStylesOfBiff2InThreePlaces) {
  const std::string fonts =
      Record(0x0031, U16(200) + U16(0) + Short("A")) + Record(0x0031, U16(200) + U16(1) + Short("A"));
  const std::string formats = Record(0x001E, Short("General")) + Record(0x001E, Short("mmm-yy"));
  const auto xf = [](int font, int format) { return Record(0x0043, Byte(font) + Byte(0) + Byte(format) + Byte(3)); };
  const std::string cells =
      Record(0x0002, At2(0, 0, 1) + U16(43'831)) + Record(0x0044, U16(2)) + Record(0x0002, At2(0, 1, 63) + U16(43'831));
  const Sheet sheet = ReadNumber(Bof2() + fonts + formats + xf(0, 0) + xf(0, 1) + xf(1, 1) + cells + kEof, 0);
  EXPECT_EQ(Shown(sheet, 0, 0), "Jan-20");
  EXPECT_FALSE(sheet.StyleOf(*sheet.Find(0, 0)).bold);
  EXPECT_TRUE(sheet.StyleOf(*sheet.Find(0, 1)).bold);
  EXPECT_EQ(sheet.StyleOf(*sheet.Find(0, 1)).alignment, HorizontalAlignment::kRight);
  // Without cell formats the attributes themselves name the font and the number format.
  const Sheet bare = ReadNumber(Bof2() + fonts + formats + Record(0x0002, At2(0, 0, 0, 0x41) + U16(43'831)) + kEof, 0);
  EXPECT_EQ(Shown(bare, 0, 0), "Jan-20");
  EXPECT_TRUE(bare.StyleOf(*bare.Find(0, 0)).bold);
}

TEST(OldXls, ReadsCellsOfBiff3And4) {
  const std::string font = Record(0x0231, U16(200) + U16(1) + U16(0) + Short("A"));
  const std::string cells = Record(0x0203, At(0, 0) + F64(1.5)) + Record(0x0204, At(0, 1) + Long("label")) +
                            Record(0x027E, At(0, 2) + U32(9U << 2U | 2U)) +
                            Record(0x0205, At(0, 3) + Byte(7) + Byte(1));
  const std::string three = Bof3() + font + Record(0x001E, Short("0")) +
                            Record(0x0243, Byte(0) + Byte(0) + std::string(10, '\0')) + cells +
                            Record(0x0206, At(0, 4) + kStringResult + U16(0)) + Record(0x0207, Long("text")) + kEof;
  const std::string four = Bof4() + font + Record(0x041E, U16(0) + Short("0")) +
                           Record(0x0443, Byte(0) + Byte(0) + std::string(10, '\0')) + cells +
                           Record(0x0406, At(0, 4) + kStringResult + U16(0)) + Record(0x0207, Long("text")) + kEof;
  for (const std::string& bytes : {three, four}) {
    const Sheet sheet = ReadNumber(bytes, 0);
    EXPECT_EQ(Shown(sheet, 0, 0), "1.5");
    EXPECT_EQ(Shown(sheet, 0, 1), "label");
    EXPECT_EQ(Shown(sheet, 0, 2), "9");
    EXPECT_EQ(Shown(sheet, 0, 3), "#DIV/0!");
    EXPECT_EQ(Shown(sheet, 0, 4), "text");
    EXPECT_TRUE(sheet.StyleOf(*sheet.Find(0, 0)).bold);
    EXPECT_EQ(sheet.StyleOf(*sheet.Find(0, 0)).number_format, "0");
  }
}

TEST(OldXls, SheetsOfABiff4WorkbookHaveStylesOfTheirOwn) {
  const auto sheet = [](std::string_view name, std::string_view format, int bold, double value) {
    const std::string records =
        Bof4() + Record(0x0231, U16(200) + U16(static_cast<std::uint32_t>(bold)) + U16(0) + Short("A")) +
        Record(0x041E, U16(0) + Short(format)) + Record(0x0443, Byte(0) + Byte(0) + std::string(10, '\0')) +
        Record(0x0203, At(0, 0) + F64(value)) + kEof;
    return Record(0x008F, U32(static_cast<std::uint32_t>(records.size())) + Short(name)) + records;
  };
  const std::string bytes =
      Bof4(0x100) + Record(0x0042, U16(1252)) + sheet("One", "0", 0, 1) + sheet("Two", "mmm-yy", 1, 43'831) + kEof;
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  ASSERT_EQ((*workbook)->sheets().size(), 2U);
  EXPECT_EQ((*workbook)->sheets()[1].name, "Two");
  const Sheet first = ReadNumber(bytes, 0);
  EXPECT_EQ(Shown(first, 0, 0), "1");
  EXPECT_FALSE(first.StyleOf(*first.Find(0, 0)).bold);
  const Sheet second = ReadNumber(bytes, 1);
  EXPECT_EQ(Shown(second, 0, 0), "Jan-20");
  EXPECT_TRUE(second.StyleOf(*second.Find(0, 0)).bold);
}

TEST(OldXls, ReadsABareSheetOfBiff8) {
  const Sheet sheet = ReadNumber(Record(0x0809, U16(0x0600) + U16(0x0010) + std::string(12, '\0')) +
                                     Record(0x0204, At(0, 0) + testing::BiffText("bare")) + kEof,
                                 0);
  EXPECT_EQ(Shown(sheet, 0, 0), "bare");
}

TEST(OldXls, CommentsMayGoOnInFurtherRecords) {
  const std::string bytes = Bof3() + Record(0x001C, U16(4) + U16(1) + U16(9) + "estima") +
                            Record(0x001C, U16(0xFFFF) + U16(0) + U16(3) + "ted") + kEof;
  const auto sheet = (*OpenWorkbook(bytes))->ReadSheet(0, {}, {.comments = true});
  ASSERT_TRUE(sheet.has_value());
  ASSERT_EQ(sheet->comments.size(), 1U);
  EXPECT_EQ(sheet->comments[0].row, 4U);
  EXPECT_EQ(sheet->comments[0].text, "estimated");
}

TEST(OldXls, TellsMacroSheetsFromWorksheets) {
  const auto workbook = OpenWorkbook(Record(0x0209, U16(3) + U16(0x40) + U16(0)) + kEof);
  ASSERT_TRUE(workbook.has_value());
  EXPECT_EQ((*workbook)->sheets()[0].type, SheetType::kMacro);
}

TEST(OldXls, ReadsDefinedNames) {
  const std::string area = Byte(0x25) + U16(0) + U16(9) + Byte(0) + Byte(2);
  const std::string biff2 = Record(0x0018, Byte(0) + Byte(0) + Byte(0) + Byte(4) + Byte(7) + "Area" + area + Byte(7));
  const auto old = OpenWorkbook(Bof2() + biff2 + kEof);
  ASSERT_TRUE(old.has_value());
  ASSERT_EQ((*old)->names().size(), 1U);
  EXPECT_EQ((*old)->names()[0].name, "Area");
  EXPECT_EQ((*old)->names()[0].refers_to, "$A$1:$C$10");
  const std::string area3d =
      Byte(0x3B) + U16(0xFFFF) + std::string(8, '\0') + U16(0) + U16(0) + U16(0) + U16(9) + Byte(0) + Byte(2);
  const auto name = [&](std::uint32_t options, std::uint32_t sheet, std::string_view text) {
    return Record(0x0018, U16(options) + Byte(0) + Byte(static_cast<int>(text.size())) +
                              U16(static_cast<std::uint32_t>(area3d.size())) + U16(0) + U16(sheet) + U32(0) +
                              std::string(text) + area3d);
  };
  std::string stream = Record(0x0809, U16(0x0500) + U16(0x0005) + U32(0)) +
                       Record(0x0085, U32(0) + U16(0) + Short("My sheet")) + name(0x20, 1, "\x06") +
                       name(0, 0, "Area") + kEof;
  const auto five = OpenWorkbook(stream);
  ASSERT_TRUE(five.has_value());
  ASSERT_EQ((*five)->names().size(), 2U);
  EXPECT_EQ((*five)->names()[0].name, "_xlnm.Print_Area");
  EXPECT_EQ((*five)->names()[0].sheet, 0);
  EXPECT_EQ((*five)->names()[0].refers_to, "'My sheet'!$A$1:$C$10");
  EXPECT_EQ((*five)->names()[1].sheet, -1);
}

}  // namespace
}  // namespace tidemill::workbook
