// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/make_files.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {
namespace {

using testing::BiffText;
using testing::F64;
using ::testing::HasSubstr;
using testing::MakeOle2;
using testing::MakeXlsStream;
using testing::Record;
using testing::U16;
using testing::U32;

std::string At(std::uint32_t row, std::uint32_t column, std::uint32_t style = 0) {
  return U16(row) + U16(column) + U16(style);
}
std::string Byte(int value) {
  return std::string(1, static_cast<char>(value));
}
std::string Font(std::uint32_t options, std::uint32_t weight, std::uint32_t escapement) {
  return Record(0x0031, U16(200) + U16(options) + U16(0) + U16(weight) + U16(escapement) + std::string(6, '\0'));
}
std::string Xf(std::uint32_t font, std::uint32_t format) {
  return Record(0x00E0, U16(font) + U16(format) + U16(0) + Byte(3) + Byte(0) + Byte(2) + std::string(5, '\0') +
                            U32(1U << 26U) + U16(0));
}
// Five plain fonts but for number 1 (bold) and 5 (the fifth in the file; superscript), and three cell formats.
std::string Formats() {
  return Font(0, 400, 0) + Font(0, 700, 0) + Font(2, 400, 0) + Font(8, 400, 0) + Font(0, 400, 1) +
         Record(0x041E, U16(164) + BiffText("mmm\\-yy")) + Xf(0, 0) + Xf(1, 164) + Xf(5, 46);
}
std::string Xls(const std::string& globals, const std::string& sheet) {
  return MakeOle2({{"Workbook", MakeXlsStream(globals, {{"Figures", sheet}})}});
}
std::string SharedString(std::uint32_t row, std::uint32_t column, std::uint32_t index, std::uint32_t style = 0) {
  return Record(0x00FD, At(row, column, style) + U32(index));
}

Sheet ReadFirst(const std::string& bytes) {
  const auto workbook = OpenWorkbook(bytes);
  EXPECT_TRUE(workbook.has_value()) << (workbook ? "" : workbook.error().ToText());
  if (!workbook) return {};
  auto sheet = (*workbook)->ReadSheet(0);
  EXPECT_TRUE(sheet.has_value()) << (sheet ? "" : sheet.error().ToText());
  return sheet ? *std::move(sheet) : Sheet();
}

std::string Shown(const Sheet& sheet, std::uint32_t row, std::uint32_t column) {
  const Cell* cell = sheet.Find(row, column);
  return cell == nullptr ? "nothing" : sheet.DisplayText(*cell);
}

TEST(XlsReader, ReadsEveryKindOfNumber) {
  const Sheet sheet =
      ReadFirst(Xls(Formats(), Record(0x0203, At(0, 0) + F64(1.5)) + Record(0x027E, At(0, 1) + U32(100U << 2U | 2U)) +
                                   Record(0x027E, At(0, 2) + U32(123U << 2U | 3U)) +
                                   Record(0x027E, At(0, 3) + U32(static_cast<std::uint32_t>(-7) << 2U | 2U)) +
                                   Record(0x027E, At(0, 4) + U32(0x40040000)) +
                                   Record(0x00BD, U16(1) + U16(2) + U16(0) + U32(8U << 2U | 2U) + U16(1) +
                                                      U32(43'831U << 2U | 2U) + U16(3)) +
                                   Record(0x0203, At(2, 0, 2) + F64(1.25)) + Record(0x0201, At(3, 0))));
  EXPECT_EQ(Shown(sheet, 0, 0), "1.5");
  EXPECT_EQ(Shown(sheet, 0, 1), "100");
  EXPECT_EQ(sheet.Find(0, 2)->number(), 1.23);  // divided by 100, not multiplied by 0.01
  EXPECT_EQ(Shown(sheet, 0, 3), "-7");
  EXPECT_EQ(Shown(sheet, 0, 4), "2.5");
  EXPECT_EQ(Shown(sheet, 1, 2), "8");
  EXPECT_EQ(Shown(sheet, 1, 3), "Jan-20");
  EXPECT_EQ(sheet.Find(1, 3)->kind, CellKind::kDate);
  EXPECT_EQ(sheet.Find(2, 0)->kind, CellKind::kDuration);
  EXPECT_EQ(Shown(sheet, 3, 0), "nothing");  // a style alone is no cell
}

TEST(XlsReader, AFileWithoutItsDirectoryIsReadAsFarAsItGoes) {
  std::string numbers;
  for (std::uint32_t row = 0; row < 500; ++row) numbers += Record(0x0203, At(row, 0) + F64(row));
  const std::string whole = Xls(Formats(), numbers);
  const std::string cut = whole.substr(0, 5'000);
  const auto workbook = OpenWorkbook(cut);
  ASSERT_TRUE(workbook.has_value()) << workbook.error().ToText();
  EXPECT_EQ((*workbook)->issues().at(0).code, "cut-off");
  const auto sheet = (*workbook)->ReadSheet(0);
  ASSERT_TRUE(sheet.has_value());
  EXPECT_GT(sheet->cell_count(), 100U);
  EXPECT_EQ(Shown(*sheet, 100, 0), "100");
  const auto nothing = OpenWorkbook(whole.substr(0, 600).replace(512, 2, "xx"));
  ASSERT_FALSE(nothing.has_value());
  EXPECT_THAT(nothing.error().message, ::testing::HasSubstr("without a directory"));
}

TEST(XlsReader, KeepsStylesOfCells) {
  const Sheet sheet =
      ReadFirst(Xls(Formats(), Record(0x0203, At(0, 0, 1) + F64(1)) + Record(0x0203, At(0, 1, 2) + F64(1))));
  const Style& bold = sheet.StyleOf(*sheet.Find(0, 0));
  EXPECT_TRUE(bold.bold);
  EXPECT_EQ(bold.number_format, "mmm\\-yy");
  EXPECT_EQ(bold.number_class, NumberClass::kMonthYear);
  EXPECT_EQ(bold.alignment, HorizontalAlignment::kRight);
  EXPECT_EQ(bold.indent, 2);
  EXPECT_TRUE(bold.fill);
  // There is no font 4: 5 is the fifth in the file.
  EXPECT_EQ(sheet.StyleOf(*sheet.Find(0, 1)).script, Script::kSuperscript);
}

TEST(XlsReader, SharedStringsBreakAnywhereAndTurnFromEightToSixteenBits) {
  const std::string sst = Record(0x00FC, U32(3) + U32(3) + BiffText("plain") + U16(6) + Byte(0) + "abc") +
                          Record(0x003C, Byte(1) + U16('d') + U16(0x20AC)) +
                          Record(0x003C, Byte(0) + "f" + BiffText("last"));
  const Sheet sheet =
      ReadFirst(Xls(Formats() + sst, SharedString(0, 0, 0) + SharedString(0, 1, 1) + SharedString(0, 2, 2)));
  EXPECT_EQ(Shown(sheet, 0, 0), "plain");
  EXPECT_EQ(Shown(sheet, 0, 1),
            "abcd\xE2\x82\xAC"
            "f");
  EXPECT_EQ(Shown(sheet, 0, 2), "last");
  EXPECT_TRUE(sheet.issues.empty());
}

TEST(XlsReader, KeepsRunsApartAndFillsTheFirstFromTheCellsFont) {
  // "Jan-203": 3 is superscript; the font of what stands before is the cell's. A phonetic block follows the runs.
  const std::string rich = U16(7) + Byte(8 | 4) + U16(1) + U32(3) + "Jan-203" + U16(6) + U16(5) + "pho";
  const std::string sst = Record(0x00FC, U32(2) + U32(2) + rich + BiffText("next"));
  const Sheet sheet = ReadFirst(Xls(Formats() + sst, SharedString(0, 0, 0) + SharedString(0, 1, 0, 1) +
                                                         SharedString(0, 2, 0, 2) + SharedString(0, 3, 1)));
  const TextRun plain{};
  const TextRun three{.start = 6, .script = Script::kSuperscript};
  EXPECT_THAT(sheet.Runs(*sheet.Find(0, 0)), ::testing::ElementsAre(plain, three));
  EXPECT_THAT(sheet.Runs(*sheet.Find(0, 1)), ::testing::ElementsAre(TextRun{.bold = true}, three));
  // In a cell whose font is superscript altogether the runs are all alike.
  EXPECT_TRUE(sheet.Runs(*sheet.Find(0, 2)).empty());
  EXPECT_EQ(sheet.StyleOf(*sheet.Find(0, 2)).script, Script::kSuperscript);
  EXPECT_NE(sheet.Find(0, 0)->flags & kHasRuns, 0);
  EXPECT_EQ(sheet.Find(0, 2)->flags & kHasRuns, 0);
  EXPECT_EQ(Shown(sheet, 0, 3), "next");
}

TEST(XlsReader, RunsCountSixteenBitUnits) {
  const std::string sst = Record(0x00FC, U32(1) + U32(1) + U16(4) + Byte(8 | 1) + U16(1) + U16(0xD83D) + U16(0xDE00) +
                                             U16(0xE9) + U16('1') + U16(3) + U16(5));
  const Sheet sheet = ReadFirst(Xls(Formats() + sst, SharedString(0, 0, 0)));
  EXPECT_EQ(Shown(sheet, 0, 0),
            "\xF0\x9F\x98\x80\xC3\xA9"
            "1");
  ASSERT_EQ(sheet.Runs(*sheet.Find(0, 0)).size(), 2U);
  EXPECT_EQ(sheet.Runs(*sheet.Find(0, 0))[1].start, 6U);
}

TEST(XlsReader, FormulasCountByTheirCachedResult) {
  const auto formula = [](std::uint32_t column, const std::string& result) {
    return Record(0x0006, At(0, column) + result + std::string(8, '\xEE'));
  };
  const std::string text = Byte(0) + std::string(5, '\0') + U16(0xFFFF);
  const Sheet sheet = ReadFirst(Xls(
      Formats(), formula(0, F64(2.5)) + formula(1, Byte(1) + Byte(0) + Byte(1) + std::string(3, '\0') + U16(0xFFFF)) +
                     formula(2, Byte(2) + Byte(0) + Byte(0x07) + std::string(3, '\0') + U16(0xFFFF)) +
                     formula(3, text) + Record(0x04BC, std::string(10, '\0')) + Record(0x0207, BiffText("text")) +
                     formula(4, Byte(3) + std::string(5, '\0') + U16(0xFFFF)) + formula(5, text) + formula(6, F64(1)) +
                     Record(0x0207, BiffText("late"))));
  EXPECT_EQ(Shown(sheet, 0, 0), "2.5");
  EXPECT_EQ(sheet.Find(0, 0)->flags, kFromFormula);
  EXPECT_EQ(Shown(sheet, 0, 1), "TRUE");
  EXPECT_EQ(Shown(sheet, 0, 2), "#DIV/0!");
  EXPECT_EQ(Shown(sheet, 0, 3), "text");
  EXPECT_EQ(Shown(sheet, 0, 4), "nothing");
  EXPECT_EQ(Shown(sheet, 0, 5), "nothing");
  EXPECT_EQ(Shown(sheet, 0, 6), "1");
}

TEST(XlsReader, ReadsLabelsBooleansAndErrors) {
  const Sheet sheet = ReadFirst(Xls(
      Formats(), Record(0x0204, At(0, 0) + BiffText("label")) +
                     Record(0x00D6, At(0, 1) + BiffText("run1") + U16(1) + U16(3) + U16(5)) +
                     Record(0x0205, At(0, 2) + Byte(1) + Byte(0)) + Record(0x0205, At(0, 3) + Byte(0x2A) + Byte(1)) +
                     Record(0x0204, At(0, 4) + BiffText("")) + Record(0x0204, At(0, 5) + BiffText(" 921 "))));
  EXPECT_EQ(Shown(sheet, 0, 0), "label");
  EXPECT_EQ(sheet.Runs(*sheet.Find(0, 1)).size(), 2U);
  EXPECT_EQ(Shown(sheet, 0, 2), "TRUE");
  EXPECT_EQ(Shown(sheet, 0, 3), "#N/A");
  EXPECT_EQ(Shown(sheet, 0, 4), "nothing");
  EXPECT_EQ(sheet.Find(0, 5)->flags, kNumberAsText);
}

TEST(XlsReader, ReadsMergesHiddenPartsAndLinks) {
  const std::string link = U16(0) + U16(0) + U16(0) + U16(0) + std::string(16, '\0') + U32(2) + U32(8) + U32(12) + [] {
    std::string wide;
    for (const char c : std::string("Contents!A1")) wide += {c, '\0'};
    return wide + U16(0);
  }();
  const Sheet sheet = ReadFirst(Xls(
      Formats(), Record(0x007D, U16(2) + U16(3) + U16(0) + U16(0) + U16(1) + U16(0)) +
                     Record(0x0208, U16(1) + std::string(10, '\0') + U32(0x20)) + Record(0x0203, At(0, 2) + F64(1)) +
                     Record(0x0203, At(1, 0) + F64(1)) +
                     Record(0x00E5, U16(2) + U16(0) + U16(0) + U16(0) + U16(1) + U16(4) + U16(5) + U16(0) + U16(9)) +
                     Record(0x01B8, link)));
  EXPECT_EQ(sheet.hidden_columns, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_NE(sheet.Find(0, 2)->flags & kHiddenCell, 0);
  EXPECT_TRUE(sheet.rows()[1].hidden);
  ASSERT_EQ(sheet.merges.size(), 2U);
  EXPECT_EQ(A1(sheet.merges[0]), "A1:B1");
  EXPECT_EQ(A1(sheet.merges[1]), "A5:J6");
  ASSERT_EQ(sheet.hyperlinks.size(), 1U);
  EXPECT_EQ(sheet.hyperlinks[0].target, "#Contents!A1");
}

TEST(XlsReader, ReadsCommentsWhereTheyAreAskedFor) {
  const auto object = [](std::uint32_t number) {
    return Record(0x005D, U16(0x15) + U16(0x12) + U16(0x19) + U16(number) + std::string(14, '\0'));
  };
  const auto text = [](std::string_view part, std::string_view rest) {
    const auto size = static_cast<std::uint32_t>(part.size() + rest.size());
    return Record(0x01B6, std::string(10, '\0') + U16(size) + U16(16) + U32(0)) +
           Record(0x003C, Byte(0) + std::string(part)) +
           (rest.empty() ? "" : Record(0x003C, Byte(0) + std::string(rest))) + Record(0x003C, std::string(16, '\0'));
  };
  const auto note = [](std::uint32_t row, std::uint32_t number) {
    return Record(0x001C, U16(row) + U16(2) + U16(0) + U16(number) + BiffText("Kim") + Byte(0));
  };
  const std::string bytes = Xls(Formats(), object(1) + text("first ", "part") + object(2) + text("second", "") +
                                               note(7, 2) + note(9, 1) + note(11, 5));
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value());
  EXPECT_TRUE((*workbook)->ReadSheet(0)->comments.empty());
  const auto sheet = (*workbook)->ReadSheet(0, {}, {.comments = true});
  ASSERT_TRUE(sheet.has_value());
  ASSERT_EQ(sheet->comments.size(), 3U);
  EXPECT_EQ(sheet->comments[0].row, 7U);
  EXPECT_EQ(sheet->comments[0].column, 2U);
  EXPECT_EQ(sheet->comments[0].author, "Kim");
  EXPECT_EQ(sheet->comments[0].text, "second");
  EXPECT_EQ(sheet->comments[1].text, "first part");
  EXPECT_EQ(sheet->comments[2].text, "");
}

TEST(XlsReader, ChartsInsideASheetAreNoCells) {
  const std::string chart = Record(0x0809, U16(0x0600) + U16(0x0020) + std::string(12, '\0')) +
                            Record(0x0203, At(0, 0) + F64(666)) + Record(0x000A, "");
  const Sheet sheet =
      ReadFirst(Xls(Formats(), Record(0x0203, At(0, 0) + F64(1)) + chart + Record(0x0203, At(1, 0) + F64(2))));
  EXPECT_EQ(Shown(sheet, 0, 0), "1");
  EXPECT_EQ(Shown(sheet, 1, 0), "2");
}

TEST(XlsReader, KnowsThe1904System) {
  const std::string bytes = Xls(Formats() + Record(0x0022, U16(1)), Record(0x0203, At(0, 0, 1) + F64(42'369)));
  EXPECT_TRUE((*OpenWorkbook(bytes))->date1904());
  const Sheet sheet = ReadFirst(bytes);
  EXPECT_EQ(Shown(sheet, 0, 0), "Jan-20");
  EXPECT_EQ(sheet.Find(0, 0)->flags, kEpoch1904);
}

TEST(XlsReader, RefusesEncryptedBooks) {
  const auto workbook = OpenWorkbook(Xls(Record(0x002F, std::string(54, '\1')) + Formats(), ""));
  ASSERT_FALSE(workbook.has_value());
  EXPECT_EQ(workbook.error().code, base::ErrorCode::kUnsupported);
  EXPECT_THAT(workbook.error().message, HasSubstr("encrypted"));
}

TEST(XlsReader, AWrongIndexOrAMissingEndIsAnIssue) {
  std::string stream = MakeXlsStream(Formats(), {{"S", SharedString(0, 0, 7) + Record(0x0203, At(1, 0) + F64(1))}});
  stream.resize(stream.size() - 4);  // its EOF
  const Sheet sheet = ReadFirst(MakeOle2({{"Workbook", stream}}));
  EXPECT_EQ(Shown(sheet, 1, 0), "1");
  ASSERT_EQ(sheet.issues.size(), 2U);
  EXPECT_EQ(sheet.issues[0].code, "string-index");
  EXPECT_EQ(sheet.issues[0].cell, "A1");
  EXPECT_EQ(sheet.issues[1].code, "cut-off");
}

TEST(XlsReader, AnOffsetIntoNowhereIsAnErrorOfOneSheet) {
  std::string stream = MakeXlsStream(Formats(), {{"A", Record(0x0203, At(0, 0) + F64(1))}, {"B", ""}});
  const std::size_t entry = stream.find(Record(0x0085, "").substr(0, 2) + U16(9));
  stream.replace(entry + 4, 4, U32(0x7FFFFFFF));
  const std::string shifted = MakeOle2({{"Workbook", stream}});
  const auto found = (*OpenWorkbook(shifted))->ReadSheet(0);
  ASSERT_TRUE(found.has_value());  // by its order, since all sheets are there
  EXPECT_EQ(found->issues.at(0).code, "sheet-offset");
  EXPECT_EQ(Shown(*found, 0, 0), "1");
  const std::string cut = MakeOle2({{"Workbook", stream.substr(0, stream.size() - 30)}});
  const auto workbook = OpenWorkbook(cut);
  ASSERT_TRUE(workbook.has_value());
  const auto sheet = (*workbook)->ReadSheet(1);
  ASSERT_FALSE(sheet.has_value());
  EXPECT_EQ(sheet.error().code, base::ErrorCode::kMalformed);
  EXPECT_THAT(sheet.error().ToText(), HasSubstr("sheet 'B'"));
}

// Swaps sectors that are not neighbours, so that the stream lies in pieces of one to three sectors.
std::string Scattered(std::string bytes, std::size_t sectors) {
  constexpr std::size_t kSector = 512;
  const std::size_t fat = bytes.size() - kSector;
  std::vector<std::size_t> place(sectors);  // of the stream's sectors
  for (std::size_t i = 0; i < sectors; ++i) place[i] = i;
  for (std::size_t i = 1; i + 6 < sectors; i += 4) std::swap(place[i], place[i + 3]);
  const std::string content = bytes.substr(kSector, sectors * kSector);
  for (std::size_t i = 0; i < sectors; ++i) {
    bytes.replace(kSector + place[i] * kSector, kSector, content, i * kSector, kSector);
    bytes.replace(fat + 4 * place[i], 4, U32(i + 1 < sectors ? static_cast<std::uint32_t>(place[i + 1]) : 0xFFFFFFFE));
  }
  return bytes;
}

TEST(XlsReader, AStreamInPiecesReadsAsOneThatLiesTogether) {
  std::string records;
  for (std::uint32_t row = 0; row < 700; ++row) {
    records += Record(0x0203, At(row, 0) + F64(row)) + SharedString(row, 1, row % 2);
    if (row % 50 == 0) records += Record(0x0204, At(row, 2) + BiffText(std::string(300 + row, 'a')));
    if (row % 70 != 0) continue;
    // A text in two parts, each longer than a sector.
    records += Record(0x0204, At(row, 3) + U16(1'400) + Byte(0) + std::string(700, 'b')) +
               Record(0x003C, Byte(0) + std::string(700, 'c'));
  }
  const std::string sst = Record(0x00FC, U32(2) + U32(2) + BiffText("x") + BiffText("y"));
  const std::string stream = MakeXlsStream(Formats() + sst, {{"Figures", records}, {"Last", SharedString(0, 0, 1)}});
  const std::size_t sectors = (stream.size() + 511) / 512;
  const std::string together = MakeOle2({{"Workbook", stream}});
  ASSERT_LT(sectors, 120U);  // one sector of the allocation table
  const std::string scattered = Scattered(together, sectors);
  ASSERT_NE(together, scattered);
  for (std::size_t number = 0; number < 2; ++number) {
    const auto expected = (*OpenWorkbook(together))->ReadSheet(number);
    const auto found = (*OpenWorkbook(scattered))->ReadSheet(number);
    ASSERT_TRUE(expected.has_value() && found.has_value());
    EXPECT_EQ(found->issues.size(), 0U);
    ASSERT_EQ(found->cell_count(), expected->cell_count());
    for (std::size_t row = 0; row < expected->rows().size(); ++row) {
      for (const Cell& cell : expected->CellsOf(row)) {
        EXPECT_EQ(Shown(*found, expected->rows()[row].number, cell.column), expected->DisplayText(cell));
      }
    }
  }
}

TEST(XlsReader, LimitsHold) {
  const std::string bytes = Xls(Formats(), Record(0x0203, At(0, 0) + F64(1)) + Record(0x0203, At(0, 1) + F64(1)) +
                                               Record(0x0204, At(0, 2) + BiffText("abcdef")));
  EXPECT_EQ((*OpenWorkbook(bytes, {.cells = 2}))->ReadSheet(0).error().code, base::ErrorCode::kTooLarge);
  const auto sheet = (*OpenWorkbook(bytes, {.string_characters = 3}))->ReadSheet(0);
  ASSERT_TRUE(sheet.has_value());
  EXPECT_EQ(Shown(*sheet, 0, 2), "abc");
  EXPECT_NE(sheet->Find(0, 2)->flags & kTruncated, 0);
}

TEST(XlsReader, StopsWhenAsked) {
  std::string records;
  for (std::uint32_t row = 0; row < 9'000; ++row) records += Record(0x0203, At(row, 0) + F64(1));
  std::stop_source stop;
  stop.request_stop();
  const std::string bytes = Xls(Formats(), records);
  EXPECT_EQ((*OpenWorkbook(bytes))->ReadSheet(0, stop.get_token()).error().code, base::ErrorCode::kCancelled);
}

TEST(XlsReader, ReadsBytesOfBiff5InTheirCodePage) {
  std::string stream = Record(0x0809, U16(0x0500) + U16(0x0005) + U32(0)) + Record(0x0042, U16(1251)) +
                       Record(0x0085, U32(0) + U16(0) + Byte(1) + "S") + Record(0x000A, "");
  const std::size_t entry = stream.find(Record(0x0085, "").substr(0, 2) + U16(8));
  stream.replace(entry + 4, 4, U32(static_cast<std::uint32_t>(stream.size())));
  stream += Record(0x0809, U16(0x0500) + U16(0x0010) + U32(0)) + Record(0x0204, At(0, 0) + U16(2) + "\xC4\xE0") +
            Record(0x000A, "");
  const Sheet sheet = ReadFirst(MakeOle2({{"Book", stream}}));
  EXPECT_EQ(Shown(sheet, 0, 0), "\xD0\x94\xD0\xB0");
}

}  // namespace
}  // namespace tidemill::workbook
