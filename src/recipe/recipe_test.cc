// SPDX-License-Identifier: Apache-2.0
#include "tidemill/recipe/recipe.h"

#include <gmock/gmock.h>

#include "tidemill/base/sha256.h"
#include "tidemill/recipe/testing/test_files.h"

namespace tidemill::recipe {
namespace {

using ::testing::ElementsAre;

class DeathsMonthly : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string text = recipe::testing::FileText(TIDEMILL_SOURCE_DIR "/recipes/ons/deaths-monthly.toml");
    auto parsed = Recipe::Parse(text, "deaths-monthly.toml");
    ASSERT_TRUE(parsed.has_value()) << parsed.error().ToText();
    EXPECT_EQ(parsed->hash(), base::Sha256Hex(text));
    recipe_ = *parsed;
  }
  const Spec& base() const { return recipe_->base(); }
  Spec For(const Captures& captures) const {
    auto spec = recipe_->For(captures);
    EXPECT_TRUE(spec.has_value());
    return *spec;
  }
  LinkTexts Link(std::string_view year, std::string_view file, std::string_view heading) const {
    const std::string folder =
        "/peoplepopulationandcommunity/birthsdeathsandmarriages/deaths/datasets/"
        "monthlyfiguresondeathsregisteredbyareaofusualresidence/";
    return {.targets = {"https://www.ons.gov.uk/file", folder + std::string(year) + "/" + std::string(file)},
            .text = "xls (203.8 kB)",
            .heading = std::string(heading)};
  }

  std::optional<Recipe> recipe_;
};

std::vector<std::string> NamesOf(const Spec& spec) {
  std::vector<std::string> names;
  for (const ColumnSpec& column : spec.columns) names.push_back(column.name);
  return names;
}

TEST_F(DeathsMonthly, IsReadInFull) {
  EXPECT_EQ(base().name, "ons/deaths-monthly");
  EXPECT_EQ(base().source.only->least, 2006);
  EXPECT_EQ(base().source.not_final, "p");
  ASSERT_EQ(base().facts.size(), 1U);
  EXPECT_EQ(base().facts[0].type, FactType::kDate);
  EXPECT_EQ(base().sheet.pick.size(), 3U);
  EXPECT_EQ(base().sheet.not_.size(), 10U);
  EXPECT_THAT(base().table.find, ElementsAre(TableFind::kTable, TableFind::kAxis));
  EXPECT_THAT(NamesOf(base()), ElementsAre("geo_code", "place_name", "period", "deaths"));
  EXPECT_EQ(base().columns[0].split, ",");
  ASSERT_EQ(base().columns[1].levels.size(), 3U);
  ASSERT_EQ(base().columns[1].levels[0].size(), 2U);
  EXPECT_EQ(base().columns[1].levels[0][1].pattern->text(), "Non-residents of *");
  EXPECT_EQ(base().columns[2].axis, AxisKind::kMonth);
  EXPECT_EQ(base().columns[2].must, "{year}");
  EXPECT_EQ(base().columns[3].type, ValueType::kInt32);
  EXPECT_TRUE(base().notes.trailing);
  EXPECT_EQ(base().notes.status.at(0).second, "p");
  EXPECT_EQ(base().checks.rows->most, 440);
  EXPECT_EQ(base().codes.size(), 7U);
  ASSERT_EQ(base().checks.sums.size(), 4U);
  ASSERT_EQ(base().checks.sums[0].exceptions.size(), 2U);
  EXPECT_EQ(base().checks.sums[0].exceptions[0].by, 18);
  EXPECT_EQ(base().revisions.free, 3);
  ASSERT_EQ(base().outputs.size(), 2U);
  EXPECT_EQ(base().outputs[0].columns.at(2).function, "geo_type");
  EXPECT_EQ(base().outputs[1].compat, "deaths-data-v1");
}

TEST_F(DeathsMonthly, HoldsForOldWorkbooksAsItStands) {
  std::vector<int> applied = {7};
  const auto spec = recipe_->For({{"year", "2018"}, {"ext", "xls"}}, &applied);
  ASSERT_TRUE(spec.has_value());
  EXPECT_TRUE(applied.empty());
  EXPECT_EQ(spec->markers.base, "none");
  EXPECT_FALSE(spec->columns[1].levels_by_code);
}

TEST_F(DeathsMonthly, ChangesForAccessibleWorkbooks) {
  std::vector<int> applied;
  const auto spec = recipe_->For({{"year", "2021"}, {"ext", "xlsx"}}, &applied);
  ASSERT_TRUE(spec.has_value());
  EXPECT_THAT(applied, ElementsAre(5));
  EXPECT_EQ(spec->markers.base, "gss");
  EXPECT_THAT(NamesOf(*spec), ElementsAre("geo_code", "place_name", "period", "deaths", "area_kind"));
  EXPECT_TRUE(spec->columns[1].levels_by_code);
  EXPECT_TRUE(spec->columns[1].levels.empty());
  EXPECT_TRUE(spec->columns[4].optional);
}

TEST_F(DeathsMonthly, KnowsItsLinks) {
  const auto match =
      MatchLink(base().source, Link("2018", "publishedannual2018.xls", "2018 edition of this dataset (final) "));
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(match->edition, "2018");
  EXPECT_TRUE(match->final);
  EXPECT_EQ(match->conflict, "");
  EXPECT_THAT(match->captures, ElementsAre(std::pair{"ext", "xls"}, std::pair{"file", "publishedannual2018"},
                                           std::pair{"year", "2018"}));
  const auto open = MatchLink(base().source, Link("2024", "monthlydeaths2024.xlsx", "2024 edition of this dataset"));
  ASSERT_TRUE(open.has_value());
  EXPECT_FALSE(open->final);
}

TEST_F(DeathsMonthly, LeavesOtherLinksAlone) {
  EXPECT_FALSE(MatchLink(base().source, Link("2005", "old.xls", "2005 edition of this dataset (final)")));
  EXPECT_FALSE(MatchLink(base().source, Link("2018", "notes.pdf", "2018 edition of this dataset (final)")));
  EXPECT_FALSE(MatchLink(base().source, Link("2018", "previous/v1/a.xls", "2018 edition of this dataset (final)")));
  EXPECT_FALSE(MatchLink(base().source, Link("2018", "a.xls", "Related datasets")));
}

TEST_F(DeathsMonthly, SaysWhenHeadingAndLinkNameDifferentYears) {
  const auto match = MatchLink(base().source, Link("2018", "a.xls", "2017 edition of this dataset"));
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(match->conflict, "'year' is '2018' in the link and '2017' in the heading");
}

}  // namespace
}  // namespace tidemill::recipe
