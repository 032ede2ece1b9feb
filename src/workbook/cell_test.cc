// SPDX-License-Identifier: Apache-2.0
#include "tidemill/workbook/cell.h"

#include <gtest/gtest.h>

namespace tidemill::workbook {
namespace {

TEST(Cell, AddressesAreWrittenAsSpreadsheetsWriteThem) {
  EXPECT_EQ(A1(0, 0), "A1");
  EXPECT_EQ(A1(6, 27), "AB7");
  EXPECT_EQ(A1(1'048'575, 16'383), "XFD1048576");
  EXPECT_EQ(ColumnName(25), "Z");
  EXPECT_EQ(ColumnName(26), "AA");
  EXPECT_EQ(ColumnName(701), "ZZ");
  EXPECT_EQ(ColumnName(702), "AAA");
  EXPECT_EQ(A1(Range{.first_row = 6, .first_column = 0, .last_row = 14, .last_column = 11}), "A7:L15");
  EXPECT_EQ(A1(Range{.first_row = 2, .first_column = 1, .last_row = 2, .last_column = 1}), "B3");
}

TEST(Cell, ErrorsHaveOneTextInAllFormats) {
  EXPECT_EQ(ToText(CellError::kNotAvailable), "#N/A");
  EXPECT_EQ(ToText(CellError::kDiv0), "#DIV/0!");
  EXPECT_EQ(ToText(static_cast<CellError>(0x55)), "#UNKNOWN!");
}

std::string Day(double serial, bool date1904 = false) {
  const auto date = ToDate(serial, date1904);
  return date ? base::ToText(*date) : "none";
}

TEST(Cell, SerialsAreDaysOfTheirDateSystem) {
  EXPECT_EQ(Day(1), "1900-01-01");
  EXPECT_EQ(Day(59), "1900-02-28");
  EXPECT_EQ(Day(60), "none");  // the leap day that 1900 did not have
  EXPECT_EQ(Day(61), "1900-03-01");
  EXPECT_EQ(Day(43'831.75), "2020-01-01");
  EXPECT_EQ(Day(2'958'465), "9999-12-31");
  EXPECT_EQ(Day(2'958'466), "none");
  EXPECT_EQ(Day(0), "none");
  EXPECT_EQ(Day(-1), "none");
  EXPECT_EQ(Day(0, true), "1904-01-01");
  EXPECT_EQ(Day(42'369, true), "2020-01-01");
}

std::string IsoDay(double serial, std::uint8_t flags = 0) {
  const auto date = ToDate(Cell{.kind = CellKind::kDate,
                                .flags = static_cast<std::uint8_t>(kIsoDate | flags),
                                .payload = std::bit_cast<std::uint64_t>(serial)});
  return date ? base::ToText(*date) : "none";
}

TEST(Cell, DatesOfIsoTextKnowYearsBefore1900) {
  EXPECT_EQ(IsoDay(59), "1900-02-27");
  EXPECT_EQ(IsoDay(60), "1900-02-28");
  EXPECT_EQ(IsoDay(0), "1899-12-30");
  EXPECT_EQ(IsoDay(-29'949.75), "1817-12-30");
  EXPECT_EQ(IsoDay(0, kEpoch1904), "1904-01-01");
  EXPECT_EQ(IsoDay(-1e9), "none");
  EXPECT_EQ(IsoDay(3e6), "none");
}

TEST(Cell, ErrorsOfLibreOfficeKeepTheirNumber) {
  EXPECT_EQ(ToText(static_cast<CellError>(502)), "Err:502");
  EXPECT_EQ(ToText(CellError::kLastOfLibreOffice), "Err:599");
  EXPECT_EQ(ToText(static_cast<CellError>(600)), "#UNKNOWN!");
}

}  // namespace
}  // namespace tidemill::workbook
