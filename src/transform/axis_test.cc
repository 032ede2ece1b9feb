// SPDX-License-Identifier: Apache-2.0
#include "axis.h"

#include <gtest/gtest.h>

namespace tidemill::transform {
namespace {

using recipe::AxisKind;

// "2018-01", or "2018-01|3" where "3" is left over, or "none".
std::string Read(AxisKind kind, std::string_view text, std::vector<std::string> parse = {},
                 std::optional<int> year = {}) {
  const auto value = AxisReader(kind, std::move(parse), year, 2019).Read(text);
  if (!value) return "none";
  return value->rest.empty() ? value->text : value->text + "|" + value->rest;
}

TEST(Axis, ReadsMonthsByTheirDefaultFormats) {
  EXPECT_EQ(Read(AxisKind::kMonth, "Jan-18"), "2018-01");
  EXPECT_EQ(Read(AxisKind::kMonth, " MAR\u201318 "), "2018-03");
  EXPECT_EQ(Read(AxisKind::kMonth, "Sept 2020"), "2020-09");
  EXPECT_EQ(Read(AxisKind::kMonth, "December 2020"), "2020-12");
  EXPECT_EQ(Read(AxisKind::kMonth, "2020-07"), "2020-07");
  EXPECT_EQ(Read(AxisKind::kMonth, "May", {}, 2018), "2018-05");
  EXPECT_EQ(Read(AxisKind::kMonth, "May"), "none") << "a month needs a year";
  EXPECT_EQ(Read(AxisKind::kMonth, "Area of usual residence"), "none");
  EXPECT_EQ(Read(AxisKind::kMonth, "2018"), "none");
}

TEST(Axis, WhatIsNotUsedUpIsARest) {
  const std::vector<std::string> formats = {"%b-%y", "%B %Y", "%B"};
  EXPECT_EQ(Read(AxisKind::kMonth, "Jan-203", formats, 2020), "2020-01|3");
  EXPECT_EQ(Read(AxisKind::kMonth, "January 2020", formats, 2020), "2020-01");
  EXPECT_EQ(Read(AxisKind::kMonth, "January", formats, 2020), "2020-01");
  EXPECT_EQ(Read(AxisKind::kFiscalYear, "2014-151"), "FY2014-15|1");
  EXPECT_EQ(Read(AxisKind::kMonth, "Mayor of London", formats, 2020), "none");
}

TEST(Axis, AParseListReplacesTheDefaults) {
  EXPECT_EQ(Read(AxisKind::kMonth, "Jan-18", {"%B %Y"}), "none");
  EXPECT_EQ(Read(AxisKind::kYear, "year 2018", {"year %Y"}), "2018");
}

TEST(Axis, NumbersAreReadOnlyWhereSomethingCanTakeThem) {
  const auto takes = [](AxisKind kind, const std::vector<std::string>& parse, bool year_elsewhere = false) {
    return AxisReader(kind, parse, {}, 2019, year_elsewhere).TakesNumbers();
  };
  EXPECT_FALSE(takes(AxisKind::kMonth, {}));
  EXPECT_FALSE(takes(AxisKind::kMonth, {"%b-%y", "%B %Y", "%d %h"})) << "a number's text has no month's name";
  EXPECT_TRUE(takes(AxisKind::kMonth, {"%B", "%Y%m"}));
  EXPECT_TRUE(takes(AxisKind::kYear, {}));
  EXPECT_TRUE(takes(AxisKind::kText, {"%B"})) << "a text's formats are not read";
  EXPECT_FALSE(takes(AxisKind::kQuarter, {}));
  EXPECT_TRUE(takes(AxisKind::kQuarter, {}, true));
  EXPECT_FALSE(takes(AxisKind::kFiscalYear, {}));
}

TEST(Axis, TwoDigitYearsLieWithinFiftyOfTheEdition) {
  EXPECT_EQ(Read(AxisKind::kMonth, "Jan-69"), "2069-01");
  EXPECT_EQ(Read(AxisKind::kMonth, "Jan-70"), "1970-01");
}

TEST(Axis, ReadsQuartersInTheirFiveForms) {
  for (const std::string_view text :
       {"Q1 2020", "2020 Q1", "Jan to Mar 2020", "Jan-Mar 2020", "March quarter 2020", "January to March 2020"}) {
    EXPECT_EQ(Read(AxisKind::kQuarter, text), "2020-Q1") << text;
  }
  EXPECT_EQ(Read(AxisKind::kQuarter, "Feb to Apr 2020"), "none") << "no quarter of the calendar";
  EXPECT_EQ(Read(AxisKind::kQuarter, "Q5 2020"), "none");
}

TEST(Axis, ReadsYearsOfBothKinds) {
  EXPECT_EQ(Read(AxisKind::kYear, "2020"), "2020");
  EXPECT_EQ(Read(AxisKind::kYear, "1642"), "none");
  for (const std::string_view text : {"2014-15", "2014/15", "2014 to 2015"}) {
    EXPECT_EQ(Read(AxisKind::kFiscalYear, text), "FY2014-15") << text;
  }
  EXPECT_EQ(Read(AxisKind::kFiscalYear, "2014-16"), "none");
  EXPECT_EQ(Read(AxisKind::kFiscalYear, "1999-00"), "FY1999-00");
}

TEST(Axis, ReadsWeeksAndDates) {
  EXPECT_EQ(Read(AxisKind::kWeek, "Week 1", {}, 2020), "2020-W01");
  EXPECT_EQ(Read(AxisKind::kWeek, "53", {}, 2020), "2020-W53");
  EXPECT_EQ(Read(AxisKind::kWeek, "53", {}, 2019), "none") << "2019 has 52 weeks";
  EXPECT_EQ(Read(AxisKind::kWeek, "1"), "none") << "a week needs a year";
  EXPECT_EQ(Read(AxisKind::kDate, "31 January 2020"), "2020-01-31");
  EXPECT_EQ(Read(AxisKind::kDate, "2020-01-31"), "2020-01-31");
  EXPECT_EQ(Read(AxisKind::kDate, "31 February 2020"), "none");
}

TEST(Axis, ReadsAgeBands) {
  EXPECT_EQ(Read(AxisKind::kAgeBand, "0-4"), "0-4");
  EXPECT_EQ(Read(AxisKind::kAgeBand, "5 to 9"), "5-9");
  EXPECT_EQ(Read(AxisKind::kAgeBand, "Under 1"), "0");
  EXPECT_EQ(Read(AxisKind::kAgeBand, "85 and over"), "85+");
  EXPECT_EQ(Read(AxisKind::kAgeBand, "85+"), "85+");
  EXPECT_EQ(Read(AxisKind::kAgeBand, "All ages"), "all");
  EXPECT_EQ(Read(AxisKind::kAgeBand, "9-5"), "none");
}

}  // namespace
}  // namespace tidemill::transform
