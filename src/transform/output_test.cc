// SPDX-License-Identifier: Apache-2.0
#include "output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemill::transform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

recipe::ColumnSpec Spec(std::string name, recipe::Role role) {
  recipe::ColumnSpec spec;
  spec.name = std::move(name);
  spec.role = role;
  return spec;
}

recipe::Spec DeathsSpec() {
  recipe::Spec spec;
  spec.columns = {Spec("geo_code", recipe::Role::kCode), Spec("place_name", recipe::Role::kLabel),
                  Spec("period", recipe::Role::kAxis), Spec("deaths", recipe::Role::kValue)};
  return spec;
}

struct OutputRow {
  std::string code, name, period;
  std::int64_t deaths;
};

Column Texts(std::string name, const std::vector<OutputRow>& rows, std::string OutputRow::* member, std::string role) {
  WordList words;
  Column column{.name = std::move(name)};
  for (const OutputRow& row : rows) column.codes.push_back(words.Add(row.*member));
  column.words = std::move(words).Take();
  column.metadata["tidemill.role"] = std::move(role);
  return column;
}

Frame FrameOf(const std::vector<OutputRow>& rows) {
  Frame frame;
  frame.rows = rows.size();
  frame.columns = {Texts("geo_code", rows, &OutputRow::code, "dimension"),
                   Texts("place_name", rows, &OutputRow::name, "label"),
                   Texts("period", rows, &OutputRow::period, "time")};
  Column deaths{.name = "deaths", .kind = ColumnKind::kInt32};
  for (const OutputRow& row : rows) deaths.ints.push_back(row.deaths);
  deaths.metadata["tidemill.role"] = "measure";
  frame.columns.push_back(std::move(deaths));
  return frame;
}

const std::vector<OutputRow> kRows = {{"W06000001", "Isle of Anglesey ", "2017-04", 30},
                                      {"W06000001", "Isle of Anglesey ", "2021-01", 31},
                                      {"E06000001", "Hartlepool", "2017-04", 12},
                                      {"E06000001", "Hartlepool", "2021-01", 13},
                                      {"K04000001_J99000001", "ENGLAND, WALES AND ELSEWHERE", "2017-04", 99}};

std::vector<std::string> TextsOf(const Frame& frame, std::string_view name) {
  const Column& column = *frame.Find(name);
  std::vector<std::string> texts;
  for (std::size_t row = 0; row < frame.rows; ++row) {
    texts.emplace_back(column.IsNull(row) ? "null" : column.TextAt(row));
  }
  return texts;
}

TEST(Output, IsSortedByItsKey) {
  Findings findings("", "");
  const auto made = MakeOutput(FrameOf(kRows), {}, DeathsSpec(), findings);
  ASSERT_TRUE(made.has_value()) << made.error().ToText();
  EXPECT_THAT(TextsOf(*made, "geo_code"),
              ElementsAre("E06000001", "E06000001", "K04000001_J99000001", "W06000001", "W06000001"));
  EXPECT_THAT(made->Find("deaths")->ints, ElementsAre(12, 13, 99, 30, 31));
  EXPECT_THAT(std::move(findings).Finish(), IsEmpty());
}

TEST(Output, SortsAsItIsTold) {
  recipe::OutputSpec output;
  output.sort = {"period", "deaths"};
  Findings findings("", "");
  const auto made = MakeOutput(FrameOf(kRows), output, DeathsSpec(), findings);
  ASSERT_TRUE(made.has_value()) << made.error().ToText();
  EXPECT_THAT(made->Find("deaths")->ints, ElementsAre(12, 30, 99, 13, 31));
}

TEST(Output, AKeyThatStandsTwiceIsFound) {
  std::vector<OutputRow> rows = kRows;
  rows.push_back(rows[0]);
  Findings findings("", "");
  ASSERT_TRUE(MakeOutput(FrameOf(rows), {}, DeathsSpec(), findings).has_value());
  const auto found = std::move(findings).Finish();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].message, "W06000001, 2017-04 stands twice");
}

TEST(Output, NamesAColumnThatNothingBinds) {
  recipe::OutputSpec output;
  output.columns = {{.name = "sex", .function = {}, .argument = {}}};
  Findings findings("", "");
  const auto made = MakeOutput(FrameOf(kRows), output, DeathsSpec(), findings);
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().message,
            "output column sex: nothing binds 'sex'; bound are geo_code, place_name, period, deaths");
}

TEST(Output, Functions) {
  const Frame frame = FrameOf(kRows);
  const auto numbers = [&](std::string_view function) {
    return ApplyFunction(function, *frame.Find("period"), "x").value().ints;
  };
  EXPECT_THAT(numbers("year"), ElementsAre(2017, 2021, 2017, 2021, 2017));
  EXPECT_THAT(numbers("month"), ElementsAre(4, 1, 4, 1, 4));
  EXPECT_THAT(numbers("quarter"), ElementsAre(2, 1, 2, 1, 2));
  EXPECT_EQ(numbers("start")[0], 17257);
  EXPECT_EQ(numbers("end")[0], 17286);
  EXPECT_EQ(numbers("business_end")[0], 17284) << "28 April 2017, a Friday";
  EXPECT_EQ(ApplyFunction("month_name", *frame.Find("period"), "x")->TextAt(1), "January");
  EXPECT_EQ(ApplyFunction("lower", *frame.Find("place_name"), "x")->TextAt(2), "hartlepool");
  EXPECT_EQ(ApplyFunction("geo_type", *frame.Find("geo_code"), "x")->TextAt(4), "combined");
  EXPECT_EQ(ApplyFunction("parent", *frame.Find("geo_code"), "x").error().code, base::ErrorCode::kInternal);
}

TEST(Output, SortsByKeysOfManyColumnsAndNulls) {
  // Six columns of 4,096 values each: together more than a number of 64 bits holds.
  Frame frame{.rows = 4'096, .columns = {}, .metadata = {}};
  std::vector<std::string> names;
  for (int i = 0; i < 6; ++i) {
    Column column{.name = "k" + std::to_string(i), .kind = ColumnKind::kInt32};
    for (std::int64_t row = 0; row < 4'096; ++row) column.ints.push_back((row * 2'731 + i) % 4'096);
    column.valid.assign(4'096, 1);
    column.valid[7] = 0;
    frame.columns.push_back(column);
    names.push_back(column.name);
  }
  recipe::OutputSpec output;
  output.key = names;
  for (const std::string& name : names) output.columns.push_back({.name = name, .function = {}, .argument = {}});
  Findings findings("", "");
  const auto made = MakeOutput(frame, output, DeathsSpec(), findings);
  ASSERT_TRUE(made.has_value()) << made.error().ToText();
  EXPECT_THAT(std::move(findings).Finish(), IsEmpty());
  const Column& first = made->columns[0];
  EXPECT_TRUE(first.IsNull(0));
  EXPECT_TRUE(std::ranges::is_sorted(first.ints.begin() + 1, first.ints.end()));
}

TEST(DeathsDataV1, HasTheOldColumnsAndTheLastBusinessDay) {
  const auto made = MakeDeathsDataV1(FrameOf(kRows), {}, DeathsSpec());
  ASSERT_TRUE(made.has_value()) << made.error().ToText();
  EXPECT_THAT(TextsOf(*made, "geo_code"),
              ElementsAre("W06000001", "E06000001", "K04000001_J99000001", "W06000001", "E06000001"))
      << "by year and month, then as in the file";
  EXPECT_EQ(TextsOf(*made, "place_name")[0], "isle of anglesey");
  EXPECT_THAT(TextsOf(*made, "month"), ElementsAre("april", "april", "april", "january", "january"));
  EXPECT_THAT(made->Find("year")->ints, ElementsAre(2017, 2017, 2017, 2021, 2021));
  EXPECT_EQ(made->Find("datetime")->ints[0], 17284 * 86'400'000'000'000) << "2017-04-28";
  EXPECT_EQ(made->Find("datetime")->ints[3], 18656 * 86'400'000'000'000) << "2021-01-29";
  EXPECT_EQ(made->Find("deaths")->kind, ColumnKind::kFloat32);
  EXPECT_THAT(made->metadata.at("pandas"), HasSubstr("\"kind\": \"range\", \"name\": null, \"start\": 0, \"stop\": 5"));
}

TEST(DeathsDataV1, AsBeforeLeavesOutCombinedCodesAndEarlyYears) {
  std::vector<OutputRow> rows = kRows;
  rows.push_back({"E06000001", "Hartlepool", "2014-12", 9});
  recipe::OutputSpec output;
  output.rows = "as-before";
  const auto made = MakeDeathsDataV1(FrameOf(rows), output, DeathsSpec());
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->rows, 4U);
}

TEST(OldPipeline, Float32RoundedCountsAbove16777216InSilence) {
  std::vector<OutputRow> rows = kRows;
  rows[0].deaths = 16'777'217;
  const auto made = MakeDeathsDataV1(FrameOf(rows), {}, DeathsSpec());
  ASSERT_FALSE(made.has_value());
  EXPECT_THAT(made.error().message, HasSubstr("16777217 in row 1 cannot be held by float32"));
}

}  // namespace
}  // namespace tidemill::transform
