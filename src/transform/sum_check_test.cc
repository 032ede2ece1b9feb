// SPDX-License-Identifier: Apache-2.0
#include "sum_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemill::transform {
namespace {

using ::testing::ElementsAre;

// Rows by code, parents by index, one column a month of 2018.
struct Small {
  std::vector<BodyRow> rows;
  Measure measure;
  std::size_t columns = 1;
  std::vector<std::string> statuses = {"z", "x"};
  recipe::ColumnSpec spec;

  explicit Small(bool whole) : measure{.spec = &spec, .whole = whole} {}

  void Add(std::string code, std::string label, int parent, const std::vector<double>& values) {
    BodyRow row;
    row.code = std::move(code);
    row.label = std::move(label);
    row.parent = parent;
    rows.push_back(std::move(row));
    columns = values.size();
    for (const double value : values) {
      measure.ints.push_back(static_cast<std::int64_t>(value));
      measure.doubles.push_back(value);
      measure.states.push_back(ValueState::kValue);
      measure.status.push_back(-1);
    }
  }

  SumReport Check(std::string_view text, std::vector<Finding>* found = nullptr) {
    const auto check = recipe::ParseSumCheck(text);
    EXPECT_TRUE(check.has_value()) << text;
    std::vector<std::size_t> members(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) members[i] = i;
    const RowIndex index(rows, members);
    Findings findings("2018", "");
    const SumField field{
        .index = index,
        .measure = measure,
        .columns = columns,
        .statuses = statuses,
        .period =
            [](std::size_t, std::size_t column) {
              return std::optional(base::Period{base::Frequency::kMonth, 2018, static_cast<int>(column) + 1, 1});
            },
        .published = [](std::size_t) { return true; },
        .cell =
            [](std::size_t row, std::size_t column) {
              return workbook::A1(static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column));
            }};
    SumReport report = EvaluateSum(*check, field, findings);
    auto all = std::move(findings).Finish();
    if (found != nullptr) *found = std::move(all);
    return report;
  }

  // The slugs of what a check finds.
  std::vector<std::string> Slugs(std::string_view text) {
    std::vector<Finding> found;
    Check(text, &found);
    std::vector<std::string> slugs;
    for (const Finding& finding : found) slugs.push_back(finding.slug);
    return slugs;
  }
};

Small Regions() {
  Small small(true);
  small.Add("E92", "ENGLAND", -1, {30, 33});
  small.Add("E12000001", "NORTH EAST", -1, {10, 11});
  small.Add("E12000002", "NORTH WEST", -1, {20, 22});
  small.Add("E06000001", "Hartlepool", 1, {4, 5});
  small.Add("E06000002", "Middlesbrough", 1, {6, 6});
  return small;
}

TEST(SumCheck, HoldsExactly) {
  Small small = Regions();
  EXPECT_EQ(small.Check("E92 = sum(E12*)").evaluated, 2);
  EXPECT_THAT(small.Slugs("E92 = sum(E12*)"), ElementsAre());
  EXPECT_THAT(small.Slugs("'england' = 'North East' + 'NORTH WEST'"), ElementsAre());
  EXPECT_THAT(small.Slugs("E92 - E12000001 = E12000002"), ElementsAre());
}

TEST(SumCheck, NamesTheCellThePeriodAndBothSides) {
  Small small = Regions();
  small.measure.ints[1] = 34;
  std::vector<Finding> found;
  small.Check("E92 = sum(E12*)", &found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].cell, "B1");
  EXPECT_EQ(found[0].message, "E92 = sum(E12*) in 2018-02: 34 against 33, difference 1");
}

TEST(SumCheck, ChildrenApplyOnlyToRowsThatHaveSome) {
  Small small = Regions();
  EXPECT_EQ(small.Check("each *: it = sum(children)").evaluated, 2);
  small.measure.ints[6] = 40;
  EXPECT_THAT(small.Slugs("each *: it = sum(children)"), ElementsAre("sum"));
}

TEST(SumCheck, OthersAreAllRowsThatAreNotNamed) {
  Small small(false);
  small.Add("", "Luton", -1, {15.25});
  small.Add("", "Lydd", -1, {0.5});
  small.Add("", "Summary airports total", -1, {15.75});
  EXPECT_THAT(small.Slugs("'Summary airports total' = sum(others)"), ElementsAre());
}

TEST(SumCheck, ADatedExceptionDemandsItsDifference) {
  Small small = Regions();
  small.measure.ints[0] = 48;
  EXPECT_THAT(small.Slugs("E92 = sum(E12*) except 2018-01 by 18"), ElementsAre());
  EXPECT_THAT(small.Check("E92 = sum(E12*) except 2018-01 by 18 because 'so published'").exceptions,
              ElementsAre("2018-01 by 18 because so published"));
  EXPECT_THAT(small.Slugs("E92 = sum(E12*) except 2018-01 by 17"), ElementsAre("sum"));
  EXPECT_THAT(small.Slugs("E92 = sum(E12*) except 2018-02 by 18"), ElementsAre("sum", "exception-stale"));
  small.measure.ints[0] = 30;
  EXPECT_THAT(small.Slugs("E92 = sum(E12*) except 2018-01 by 18"), ElementsAre("exception-stale"));
}

TEST(SumCheck, AnExceptionWithoutDifferenceIsListed) {
  Small small = Regions();
  small.measure.ints[0] = 99;
  EXPECT_THAT(small.Slugs("E92 = sum(E12*) except 2018-01"), ElementsAre("exception-skipped"));
}

TEST(SumCheck, AnAreaWithoutARowFails) {
  Small small = Regions();
  EXPECT_THAT(small.Slugs("E92 = sum(W06*)"), ElementsAre("area-missing"));
  EXPECT_THAT(small.Slugs("each W06*: it = sum(children)"), ElementsAre("area-missing"));
}

TEST(SumCheck, ANullIsUnknownUnlessItDoesNotApply) {
  Small small = Regions();
  small.measure.states[2] = ValueState::kNull;
  EXPECT_EQ(small.Check("E92 = sum(E12*)").unknown, 1);
  small.measure.status[2] = 0;  // z
  small.measure.ints[0] = 20;
  EXPECT_EQ(small.Check("E92 = sum(E12*)").unknown, 0);
  EXPECT_THAT(small.Slugs("E92 = sum(E12*)"), ElementsAre());
  small.measure.states[0] = small.measure.states[1] = ValueState::kNull;
  EXPECT_THAT(small.Slugs("E92 = sum(E12*)"), ElementsAre("sum-unknown"));
}

TEST(SumCheck, Tolerances) {
  Small small(false);
  small.Add("A", "", -1, {10.4});
  small.Add("B", "", -1, {10});
  EXPECT_THAT(small.Slugs("A = B"), ElementsAre("sum"));
  EXPECT_THAT(small.Slugs("A = B within 0.5"), ElementsAre());
  EXPECT_THAT(small.Slugs("A = B within 1 %"), ElementsAre("sum"));
  EXPECT_THAT(small.Slugs("A = B within 5 %"), ElementsAre());
  EXPECT_THAT(small.Slugs("B <= A"), ElementsAre());
  EXPECT_THAT(small.Slugs("A <= B"), ElementsAre("sum"));
  EXPECT_THAT(small.Slugs("A = B rounded to 5"), ElementsAre());
  small.measure.doubles[0] = 10.0000000001;
  EXPECT_THAT(small.Slugs("A = B"), ElementsAre()) << "floats agree within 1e-9";
}

TEST(SumCheck, WholeNumbersBeyondDoublesStayExact) {
  Small small(true);
  small.Add("A", "", -1, {0});
  small.Add("B", "", -1, {0});
  small.measure.ints = {9'007'199'254'740'993, 9'007'199'254'740'992};
  EXPECT_THAT(small.Slugs("A = B"), ElementsAre("sum"));
}

TEST(SumCheck, GlobsMatchAsOverAllRows) {
  EXPECT_TRUE(GlobMatches("E12*", "E12000001"));
  EXPECT_TRUE(GlobMatches("*", ""));
  EXPECT_TRUE(GlobMatches("E?2*1", "E12000001"));
  EXPECT_FALSE(GlobMatches("E12*", "E11000001"));
  EXPECT_FALSE(GlobMatches("E12", "E12000001"));
  EXPECT_TRUE(GlobMatches("*a*a*", "banana"));
}

}  // namespace
}  // namespace tidemill::transform
