// SPDX-License-Identifier: Apache-2.0
// Every query is also answered by a plain walk over all rows of the table as it came, which knows no order, no levels
// and no dictionaries.
#include "tidemill/query/run_query.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <arrow/api.h>
#include <arrow/util/key_value_metadata.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/query/encode_answer.h"
#include "tidemill/query/snapshot.h"

namespace tidemill::query {
namespace {

struct Row {
  std::string area, sex, period;
  std::optional<int> count;
  std::optional<std::string> status;
};

const std::vector<std::string> kAreas = {"E06000001", "E07000002", "E08000007", "E12000002", "K02000001", "W06000015"};

std::vector<Row> RandomRows(std::mt19937& random) {
  std::vector<Row> rows;
  for (const std::string& area : kAreas) {
    for (const std::string sex : {"F", "M"}) {
      for (int month = 0; month < 18; ++month) {
        if (random() % 6 == 0) continue;
        Row row{area, sex, base::ToText(base::Period{.year = 2018 + month / 12, .part = month % 12 + 1}), {}, {}};
        if (random() % 5 != 0) row.count = static_cast<int>(random() % 40);
        if (random() % 4 == 0) row.status = random() % 2 == 0 ? "p" : row.count ? "p,r" : "z";
        rows.push_back(row);
      }
    }
  }
  std::shuffle(rows.begin(), rows.end(), random);
  return rows;
}

std::shared_ptr<arrow::Array> Texts(const std::vector<Row>& rows,
                                    const std::function<std::optional<std::string>(const Row&)>& text) {
  arrow::StringDictionary32Builder builder;
  for (const Row& row : rows) {
    const auto value = text(row);
    EXPECT_TRUE((value ? builder.Append(*value) : builder.AppendNull()).ok());
  }
  return *builder.Finish();
}

std::shared_ptr<const Cube> MakeTestCube(const std::vector<Row>& rows) {
  arrow::Int32Builder counts;
  for (const Row& row : rows) EXPECT_TRUE((row.count ? counts.Append(*row.count) : counts.AppendNull()).ok());
  const auto texts = arrow::dictionary(arrow::int32(), arrow::utf8());
  const auto schema =
      arrow::schema({arrow::field("area_code", texts), arrow::field("sex", texts), arrow::field("period", texts),
                     arrow::field("deaths", arrow::int32()), arrow::field("deaths_status", texts)});
  const auto table =
      arrow::Table::Make(schema, {Texts(rows, [](const Row& row) { return row.area; }),
                                  Texts(rows, [](const Row& row) { return row.sex; }),
                                  Texts(rows, [](const Row& row) { return row.period; }), *counts.Finish(),
                                  Texts(rows, [](const Row& row) { return row.status; })});
  const auto snapshot = MakeSnapshot(*table, {});
  EXPECT_TRUE(snapshot.has_value()) << snapshot.error().ToText();
  return (*snapshot)->cube;
}

// One condition as text, and what it means.
struct Condition {
  std::string text;
  std::function<bool(const Row&)> holds;
};

std::vector<Condition> AllConditions() {
  const auto has = [](const Row& row, const std::string& code) {
    return row.status && ("," + *row.status + ",").find("," + code + ",") != std::string::npos;
  };
  return {
      {"area_code=E08000007", [](const Row& row) { return row.area == "E08000007"; }},
      {"area_code=W06000015,E06000001", [](const Row& row) { return row.area[0] == 'W' || row.area == "E06000001"; }},
      {"area_code__ne=E12000002", [](const Row& row) { return row.area != "E12000002"; }},
      {"area_code__startswith=E0", [](const Row& row) { return row.area.starts_with("E0"); }},
      {"area_code__contains=0000", [](const Row& row) { return row.area.find("0000") != std::string::npos; }},
      {"area_type=lad", [](const Row& row) { return row.area.starts_with("E0") || row.area[0] == 'W'; }},
      {"sex=F", [](const Row& row) { return row.sex == "F"; }},
      {"series_key=M.E06000001.M", [](const Row& row) { return row.area == "E06000001" && row.sex == "M"; }},
      {"period=2018-03", [](const Row& row) { return row.period == "2018-03"; }},
      {"period__gte=2018-06", [](const Row& row) { return row.period >= "2018-06"; }},
      {"period__lt=2019", [](const Row& row) { return row.period < "2019"; }},
      {"period__gt=2018-Q1", [](const Row& row) { return row.period > "2018-03"; }},
      {"period__lte=2018-Q3", [](const Row& row) { return row.period <= "2018-09"; }},
      {"year=2019", [](const Row& row) { return row.period.starts_with("2019"); }},
      {"month__lte=2", [](const Row& row) { return row.period.ends_with("-01") || row.period.ends_with("-02"); }},
      {"period_end__gte=2018-12-31", [](const Row& row) { return row.period >= "2018-12"; }},
      {"deaths__gt=20", [](const Row& row) { return row.count && *row.count > 20; }},
      {"deaths__lte=7", [](const Row& row) { return row.count && *row.count <= 7; }},
      {"deaths=3,4,5,6", [](const Row& row) { return row.count && *row.count >= 3 && *row.count <= 6; }},
      {"deaths__ne=3,4", [](const Row& row) { return !row.count || (*row.count != 3 && *row.count != 4); }},
      {"deaths__isnull=true", [](const Row& row) { return !row.count; }},
      {"deaths__isnull=false", [](const Row& row) { return row.count.has_value(); }},
      {"deaths_status=p", [has](const Row& row) { return has(row, "p"); }},
      {"deaths_status__ne=p", [has](const Row& row) { return !has(row, "p"); }},
      {"deaths_status=r,z", [has](const Row& row) { return has(row, "r") || has(row, "z"); }},
      {"deaths_status__isnull=true", [](const Row& row) { return !row.status; }},
  };
}

Query Parsed(const std::string& text, const Cube& cube) {
  const auto parameters = SplitQuery(text);
  EXPECT_TRUE(parameters.has_value()) << text;
  auto query = ParseQuery(*parameters, cube, {});
  EXPECT_TRUE(query.has_value()) << text << ": " << query.error().error.message;
  return query ? *std::move(query) : Query();
}

std::string Answer(const std::string& text, const std::shared_ptr<const Cube>& cube, Format format = Format::kCsv) {
  const Query query = Parsed(text, *cube);
  auto result = RunQuery(query, cube, {});
  if (!result) return result.error().type;
  const auto encoder = MakeAnswerEncoder(*std::move(result), {.format = format, .shape = query.shape, .head = {}});
  std::string out;
  for (;;) {
    const auto more = encoder->Next(out);
    EXPECT_TRUE(more.has_value());
    if (!more || !*more) return out;
  }
}

std::string Csv(const Row& row) {
  return row.area + "," + row.sex + "," + row.period + "," + (row.count ? std::to_string(*row.count) : "") + "," +
         (!row.status                                 ? ""
          : row.status->find(',') == row.status->npos ? *row.status
                                                      : "\"" + *row.status + "\"") +
         "\n";
}

class Oracle : public ::testing::TestWithParam<unsigned> {
 protected:
  Oracle() : random_(GetParam()), rows_(RandomRows(random_)), cube_(MakeTestCube(rows_)) {}

  std::string Choose(std::vector<const Condition*>& chosen) {
    std::string text;
    for (unsigned count = random_() % 4; count > 0; --count) {
      const Condition& condition = conditions_[random_() % conditions_.size()];
      const std::string name = condition.text.substr(0, condition.text.find('='));
      if (("&" + text).find("&" + name + "=") != std::string::npos) continue;  // lists of one filter are joined by OR
      text += (text.empty() ? "" : "&") + condition.text;
      chosen.push_back(&condition);
    }
    return text;
  }
  std::vector<Row> Selected(const std::vector<const Condition*>& chosen) const {
    std::vector<Row> rows;
    for (const Row& row : rows_) {
      const bool all = std::all_of(chosen.begin(), chosen.end(), [&](const auto* one) { return one->holds(row); });
      if (all) rows.push_back(row);
    }
    return rows;
  }
  static std::tuple<std::string, std::string, std::string> KeyOf(const Row& row) {
    return {row.area, row.sex, row.period};
  }

  std::mt19937 random_;
  std::vector<Row> rows_;
  std::shared_ptr<const Cube> cube_;
  std::vector<Condition> conditions_ = AllConditions();
};

TEST_P(Oracle, FiltersAndSortsAsAWalkOverAllRowsDoes) {
  for (int i = 0; i < 40; ++i) {
    std::vector<const Condition*> chosen;
    std::string text = Choose(chosen);
    std::vector<Row> rows = Selected(chosen);
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return KeyOf(a) < KeyOf(b); });
    if (i % 2 == 0) {
      text += (text.empty() ? "" : "&") + std::string("sort=-deaths,sex");
      std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        const int left = a.count ? -*a.count : 1;
        const int right = b.count ? -*b.count : 1;
        return std::pair(left, a.sex) < std::pair(right, b.sex);
      });
    }
    std::string expected = "area_code,sex,period,deaths,deaths_status\n";
    for (const Row& row : rows) expected += Csv(row);
    EXPECT_EQ(Answer(text, cube_), expected) << text;
  }
}

TEST_P(Oracle, GroupsAsAWalkOverAllRowsDoes) {
  struct Sums {
    std::int64_t count = 0, values = 0, sum = 0, missing = 0;
    int least = 1'000;
  };
  for (int i = 0; i < 20; ++i) {
    std::vector<const Condition*> chosen;
    std::string text = Choose(chosen);
    std::map<std::pair<std::string, std::string>, Sums> groups;
    for (const Row& row : Selected(chosen)) {
      Sums& sums = groups[{row.sex, row.period.substr(0, 4)}];
      ++sums.count;
      sums.values += row.count ? 1 : 0;
      sums.sum += row.count.value_or(0);
      sums.missing += !row.count && row.status.value_or("") != "z" ? 1 : 0;
      sums.least = std::min(sums.least, row.count.value_or(1'000));
    }
    std::string expected = "sex,year,count,count_deaths,sum_deaths,min_deaths,incomplete\n";
    for (const auto& [key, sums] : groups) {
      const bool has = sums.values > 0;
      expected += key.first + "," + key.second + "," + std::to_string(sums.count) + "," + std::to_string(sums.values) +
                  "," + (has ? std::to_string(sums.sum) : "") + "," + (has ? std::to_string(sums.least) : "") + "," +
                  std::to_string(sums.missing) + "\n";
    }
    text += (text.empty() ? "" : "&") +
            std::string("group=sex,year&agg=count(),count(deaths),sum(deaths),min(deaths)&partial=allow&mixed=allow");
    EXPECT_EQ(Answer(text, cube_), expected) << text;
  }
}

TEST_P(Oracle, WalksPageByPageThroughWhatItAnswersAtOnce) {
  for (const std::string order : {"", "&sort=deaths", "&sort=-period,deaths_status", "&group=period,sex"}) {
    std::vector<const Condition*> chosen;
    const std::string text = Choose(chosen) + order;
    Query query = Parsed(text.front() == '&' ? text.substr(1) : text, *cube_);
    const CursorScope scope{.vintage = 3, .canonical = ToCanonical(query, *cube_, {}, Paging::kWithout)};
    const auto all = RunQuery(query, cube_, scope);
    ASSERT_TRUE(all.has_value());
    query.limit = 7;
    std::vector<std::uint32_t> walked;
    for (;;) {
      const auto page = RunQuery(query, cube_, scope);
      ASSERT_TRUE(page.has_value()) << page.error().error.message;
      EXPECT_EQ(page->total, all->total);
      walked.insert(walked.end(), page->places.begin(), page->places.end());
      query.cursor = NextCursor(*page, scope);
      if (query.cursor.empty()) break;
      EXPECT_EQ(VintageOfCursor(query.cursor), 3U);
    }
    EXPECT_EQ(walked, all->places) << text;
  }
}

TEST_P(Oracle, KeepsTheNewestOfEachSeries) {
  std::map<std::pair<std::string, std::string>, std::set<std::string>> periods;
  for (const Row& row : rows_) {
    if (row.count || row.status) periods[{row.area, row.sex}].insert(row.period);
  }
  std::string expected = "period\n";
  for (const auto& [key, all] : periods) {
    const auto from = std::prev(all.end(), std::min<std::ptrdiff_t>(2, static_cast<std::ptrdiff_t>(all.size())));
    for (auto at = from; at != all.end(); ++at) expected += *at + "\n";
  }
  EXPECT_EQ(Answer("last=2&select=period", cube_), expected);
}

TEST_P(Oracle, WritesTheCanonicalFormOfWhatItReads) {
  for (int i = 0; i < 20; ++i) {
    std::vector<const Condition*> chosen;
    const std::string text = Choose(chosen);
    const std::string canonical = ToCanonical(Parsed(text, *cube_), *cube_, {}, Paging::kWith);
    EXPECT_EQ(ToCanonical(Parsed(canonical, *cube_), *cube_, {}, Paging::kWith), canonical);
    EXPECT_EQ(Answer(canonical, cube_), Answer(text, cube_));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Oracle, ::testing::Range(0U, 4U));

TEST(RunQuery, RefusesSumsOverLevelsThatTheTableItselfNames) {
  std::mt19937 random(7);
  const std::vector<Row> rows = RandomRows(random);
  arrow::Int32Builder counts;
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_TRUE(counts.Append(1).ok());
  const auto texts = arrow::dictionary(arrow::int32(), arrow::utf8());
  const auto table = arrow::Table::Make(
      arrow::schema(
          {arrow::field("geo_code", texts), arrow::field("sex", texts), arrow::field("period", texts),
           arrow::field("geo_type", texts, true, arrow::KeyValueMetadata::Make({"tidemill.role"}, {"attribute"})),
           arrow::field("deaths", arrow::int32())}),
      {Texts(rows, [](const Row& row) { return row.area; }), Texts(rows, [](const Row& row) { return row.sex; }),
       Texts(rows, [](const Row& row) { return row.period; }),
       Texts(rows, [](const Row& row) { return std::string(AreaTypeOf(row.area)); }), *counts.Finish()});
  const auto cube = (*MakeSnapshot(*table, {}))->cube;
  EXPECT_EQ(cube->columns[static_cast<std::size_t>(cube->Find("geo_type"))].level, Level::kSeries);
  EXPECT_EQ(Answer("agg=sum(deaths)", cube), "mixed-levels");
  EXPECT_EQ(Answer("group=year&agg=sum(deaths)", cube), "mixed-levels");
  EXPECT_THAT(Answer("agg=sum(deaths)&geo_type=lad", cube), ::testing::StartsWith("sum_deaths"));
  EXPECT_THAT(Answer("agg=sum(deaths)&mixed=allow", cube), ::testing::StartsWith("sum_deaths"));
  EXPECT_THAT(Answer("agg=sum(deaths)&group=geo_type", cube), ::testing::HasSubstr("region,"));
  const auto mistyped = ParseQuery({{"geo_type", "regio"}}, *cube, {});
  ASSERT_FALSE(mistyped.has_value());
  EXPECT_THAT(mistyped.error().nearest, ::testing::ElementsAre("region"));
}

TEST(RunQuery, ACountryAndWhatHoldsItShareATypeButNoSum) {
  std::vector<Row> rows;
  for (const char* area : {"E92000001", "K04000001", "W92000004"}) {
    rows.push_back({.area = area, .sex = "F", .period = "2018-01", .count = 1});
  }
  const auto cube = MakeTestCube(rows);
  EXPECT_EQ(Answer("agg=sum(deaths)", cube), "mixed-levels");
  EXPECT_EQ(Answer("agg=sum(deaths)&group=area_type", cube), "mixed-levels");
  const auto refused = RunQuery(Parsed("agg=sum(deaths)", *cube), cube, {});
  ASSERT_FALSE(refused.has_value());
  ASSERT_THAT(refused.error().valid,
              ::testing::ElementsAre("area_code=K04000001", "area_type=country&area_code__ne=K04000001"));
  for (const std::string& filter : refused.error().valid) {
    EXPECT_THAT(Answer("agg=sum(deaths)&" + filter, cube), ::testing::StartsWith("sum_deaths")) << filter;
  }
  EXPECT_THAT(Answer("agg=sum(deaths)&group=area_code", cube), ::testing::StartsWith("area_code"));
}

TEST(RunQuery, MakesWideWhatIsLong) {
  std::mt19937 random(5);
  const std::vector<Row> rows = RandomRows(random);
  const auto cube = MakeTestCube(rows);
  std::set<std::string> series;
  std::set<std::string> periods;
  std::map<std::pair<std::string, std::string>, std::string> cells;
  for (const Row& row : rows) {
    if (row.sex != "F" || row.area[0] != 'E') continue;
    const std::string key = "M." + row.area + ".F";
    series.insert(key);
    periods.insert(row.period);
    cells[{row.period, key}] = row.count ? std::to_string(*row.count) : "";
  }
  std::string expected = "period";
  for (const std::string& key : series) expected += "," + key;
  for (const std::string& period : periods) {
    expected += "\n" + period;
    for (const std::string& key : series) expected += "," + cells[{period, key}];
  }
  EXPECT_EQ(Answer("sex=F&area_code__startswith=E&shape=wide", cube), expected + "\n");
}

TEST(RunQuery, RefusesSumsBeyond64Bits) {
  arrow::Int64Builder numbers;
  ASSERT_TRUE(numbers.Append(INT64_MAX).ok() && numbers.Append(1).ok());
  arrow::StringBuilder names;
  ASSERT_TRUE(names.Append("a").ok() && names.Append("b").ok());
  const auto table =
      arrow::Table::Make(arrow::schema({arrow::field("name", arrow::utf8()), arrow::field("n", arrow::int64())}),
                         {*names.Finish(), *numbers.Finish()});
  const auto cube = (*MakeSnapshot(*table, {}))->cube;
  EXPECT_EQ(Answer("agg=sum(n)", cube), "overflow");
  EXPECT_EQ(Answer("agg=max(n),count()", cube), "max_n,count,incomplete\n9223372036854775807,2,0\n");
  EXPECT_EQ(Answer("n__gt=1&agg=sum(n)", cube), "sum_n,incomplete\n9223372036854775807,0\n");
  EXPECT_EQ(Answer("name=a&n=1", cube), "name,n\n");
  EXPECT_EQ(Answer("name=a&n=1&group=name&agg=sum(n)", cube), "name,sum_n,incomplete\n");
}

TEST(Cursor, IsOfOneQueryAndVintage) {
  const CursorScope scope{.vintage = 7, .canonical = "a=b"};
  const std::string cursor = WriteCursor(scope, 12);
  EXPECT_EQ(cursor.size(), 28U);
  EXPECT_EQ(ReadCursor(cursor, scope), 12U);
  EXPECT_EQ(ReadCursor(cursor, {.vintage = 8, .canonical = "a=b"}), std::nullopt);
  EXPECT_EQ(ReadCursor(cursor, {.vintage = 7, .canonical = "a=c"}), std::nullopt);
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    std::string other = cursor;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(ReadCursor(other, scope), std::nullopt) << i;
  }
  EXPECT_EQ(ReadCursor("", scope), std::nullopt);
}

TEST(ToKeyPart, EscapesWhatKeysCannotHold) {
  EXPECT_EQ(ToKeyPart("ons-snac:20UB", false), "ons-snac$3A20UB");
  EXPECT_EQ(ToKeyPart("K04000001, J99000001", true), "K04000001_J99000001");
  EXPECT_EQ(ToKeyPart("a, b", false), "a$2C$20b");
}

TEST(AreaTypeOf, KnowsLevels) {
  EXPECT_EQ(AreaTypeOf("E08000007"), "lad");
  EXPECT_EQ(AreaTypeOf("E12000002"), "region");
  EXPECT_EQ(AreaTypeOf("K04000001"), "country");
  EXPECT_EQ(AreaTypeOf("K04000001, J99000001"), "combined");
  EXPECT_EQ(AreaTypeOf("E47000001"), "E47");
  EXPECT_EQ(AreaTypeOf("Stockport"), "other");
}

}  // namespace
}  // namespace tidemill::query
