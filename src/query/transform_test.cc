// SPDX-License-Identifier: Apache-2.0
// Transforms against a walk over a map of all values, which knows no order and no steps of time.
#include <map>
#include <optional>
#include <random>

#include <arrow/api.h>
#include <arrow/util/key_value_metadata.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/query/run_query.h"
#include "tidemill/query/snapshot.h"

namespace tidemill::query {
namespace {

using ::testing::HasSubstr;

struct SeriesRow {
  std::string area, period;
  std::optional<std::int64_t> count;
};

std::shared_ptr<arrow::KeyValueMetadata> Facts(std::vector<std::string> names, std::vector<std::string> values) {
  return arrow::KeyValueMetadata::Make(std::move(names), std::move(values));
}

std::shared_ptr<const Cube> MakeSeriesCube(const std::vector<SeriesRow>& rows, bool additive = true) {
  arrow::StringBuilder areas;
  arrow::StringBuilder periods;
  arrow::Int64Builder counts;
  for (const SeriesRow& row : rows) {
    EXPECT_TRUE(areas.Append(row.area).ok() && periods.Append(row.period).ok());
    EXPECT_TRUE((row.count ? counts.Append(*row.count) : counts.AppendNull()).ok());
  }
  const auto schema = arrow::schema(
      {arrow::field("area", arrow::utf8(), true, Facts({"tidemill.role"}, {"dimension"})),
       arrow::field("period", arrow::utf8(), true, Facts({"tidemill.role"}, {"time"})),
       arrow::field("count", arrow::int64(), true,
                    Facts({"tidemill.role", "tidemill.additive"}, {"measure", additive ? "true" : "false"}))});
  const auto table = arrow::Table::Make(schema, {*areas.Finish(), *periods.Finish(), *counts.Finish()});
  return (*MakeSnapshot(*table, {}))->cube;
}

Checked<Query> Parse(const Cube& cube, const std::string& text) {
  ParseOptions options;
  options.reserved.push_back("transform");
  const auto parameters = SplitQuery(text);
  return ParseQuery(*parameters, cube, options);
}

// Rows as `area period value…`, "-" for missing ones.
std::vector<std::string> Answer(const std::shared_ptr<const Cube>& cube, const std::string& text) {
  const auto query = Parse(*cube, text);
  if (!query) return {query.error().type + ": " + query.error().error.message};
  const auto result = RunQuery(*query, cube, {});
  if (!result) return {result.error().type + ": " + result.error().error.message};
  const auto batch = *result->Read(0, result->rows());
  std::vector<std::string> lines(result->rows());
  for (const auto& column : batch->columns()) {
    for (std::size_t row = 0; row < lines.size(); ++row) {
      auto scalar = *column->GetScalar(static_cast<std::int64_t>(row));
      if (scalar->is_valid && scalar->type->id() == arrow::Type::DICTIONARY) {
        scalar = *static_cast<const arrow::DictionaryScalar&>(*scalar).GetEncodedValue();
      }
      lines[row] += (lines[row].empty() ? "" : " ") + (scalar->is_valid ? scalar->ToString() : std::string("-"));
    }
  }
  return lines;
}

using Values = std::map<std::pair<std::string, int>, std::int64_t>;  // by area and month since year 0

std::optional<std::int64_t> At(const Values& values, const std::string& area, int month) {
  const auto found = values.find({area, month});
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

std::string Plain(const Values& values, const std::string& area, int month, const std::string& name) {
  const auto now = At(values, area, month);
  const auto sum = [&](int first) -> std::string {
    std::int64_t total = 0;
    for (int i = first; i <= month; ++i) {
      if (!At(values, area, i)) return "-";
      total += *At(values, area, i);
    }
    return std::to_string(total);
  };
  if (name == "ytd") return sum(month - month % 12);
  if (name == "roll12") return sum(month - 11);
  const auto before = At(values, area, name == "yoy" ? month - 12 : month - 1);
  return now && before ? std::to_string(*now - *before) : "-";
}

TEST(Transform, IsWhatAWalkOverAllValuesGives) {
  std::mt19937 random(5);
  std::vector<SeriesRow> rows;
  Values values;
  for (const std::string area : {"a", "b", "c"}) {
    for (int month = 2015 * 12; month < 2019 * 12; ++month) {
      if (random() % 20 == 0) continue;
      SeriesRow row{area, base::ToText(base::Period{.year = month / 12, .part = month % 12 + 1}), {}};
      if (random() % 20 != 0) row.count = values[{area, month}] = static_cast<std::int64_t>(random() % 100);
      rows.push_back(row);
    }
  }
  const auto lines = Answer(MakeSeriesCube(rows), "transform=yoy,pop,ytd,roll12");
  ASSERT_EQ(lines.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SeriesRow& row = rows[i];
    const int month = std::stoi(row.period.substr(0, 4)) * 12 + std::stoi(row.period.substr(5)) - 1;
    std::string expected = row.area + " " + row.period + " " + (row.count ? std::to_string(*row.count) : "-");
    for (const std::string name : {"yoy", "pop", "ytd", "roll12"})
      expected += " " + Plain(values, row.area, month, name);
    EXPECT_EQ(lines[i], expected);
  }
}

std::vector<SeriesRow> Years(const std::string& area, std::initializer_list<std::optional<std::int64_t>> counts) {
  std::vector<SeriesRow> rows;
  int year = 2010;
  for (const auto& count : counts) rows.push_back({area, std::to_string(year++), count});
  return rows;
}

TEST(Transform, MeansAndPerCentsNeedAllTheirCells) {
  const auto cube = MakeSeriesCube(Years("a", {10, 20, 30, 40, 50, 60, {}, 0, 5}));
  EXPECT_THAT(
      Answer(cube, "select=period,count_mean5y,count_vs_mean5y,count_yoy_pct&transform=mean5y,vs_mean5y,yoy_pct"),
      ::testing::ElementsAre("2010 - - -", "2011 - - 100", "2012 - - 50", "2013 - - 33.333333333333336", "2014 - - 25",
                             "2015 30 30 20", "2016 40 - -", "2017 - - -", "2018 - - -"));
}

TEST(Transform, LooksBehindAFilterOfTimeButNotIntoAnotherSeries) {
  auto rows = Years("a", {10, 20, 35});
  for (const SeriesRow& row : Years("b", {1, 2, 4})) rows.push_back(row);
  const auto cube = MakeSeriesCube(rows);
  EXPECT_THAT(Answer(cube, "area=b&period__gte=2012&transform=yoy"), ::testing::ElementsAre("b 2012 4 2"));
  EXPECT_THAT(Answer(cube, "count_yoy__gt=9&transform=yoy&sort=-count_yoy"),
              ::testing::ElementsAre("a 2012 35 15", "a 2011 20 10"));
  EXPECT_THAT(Answer(cube, "group=period&agg=sum(count_yoy)&transform=yoy&partial=allow"),
              ::testing::ElementsAre("2010 - 2", "2011 11 0", "2012 17 0"));
}

TEST(Transform, SaysWhatCannotBeDone) {
  const auto cube = MakeSeriesCube(Years("a", {1, 2}));
  EXPECT_THAT(Answer(cube, "transform=yoyo").front(), HasSubstr("bad-value: 'yoyo' is no transform"));
  EXPECT_THAT(Answer(cube, "transform=yoyo").front(), HasSubstr("nearest: yoy"));
  EXPECT_THAT(Answer(cube, "select=count_pop&transform=yoy").front(), HasSubstr("unknown-column"));
  const auto twice = MakeSeriesCube({{"a", "2010", 1}, {"a", "2010", 2}});
  EXPECT_THAT(Answer(twice, "transform=yoy").front(), HasSubstr("conflicting-parameters"));
  const auto rate = MakeSeriesCube(Years("a", {1, 2}), /*additive=*/false);
  EXPECT_THAT(Answer(rate, "transform=ytd").front(), HasSubstr("not-additive"));
  EXPECT_THAT(Answer(rate, "transform=ytd,yoy"), ::testing::ElementsAre("a 2010 1 -", "a 2011 2 1"));
  const auto large = MakeSeriesCube(Years("a", {std::numeric_limits<std::int64_t>::max(), -2}));
  EXPECT_THAT(Answer(large, "transform=yoy").front(), HasSubstr("overflow"));
}

TEST(Transform, IsPartOfTheCanonicalQuery) {
  const auto cube = MakeSeriesCube(Years("a", {1, 2}));
  const auto query = Parse(*cube, "transform=yoy&count_yoy__gte=1&area=a");
  ASSERT_TRUE(query.has_value());
  EXPECT_EQ(ToCanonical(*query, *cube, "vintage=3", Paging::kWith), "area=a&count_yoy__gte=1&vintage=3&transform=yoy");
}

}  // namespace
}  // namespace tidemill::query
