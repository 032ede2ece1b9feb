// SPDX-License-Identifier: Apache-2.0
// Files made to take time and memory: each ends soon, with what can be read or a reason.
#include <ctime>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/make_files.h"
#include "tidemill/workbook/testing/make_xlsb.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {
namespace {

using testing::At12;
using testing::F64;
using testing::MakeOle2;
using testing::MakeXlsb;
using testing::MakeXlsStream;
using testing::Record;
using testing::Record12;
using testing::Row12;
using testing::U16;
using testing::U32;
using testing::Wide12;

std::string Repeated(const std::string& record, std::size_t times) {
  std::string records;
  records.reserve(record.size() * times);
  for (std::size_t i = 0; i < times; ++i) records += record;
  return records;
}

// Of this process: a second's worth, made ten for a slow build under sanitizers.
constexpr std::clock_t kMostSeconds = 10;

// Reads every sheet.
class Hostile : public ::testing::Test {
 protected:
  struct Found {
    std::size_t sheets = 0;
    std::size_t refused = 0;
    std::size_t cells = 0;
    std::size_t merges = 0;
    std::vector<std::string> codes;
  };

  static Found ReadAll(const std::string& bytes) {
    const std::clock_t start = std::clock();
    Found found;
    const auto workbook = OpenWorkbook(bytes);
    if (workbook) {
      for (const Issue& issue : (*workbook)->issues()) found.codes.push_back(issue.code);
      for (std::size_t i = 0; i < (*workbook)->sheets().size(); ++i) {
        const auto sheet = (*workbook)->ReadSheet(i);
        ++(sheet ? found.sheets : found.refused);
        if (!sheet) continue;
        found.cells += sheet->cell_count();
        found.merges += sheet->merges.size();
        for (const Issue& issue : sheet->issues) found.codes.push_back(issue.code);
      }
    } else {
      found.codes.push_back(workbook.error().message);
    }
    EXPECT_LT(std::clock() - start, kMostSeconds * CLOCKS_PER_SEC);
    return found;
  }
};

const std::string kCell = Record(0x0203, U16(0) + U16(0) + U16(0) + F64(1));

TEST_F(Hostile, CountsOfTheSharedStringsAreAdviceOnly) {
  const std::string sst = Record(0x00FC, U32(0xFFFFFFFF) + U32(0xFFFFFFFF) + testing::BiffText("a") + U16(0xFFFF) +
                                             std::string(1, '\x0D') + U16(0xFFFF) + U32(0xFFFFFFFF));
  const Found found = ReadAll(MakeOle2({{"Workbook", MakeXlsStream(sst, {{"S", kCell}})}}));
  EXPECT_EQ(found.cells, 1U);
  EXPECT_THAT(found.codes, ::testing::ElementsAre("string-table"));
}

TEST_F(Hostile, DimensionsAreNotBelieved) {
  const std::string huge = Record(0x0200, U32(0) + U32(0xFFFFFFFF) + U16(0) + U16(0xFFFF) + U16(0)) +
                           Record(0x0200, "") + Record(0x0200, std::string(3, '\xFF'));
  EXPECT_EQ(ReadAll(MakeOle2({{"Workbook", MakeXlsStream("", {{"S", huge + kCell}})}})).cells, 1U);
}

TEST_F(Hostile, MergedRangesByTheMillionStayRanges) {
  const std::string merges = Record(0x00E5, U16(1'027) + Repeated(U16(0) + U16(0xFFFF) + U16(0) + U16(0xFF), 1'027));
  const Found found = ReadAll(MakeOle2({{"Workbook", MakeXlsStream("", {{"S", Repeated(merges, 500) + kCell}})}}));
  EXPECT_EQ(found.merges, 513'500U);
  EXPECT_EQ(found.cells, 1U);
  const std::string merge = Record12(176, U32(0) + U32(1'048'575) + U32(0) + U32(16'383));
  EXPECT_EQ(ReadAll(MakeXlsb({.sheets = {Repeated(merge, 400'000)}})).merges, 400'000U);
}

TEST_F(Hostile, HiddenColumnsOverAndOverCostLittle) {
  const std::string columns = Record12(60, U32(0) + U32(16'383) + U32(0) + U32(0) + U16(1));
  EXPECT_EQ(ReadAll(MakeXlsb({.sheets = {Repeated(columns, 300'000)}})).sheets, 1U);
  const std::string old = Record(0x007D, U16(0) + U16(0xFFFF) + U16(0) + U16(0) + U16(1) + U16(0));
  EXPECT_EQ(ReadAll(MakeOle2({{"Workbook", MakeXlsStream("", {{"S", Repeated(old, 200'000)}})}})).sheets, 1U);
}

TEST_F(Hostile, RecordsEndWhereTheStreamDoes) {
  for (const std::string& last :
       {std::string("\x03\x02\xFF\xFF", 4), std::string("\xFC\x00\xFF\xFF\x00\x00\x00\x00", 8),
        std::string("\x03\x02", 2), std::string("\xE5\x00\x04\x00\xFF\xFF\xFF\xFF", 8)}) {
    std::string stream = MakeXlsStream("", {{"S", kCell}});
    stream.resize(stream.size() - 4);
    const Found found = ReadAll(MakeOle2({{"Workbook", stream + last}}));
    EXPECT_EQ(found.cells, 1U);
    EXPECT_THAT(found.codes, ::testing::ElementsAre("cut-off"));
  }
}

TEST_F(Hostile, SheetsThatShareTheirRecordsAreReadOnce) {
  // 2,000 sheets at the place of the first, whose records take long to read.
  std::string stream = MakeXlsStream(Repeated(Record(0x0085, U32(0) + U16(0) + std::string("\x01\0s", 3)), 2'000),
                                     {{"S", Repeated(kCell, 20'000)}});
  const std::size_t place = stream.find(Record(0x0809, U16(0x0600) + U16(0x0010)).substr(4, 4)) - 4;
  for (std::size_t at = 0; (at = stream.find(std::string("\x85\x00\x09\x00", 4), at)) != std::string::npos; at += 13) {
    stream.replace(at + 4, 4, U32(static_cast<std::uint32_t>(place)));
  }
  const Found found = ReadAll(MakeOle2({{"Workbook", stream}}));
  EXPECT_EQ(found.sheets, 1U);
  EXPECT_EQ(found.refused, 2'000U);
  const std::string sheet = Record12(156, U32(0) + U32(1) + Wide12("rId1") + Wide12("s"));
  const Found other = ReadAll(MakeXlsb(
      {.sheets = {Repeated(Row12(0) + Record12(2, At12(0) + U32(2)), 20'000)}, .workbook = Repeated(sheet, 2'000)}));
  EXPECT_EQ(other.sheets, 1U);
  EXPECT_EQ(other.refused, 2'000U);
}

TEST_F(Hostile, SheetsInsideOfSheetsAreNotReadAgainAndAgain) {
  const std::string bof = Record(0x0809, U16(0x0600) + U16(0x0010) + std::string(12, '\0'));
  std::string nested;
  for (int i = 0; i < 2'000; ++i) nested += bof + Repeated(kCell, 20);
  std::string entries;
  for (std::uint32_t i = 0; i < 2'000; ++i) entries += Record(0x0085, U32(i) + U16(0) + std::string("\x01\0s", 3));
  std::string stream = MakeXlsStream(entries, {{"S", nested}});
  const std::size_t first = stream.find(nested);
  std::uint32_t number = 0;
  for (std::size_t at = 0; (at = stream.find(std::string("\x85\x00\x09\x00", 4), at)) != std::string::npos; at += 13) {
    if (number == 2'000) break;
    stream.replace(at + 4, 4, U32(static_cast<std::uint32_t>(first + number * (nested.size() / 2'000))));
    ++number;
  }
  const Found found = ReadAll(MakeOle2({{"Workbook", stream}}));
  EXPECT_EQ(found.sheets, 2'001U);
}

TEST_F(Hostile, NamesAndStylesBeyondAnyNeedAreLeftOutAndSaid) {
  const std::string name =
      Record(0x0018, std::string(3, '\0') + "\x01" + std::string(10, '\0') + std::string("\0n", 2));
  const Found found = ReadAll(MakeOle2({{"Workbook", MakeXlsStream(Repeated(name, 120'000), {{"S", kCell}})}}));
  EXPECT_THAT(found.codes, ::testing::ElementsAre("limit"));
  const std::string xf = Record(0x00E0, std::string(20, '\0'));
  EXPECT_EQ(ReadAll(MakeOle2({{"Workbook", MakeXlsStream(Repeated(xf, 250'000), {{"S", kCell}})}})).cells, 1U);
  const std::string format = Record12(44, U16(0) + Wide12(std::string(30'000, 'y')));
  const std::string styles = Record12(615, U32(1)) + format + Record12(616, "") + Record12(617, U32(1)) +
                             Repeated(Record12(47, std::string(16, '\0')), 400'000) + Record12(618, "");
  EXPECT_EQ(ReadAll(MakeXlsb({.sheets = {Row12(0) + Record12(2, At12(0) + U32(2))}, .styles = styles})).cells, 1U);
}

TEST_F(Hostile, MergesOfAnXlsbAreCounted) {
  std::string merges;
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    const std::uint32_t row = i * 7'919 % 1'048'576;
    merges += Record12(176, U32(row) + U32(row) + U32(i % 97) + U32(i % 89 + 100));
  }
  const Found found = ReadAll(MakeXlsb({.sheets = {Row12(0) + Record12(2, At12(0) + U32(2)) + merges}}));
  EXPECT_EQ(found.cells, 1U);
  EXPECT_LT(found.merges, 800'000U);
  EXPECT_THAT(found.codes, ::testing::Contains("limit"));
}

TEST_F(Hostile, AFormulaThatGrowsWithEveryTokenEnds) {
  std::string formula = std::string("\x17\x01\0\0", 1) + std::string("\x01\0a", 3);
  for (int i = 0; i < 3'000; ++i) formula += std::string("\x1E\x01\x00\x08", 4);
  const std::string name =
      Record(0x0018, std::string(3, '\0') + "\x01" + U16(static_cast<std::uint32_t>(formula.size())) +
                         std::string(8, '\0') + std::string("\0n", 2) + formula);
  EXPECT_EQ(ReadAll(MakeOle2({{"Workbook", MakeXlsStream(Repeated(name, 500), {{"S", kCell}})}})).cells, 1U);
}

TEST_F(Hostile, OffsetsIntoNowhereAreLookedForOnce) {
  const std::string entries = Repeated(Record(0x0085, U32(0x7FFFFFFF) + U16(0) + std::string("\x01\0s", 3)), 3'000);
  const Found found = ReadAll(MakeOle2({{"Workbook", MakeXlsStream(entries, {{"S", Repeated(kCell, 30'000)}})}}));
  EXPECT_EQ(found.sheets, 2U);  // the first by its order, the last by its own offset
  EXPECT_EQ(found.refused, 2'999U);
}

TEST_F(Hostile, SectorsInCirclesEnd) {
  std::string bytes = MakeOle2({{"Workbook", MakeXlsStream("", {{"S", Repeated(kCell, 2'000)}})}});
  const std::size_t fat = bytes.size() - 512;
  for (std::size_t entry = 0; entry < 128; ++entry) {
    std::string looped = bytes;
    looped.replace(fat + 4 * entry, 4, U32(static_cast<std::uint32_t>(entry / 2)));
    ReadAll(looped);
    looped.replace(68, 8, U32(static_cast<std::uint32_t>(entry)) + U32(0xFFFFFFFF));  // the chain of DIFAT sectors
    ReadAll(looped);
    looped.replace(48, 4, U32(static_cast<std::uint32_t>(entry)));  // the directory
    ReadAll(looped);
  }
}

}  // namespace
}  // namespace tidemill::workbook
