// SPDX-License-Identifier: Apache-2.0
#include "number_format.h"

#include <gtest/gtest.h>

namespace tidemill::workbook {
namespace {

TEST(NumberFormat, OfAPublisherIsOneOfTenClasses) {
  const std::vector<std::pair<std::string_view, NumberClass>> cases = {
      {"", NumberClass::kGeneral},
      {"General", NumberClass::kGeneral},
      {"GENERAL;-General", NumberClass::kGeneral},
      {"0", NumberClass::kNumber},
      {"#,##0.00_);[Red](#,##0.00)", NumberClass::kNumber},
      {"0.00E+00", NumberClass::kNumber},
      {"# ?/?", NumberClass::kNumber},
      {"0%", NumberClass::kPercent},
      {"@", NumberClass::kText},
      {"_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", NumberClass::kNumber},
      {"mmm-yy", NumberClass::kMonthYear},
      {"[$-809]mmmm\\ yyyy;@", NumberClass::kMonthYear},
      {"yyyy", NumberClass::kYear},
      {"dd/mm/yyyy", NumberClass::kDate},
      {"d-mmm", NumberClass::kDate},
      {"[$-411]ge.m.d", NumberClass::kDate},
      {"h:mm AM/PM", NumberClass::kTime},
      {"mm:ss.0", NumberClass::kTime},
      {"yyyy-mm-dd h:mm", NumberClass::kDateTime},
      {"[h]:mm:ss", NumberClass::kElapsed},
      {"[mm]:ss", NumberClass::kElapsed},
      {"\"days\" 0", NumberClass::kNumber},
      {"0\" years\"", NumberClass::kNumber},
      {"\\d0", NumberClass::kNumber},
      {"_d0*y", NumberClass::kNumber},
      {"[Red]0", NumberClass::kNumber},
      {"[Yellow][<=100]0", NumberClass::kNumber},
      {"[$£-809]#,##0", NumberClass::kNumber},
      {"#,##0;dd/mm", NumberClass::kNumber},
      {";;;", NumberClass::kNumber},
      {"\"unclosed", NumberClass::kNumber},
      {"[unclosed", NumberClass::kNumber},
      {"\\", NumberClass::kNumber},
  };
  for (const auto& [format, expected] : cases) EXPECT_EQ(ClassifyNumberFormat(format), expected) << format;
}

TEST(NumberFormat, BuiltInOnesAreKnownByNumber) {
  for (const std::uint32_t id : {14U, 15U, 16U, 27U, 36U, 50U, 58U}) {
    EXPECT_EQ(ClassifyNumberFormat(BuiltinNumberFormat(id)), NumberClass::kDate) << id;
  }
  EXPECT_EQ(ClassifyNumberFormat(BuiltinNumberFormat(17)), NumberClass::kMonthYear);
  EXPECT_EQ(ClassifyNumberFormat(BuiltinNumberFormat(20)), NumberClass::kTime);
  EXPECT_EQ(ClassifyNumberFormat(BuiltinNumberFormat(22)), NumberClass::kDateTime);
  EXPECT_EQ(ClassifyNumberFormat(BuiltinNumberFormat(46)), NumberClass::kElapsed);
  EXPECT_EQ(ClassifyNumberFormat(BuiltinNumberFormat(44)), NumberClass::kNumber);
  EXPECT_EQ(BuiltinNumberFormat(49), "@");
  EXPECT_EQ(BuiltinNumberFormat(163), "General");
}

TEST(NumberFormat, ShowsSerialsAsDates) {
  EXPECT_EQ(FormatSerial(43'831, "mmm-yy", DateSystem::k1900), "Jan-20");
  EXPECT_EQ(FormatSerial(42'369, "mmm-yy", DateSystem::k1904), "Jan-20");
  EXPECT_EQ(FormatSerial(43'831, "[$-809]dddd d mmmm yyyy;@", DateSystem::k1900), "Wednesday 1 January 2020");
  EXPECT_EQ(FormatSerial(43'831.5, "dd/mm/yyyy h:mm AM/PM", DateSystem::k1900), "01/01/2020 12:00 PM");
  EXPECT_EQ(FormatSerial(43'831.25, "h:mm", DateSystem::k1900), "6:00");
  EXPECT_EQ(FormatSerial(60, "d mmm yyyy", DateSystem::k1900), "29 Feb 1900");
  EXPECT_EQ(FormatSerial(1.5, "[h]:mm:ss", DateSystem::k1900), "36:00:00");
  EXPECT_EQ(FormatSerial(-0.5, "[h]:mm", DateSystem::k1900), "-12:00");
  EXPECT_EQ(FormatSerial(60, "d mmm yyyy", DateSystem::kIso), "28 Feb 1900");
  EXPECT_EQ(FormatSerial(-29'949.75, "d mmm yyyy h:mm", DateSystem::kIso), "30 Dec 1817 6:00");
  EXPECT_EQ(FormatSerial(12.3456 / 86'400, "mm:ss.00", DateSystem::k1900), "00:12.35");
  EXPECT_EQ(FormatSerial(43'831, "\"Q\"yyyy", DateSystem::k1900), "Q2020");
  EXPECT_EQ(FormatSerial(1e300, "yyyy", DateSystem::k1900), "1e+300");
}

}  // namespace
}  // namespace tidemill::workbook
