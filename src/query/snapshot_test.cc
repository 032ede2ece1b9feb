// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/snapshot.h"

#include <map>
#include <random>
#include <string>

#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_dict.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/array/builder_time.h>
#include <arrow/table.h>
#include <arrow/util/key_value_metadata.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemill::query {
namespace {

using ::testing::ElementsAre;
using Array = std::shared_ptr<arrow::Array>;

template <class Builder, class Values>
Array Built(Builder&& builder, const Values& values) {
  for (const auto& value : values) {
    if (value) {
      EXPECT_TRUE(builder.Append(*value).ok());
    } else {
      EXPECT_TRUE(builder.AppendNull().ok());
    }
  }
  return *builder.Finish();
}

using Strings = std::vector<std::optional<std::string>>;
Array Text(const Strings& values) {
  return Built(arrow::StringBuilder(), values);
}
Array Coded(const Strings& values) {
  return Built(arrow::StringDictionary32Builder(), values);
}
Array Floats(const std::vector<std::optional<float>>& values) {
  return Built(arrow::FloatBuilder(), values);
}
Array Integers(const std::vector<std::optional<std::int64_t>>& values) {
  return Built(arrow::Int64Builder(), values);
}
Array Stamps(const std::vector<std::optional<std::int64_t>>& days) {
  arrow::TimestampBuilder builder(arrow::timestamp(arrow::TimeUnit::NANO), arrow::default_memory_pool());
  auto values = days;
  for (auto& value : values) {
    if (value) *value *= 86'400'000'000'000;
  }
  return Built(std::move(builder), values);
}

std::shared_ptr<arrow::Table> TableOf(const std::vector<std::pair<std::string, Array>>& columns,
                                      const std::map<std::string, std::map<std::string, std::string>>& metadata = {}) {
  std::vector<std::shared_ptr<arrow::Field>> fields;
  std::vector<Array> arrays;
  for (const auto& [name, array] : columns) {
    auto field = arrow::field(name, array->type());
    if (const auto found = metadata.find(name); found != metadata.end()) {
      field = field->WithMetadata(arrow::KeyValueMetadata::Make(
          [&] {
            std::vector<std::string> k;
            for (const auto& [key, value] : found->second) k.push_back(key);
            return k;
          }(),
          [&] {
            std::vector<std::string> v;
            for (const auto& [key, value] : found->second) v.push_back(value);
            return v;
          }()));
    }
    fields.push_back(field);
    arrays.push_back(array);
  }
  return arrow::Table::Make(arrow::schema(fields), arrays);
}

// The old system's file: January and February 2018 (business days), February of B without a figure.
std::shared_ptr<arrow::Table> OldFile() {
  return TableOf({{"geo_code", Text({"E06000002", "E06000002", "E06000001", "E06000001"})},
                  {"place_name", Text({"b", "b", "a", "a"})},
                  {"month", Text({"january", "february", "january", "february"})},
                  {"deaths", Floats({3.5F, std::nullopt, 1.0F, 2.0F})},
                  {"year", Integers({2018, 2018, 2018, 2018})},
                  {"datetime", Stamps({17562, 17590, 17562, 17590})},
                  {"__index_level_0__", Integers({0, 1, 2, 3})}});
}

std::shared_ptr<const Snapshot> Make(const arrow::Table& table, const RoleOverrides& overrides = {}) {
  auto snapshot = MakeSnapshot(table, overrides);
  EXPECT_TRUE(snapshot.has_value()) << snapshot.error().ToText();
  return *snapshot;
}

std::vector<std::string> RolesOf(const Snapshot& snapshot) {
  std::vector<std::string> roles;
  for (const Column& column : snapshot.columns) {
    roles.push_back(column.name + " " + std::string(NameOf(column.role)) +
                    (column.of.empty() ? "" : " of " + column.of));
  }
  return roles;
}

std::string Body(const Snapshot& snapshot, std::int64_t year, std::string_view code) {
  std::string body;
  snapshot.seed->AppendBody(body, year, code);
  return body;
}

TEST(Snapshot, KnowsTheOldFile) {
  const auto snapshot = Make(*OldFile());
  EXPECT_THAT(RolesOf(*snapshot), ElementsAre("geo_code dimension", "place_name label of geo_code", "month attribute",
                                              "deaths measure", "year attribute", "datetime time"));
  EXPECT_EQ(snapshot->rows, 4);
  EXPECT_EQ(snapshot->series, 2);
  ASSERT_TRUE(snapshot->period);
  EXPECT_EQ(base::ToText(snapshot->period->first), "2018-01");
  EXPECT_EQ(base::ToText(snapshot->period->last), "2018-02");
  EXPECT_THAT(snapshot->dimensions.at(0).codes, ElementsAre("E06000001", "E06000002"));
  const Column& deaths = *FindColumn(snapshot->columns, "deaths");
  EXPECT_EQ(deaths.nulls, 1);
  EXPECT_EQ(deaths.distinct, 3);
  EXPECT_EQ(deaths.min, "1");
  EXPECT_EQ(deaths.max, "3.5");
  EXPECT_EQ(FindColumn(snapshot->columns, "geo_code")->codes, "gss");
  EXPECT_EQ(FindColumn(snapshot->columns, "datetime")->max, "\"2018-02-28\"");
  EXPECT_EQ(Body(*snapshot, 2018, "E06000002"),
            "{\"year\":2018,\"geo_code\":\"E06000002\",\"data\":{\"2018-01-31\":3.5,\"2018-02-28\":null}}");
}

TEST(Snapshot, KeysOurOwnTablesByTheLastBusinessDay) {
  const auto table =
      TableOf({{"geo_code", Coded({"K04000001, J99000001", "K04000001, J99000001"})},
               {"period", Coded({"2018-03", "2018-06"})},
               {"deaths", Integers({30, 60})},
               {"deaths_status", Coded({std::nullopt, "p"})},
               {"src", Coded({"x", "x"})}},
              {{"geo_code", {{"tidemill.role", "dimension"}}},
               {"period", {{"tidemill.role", "time"}, {"tidemill.freq", "M"}}},
               {"deaths", {{"tidemill.role", "measure"}, {"tidemill.unit", "deaths"}, {"comment", "Deaths"}}},
               {"deaths_status", {{"tidemill.role", "status"}, {"tidemill.of", "deaths"}}},
               {"src", {{"tidemill.role", "lineage"}}}});
  const auto snapshot = Make(*table);
  EXPECT_THAT(RolesOf(*snapshot), ElementsAre("geo_code dimension", "period time", "deaths measure",
                                              "deaths_status status of deaths", "src lineage"));
  EXPECT_EQ(Body(*snapshot, 2018, "K04000001, J99000001"),
            "{\"year\":2018,\"geo_code\":\"K04000001, J99000001\",\"data\":{\"2018-03-30\":30.0,\"2018-06-29\":60.0}}");
  EXPECT_THAT(snapshot->statuses, ElementsAre("p"));
  EXPECT_EQ(FindColumn(snapshot->columns, "deaths")->title, "Deaths");
  EXPECT_EQ(FindColumn(snapshot->columns, "geo_code")->codes, "gss");
  EXPECT_EQ(FindColumn(snapshot->columns, "src")->distinct, -1);
}

TEST(Snapshot, TakesDatesAsDaysWhereASeriesHasTwoInAMonth) {
  const auto snapshot = Make(
      *TableOf({{"geo_code", Text({"A", "A"})}, {"datetime", Stamps({17532, 17533})}, {"deaths", Floats({1, 2})}}));
  EXPECT_EQ(snapshot->period->frequency, base::Frequency::kDay);
  EXPECT_EQ(base::ToText(snapshot->period->first), "2018-01-01");
  EXPECT_EQ(snapshot->seed, nullptr);
}

TEST(Snapshot, TakesYearsAndMonthsForTimeWhereNothingElseIs) {
  const auto years = Make(*TableOf(
      {{"region", Text({"A", "A", "B"})}, {"year", Integers({2019, 2018, 2018})}, {"deaths", Floats({1, 2, 3})}}));
  EXPECT_THAT(RolesOf(*years), ElementsAre("region dimension", "year time", "deaths measure"));
  EXPECT_EQ(years->period->frequency, base::Frequency::kYear);
  EXPECT_EQ(years->cube->TimeText(0), "2018");
  EXPECT_EQ(years->series, 2);
  const auto months = Make(*TableOf({{"month", Text({"2018-02", "2018-01"})}, {"deaths", Floats({1, 2})}}));
  EXPECT_THAT(RolesOf(*months), ElementsAre("month time", "deaths measure"));
  // A year and a month's number are two columns: neither alone is the time.
  const auto parts =
      Make(*TableOf({{"year", Integers({2018, 2018})}, {"month", Integers({1, 2})}, {"deaths", Floats({1, 2})}}));
  EXPECT_FALSE(parts->period);
}

// As spreadsheets and SDMX-CSV write them.
TEST(Snapshot, KnowsNamesWhateverTheirCaseAndBlanks) {
  const auto table = Make(*TableOf({{"Area Code", Text({"A", "B"})},
                                    {"Area Name", Text({"a", "b"})},
                                    {"Year", Integers({2019, 2018})},
                                    {"Deaths", Floats({1, 2})},
                                    {"Deaths status", Text({"p", "p"})}}));
  EXPECT_THAT(RolesOf(*table), ElementsAre("Area_Code dimension", "Area_Name label of Area_Code", "Year time",
                                           "Deaths measure", "Deaths_status status of Deaths"));
  EXPECT_EQ(table->period->frequency, base::Frequency::kYear);
  const auto sdmx = Make(*TableOf({{"geo", Text({"AT", "BE"})},
                                   {"TIME_PERIOD", Integers({2019, 2018})},
                                   {"OBS_VALUE", Floats({1, 2})},
                                   {"OBS_FLAG", Text({"p", std::nullopt})}}));
  EXPECT_THAT(RolesOf(*sdmx),
              ElementsAre("geo dimension", "TIME_PERIOD time", "OBS_VALUE measure", "OBS_FLAG status of OBS_VALUE"));
  // Numbers that are no years are no time.
  const auto numbers = Make(*TableOf({{"Time", Integers({1, 2})}, {"Deaths", Floats({1, 2})}}));
  EXPECT_THAT(RolesOf(*numbers), ElementsAre("Time measure", "Deaths measure"));
}

TEST(Snapshot, HasNoTimeWhereYearsAreNone) {
  const auto snapshot = Make(*TableOf({{"year", Integers({7, 12'000})}, {"deaths", Floats({1, 2})}}));
  EXPECT_FALSE(snapshot->period);
  EXPECT_EQ(snapshot->rows, 2);
}

TEST(Snapshot, AnswersTheOldRouteOnlyWhereAreasAreTheOneDimension) {
  const auto snapshot = Make(*TableOf({{"geo_code", Text({"A", "A"})},
                                       {"sex", Text({"F", "M"})},
                                       {"period", Text({"2018-01", "2018-01"})},
                                       {"deaths", Floats({1, 2})}}));
  EXPECT_EQ(snapshot->seed, nullptr);
}

TEST(Snapshot, RefusesUnsignedIntegersThatASignedOneCannotHold) {
  arrow::UInt64Builder values;
  EXPECT_TRUE(values.AppendValues({1, 18'446'744'073'709'551'615U}).ok());
  const auto wide = TableOf({{"area", Text({"A", "B"})}, {"cows", *values.Finish()}});
  const auto snapshot = MakeSnapshot(*wide, {});
  ASSERT_FALSE(snapshot.has_value());
  EXPECT_THAT(snapshot.error().message, ::testing::HasSubstr("column 'cows' holds 18446744073709551615"));
}

TEST(Snapshot, NamesOfOtherLettersHoldNoOperator) {
  const auto snapshot = Make(*TableOf({{"都道府県", Text({"A"})}, {"人口", Integers({1})}, {"prix €", Integers({1})}}));
  EXPECT_THAT(RolesOf(*snapshot), ElementsAre("column dimension", "column_2 measure", "prix measure"));
  EXPECT_EQ(snapshot->columns[1].title, "人口");
}

TEST(Snapshot, MakesNamesThatAQueryCanHave) {
  const auto snapshot = Make(
      *TableOf({{"sort", Integers({1})}, {"2 a--b", Integers({1})}, {"2_a_b", Integers({1})}, {"x", Integers({1})}}),
      {{"x", Role::kDimension}});
  EXPECT_THAT(RolesOf(*snapshot), ElementsAre("sort_ measure", "c_2_a_b measure", "c_2_a_b_2 measure", "x dimension"));
  EXPECT_EQ(snapshot->columns[1].source_name, "2 a--b");
  EXPECT_EQ(snapshot->columns[3].source_name, "");
  EXPECT_EQ(snapshot->series, 1);
}

// The newest one of each code; B lies in none by now.
TEST(Snapshot, KnowsTheParentsOfCodesByAColumn) {
  const auto table = TableOf({{"area", Text({"A", "A", "B", "B", "C"})},
                              {"area_parent", Text({"X", "Y", "X", std::nullopt, "A"})},
                              {"period", Text({"2018-01", "2018-02", "2018-01", "2018-02", "2018-01"})},
                              {"deaths", Floats({1, 2, 3, 4, 5})}});
  const auto snapshot = Make(*table);
  EXPECT_THAT(RolesOf(*snapshot),
              ElementsAre("area dimension", "area_parent parent of area", "period time", "deaths measure"));
  EXPECT_THAT(snapshot->cube->dimensions.at(0).parents, ElementsAre("Y", "", "A"));
  EXPECT_EQ(snapshot->series, 3);
}

TEST(Snapshot, TakesForAParentWhatIsSaidToBeOne) {
  const auto columns = [](const std::string& code, const std::string& parent) {
    return std::vector<std::pair<std::string, Array>>{
        {code, Text({"A"})}, {parent, Text({"X"})}, {"deaths", Floats({1})}};
  };
  const auto stated =
      Make(*TableOf(columns("area", "lies_in"), {{"lies_in", {{"tidemill.role", "parent"}, {"tidemill.of", "area"}}}}));
  EXPECT_THAT(stated->cube->dimensions.at(0).parents, ElementsAre("X"));
  const auto given = Make(*TableOf(columns("area", "lies_in")), {{"lies_in", Role::kParent}});
  EXPECT_THAT(given->cube->dimensions.at(0).parents, ElementsAre("X"));
  const auto named = Make(*TableOf(columns("area_code", "area_parent")));
  EXPECT_THAT(named->cube->dimensions.at(0).parents, ElementsAre("X"));
  const auto none = Make(*TableOf(columns("area", "town_parent")));
  EXPECT_THAT(RolesOf(*none), ElementsAre("area dimension", "town_parent dimension", "deaths measure"));
}

TEST(Snapshot, TakesAnEmptyTable) {
  const auto snapshot = Make(*TableOf({{"geo_code", Text({})}, {"period", Text({})}, {"deaths", Floats({})}}));
  EXPECT_EQ(snapshot->rows, 0);
  EXPECT_EQ(snapshot->series, 0);
  EXPECT_FALSE(snapshot->period);
  EXPECT_EQ(snapshot->seed, nullptr);
}

// The slow oracle: every answer by a scan over the rows.
TEST(Snapshot, AnswersAsAScanDoes) {
  std::minstd_rand random(7);
  Strings codes;
  std::vector<std::optional<std::int64_t>> days;
  std::vector<std::optional<float>> values;
  for (int i = 0; i < 3000; ++i) {
    codes.emplace_back("C" + std::to_string(random() % 40));
    days.emplace_back(base::OnOrBeforeWeekday(base::EndOf({.year = 2006 + static_cast<int>(random() % 5),
                                                           .part = 1 + static_cast<int>(random() % 12)}))
                          .time_since_epoch()
                          .count());
    values.emplace_back(static_cast<float>(random() % 1000));
  }
  const auto snapshot =
      Make(*TableOf({{"geo_code", Text(codes)}, {"datetime", Stamps(days)}, {"deaths", Floats(values)}},
                    {{"datetime", {{"tidemill.freq", "M"}}}}));
  ASSERT_NE(snapshot->seed, nullptr);
  for (int year = 2005; year < 2012; ++year) {
    for (int c = 0; c < 41; ++c) {
      const std::string code = "C" + std::to_string(c);
      std::map<std::string, float> expected;
      for (std::size_t i = 0; i < codes.size(); ++i) {
        const std::string date = base::ToText(base::Date(std::chrono::days(*days[i])));
        if (*codes[i] == code && date.substr(0, 4) == std::to_string(year)) expected[date] = *values[i];
      }
      std::string body = "{\"year\":" + std::to_string(year) + ",\"geo_code\":\"" + code + "\",\"data\":{";
      for (const auto& [date, value] : expected) {
        if (body.back() != '{') body += ',';
        body += '"' + date + "\":" + std::to_string(static_cast<int>(value)) + ".0";
      }
      EXPECT_EQ(Body(*snapshot, year, code), body + "}}");
    }
  }
}

}  // namespace
}  // namespace tidemill::query
