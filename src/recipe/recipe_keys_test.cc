// SPDX-License-Identifier: Apache-2.0
// What the keys of tests/recipes/good/every-key.toml become, and how [[when]] changes them.
#include <gmock/gmock.h>

#include "tidemill/recipe/recipe.h"
#include "tidemill/recipe/testing/test_files.h"

namespace tidemill::recipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Texts(const std::vector<Pattern>& patterns) {
  std::vector<std::string> out;
  for (const Pattern& pattern : patterns) out.push_back(pattern.text());
  return out;
}

class EveryKey : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto text = recipe::testing::FileText(TIDEMILL_SOURCE_DIR "/tests/recipes/good/every-key.toml");
    auto parsed = Recipe::Parse(text, "every-key.toml");
    ASSERT_TRUE(parsed.has_value()) << parsed.error().ToText();
    recipe_ = *parsed;
  }
  const Spec& base() const { return recipe_->base(); }
  static const ColumnSpec& Column(const Spec& spec, std::string_view name) {
    for (const ColumnSpec& column : spec.columns) {
      if (column.name == name) return column;
    }
    ADD_FAILURE() << name;
    return spec.columns.front();
  }
  const ColumnSpec& Column(std::string_view name) const { return Column(base(), name); }

  std::optional<Recipe> recipe_;
};

TEST_F(EveryKey, Head) {
  EXPECT_EQ(base().name + base().title + base().publisher + base().licence, "tests/every-keyEvery keyPL");
  EXPECT_EQ(base().contact + base().quality + base().usage, "CQU");
}

TEST_F(EveryKey, Source) {
  const SourceSpec& source = base().source;
  EXPECT_EQ(source.page, "https://example.org/data");
  EXPECT_THAT(Texts(source.heading), ElementsAre("{year:year} edition*", "Edition of {year:year}"));
  EXPECT_THAT(Texts(source.text), ElementsAre("{ext} (*)"));
  EXPECT_THAT(source.edition, ElementsAre("year", "month"));
  EXPECT_EQ(source.only->least, 2006);
  EXPECT_EQ(source.only->most, 2020);
  EXPECT_THAT(source.prefer, ElementsAre("csv", "xls"));
  EXPECT_EQ(source.final_->text(), "*final*");
  EXPECT_EQ(source.not_final, "p");
  EXPECT_EQ(source.versions_page, "{page}/{year}");
  EXPECT_THAT(Texts(source.versions_link), ElementsAre("*/v{version:int}/*"));
  EXPECT_EQ(source.csv.encoding + source.csv.delimiter + source.csv.quote + source.csv.comment, "windows-1252;'#");
}

TEST_F(EveryKey, FactsSheetAndTable) {
  ASSERT_EQ(base().facts.size(), 2U);
  EXPECT_EQ(base().facts[0].name, "released");
  EXPECT_TRUE(base().facts[0].in_book && base().facts[0].required);
  EXPECT_EQ(base().facts[1].type, FactType::kInt);
  EXPECT_THAT(Texts(base().sheet.pick), ElementsAre("Table {part:word}", "~Table"));
  EXPECT_THAT(Texts(base().sheet.not_), ElementsAre("Old*"));
  EXPECT_TRUE(base().sheet.each && base().sheet.hidden);
  const TableSpec& table = base().table;
  EXPECT_THAT(table.find, ElementsAre(TableFind::kHeader));
  EXPECT_EQ(table.name->text(), "deaths*");
  EXPECT_THAT(Texts(table.anchor), ElementsAre("~Area of residence", "Area*"));
  EXPECT_EQ(table.header_rows, 2);
  EXPECT_THAT(Texts(table.stop), ElementsAre("End*"));
  EXPECT_THAT(Texts(table.skip), ElementsAre("of which*"));
  EXPECT_EQ(table.repeats, Repeats::kEqual);
  EXPECT_EQ(table.range, "A7:L15");
  EXPECT_TRUE(table.ignore_rest);
  EXPECT_FALSE(table.each);
}

TEST_F(EveryKey, ColumnsInOrderOfAppearance) {
  std::vector<std::string> names;
  for (const ColumnSpec& column : base().columns) names.push_back(column.name);
  EXPECT_THAT(names, ElementsAre("code", "place", "sex", "since", "period", "age", "region", "deaths", "flag", "refs",
                                 "all", "rest", "sheet_part"));
}

TEST_F(EveryKey, CodeAndLabel) {
  const ColumnSpec& code = Column("code");
  EXPECT_EQ(code.system + code.split + code.join + code.to, "ons-snac+-gss");
  EXPECT_EQ(code.pad, 2);
  EXPECT_EQ(code.unknown, Unknown::kKeep);
  EXPECT_EQ(code.vintage, "2019-04-01");
  const ColumnSpec& place = Column("place");
  using Kind = LevelTest::Kind;
  ASSERT_EQ(place.levels.size(), 5U);
  EXPECT_EQ(place.levels[0][1].kind, Kind::kItalic);
  EXPECT_EQ(place.levels[2][0].kind, Kind::kIndent);
  EXPECT_EQ(place.levels[2][0].number, 2);
  EXPECT_EQ(place.levels[3][0].kind, Kind::kColumn);
  EXPECT_EQ(place.levels[3][1].pattern->text(), "a|b");
  EXPECT_EQ(place.levels[4][0].kind, Kind::kAny);
  EXPECT_EQ(place.split, " / ");
  EXPECT_EQ(place.take, 1);
}

TEST_F(EveryKey, DimensionsAndAxes) {
  EXPECT_TRUE(Column("sex").fill_down && Column("sex").optional);
  EXPECT_EQ(Column("sex").map.at("F"), "female");
  EXPECT_EQ(Column("since").axis, AxisKind::kDate);
  EXPECT_THAT(Column("since").parse, ElementsAre("%d %B %Y"));
  EXPECT_EQ(Column("since").split, ", ");
  EXPECT_EQ(Column("since").take, 2);
  EXPECT_EQ(Column("period").must, "{year}");
  EXPECT_EQ(Column("period").year, "{year}");
  EXPECT_TRUE(Column("period").empty_fails);
  EXPECT_EQ(Column("age").axis, AxisKind::kAgeBand);
  EXPECT_EQ(Column("age").row, 2);
  EXPECT_THAT(Texts(Column("region").match), ElementsAre("* region"));
  EXPECT_EQ(Column("region").map.at("North region"), "North");
  EXPECT_TRUE(Column("region").own_values);
  EXPECT_EQ(Column("sheet_part").from, "{part}");
}

TEST_F(EveryKey, ValuesAndTheirCompanions) {
  const ColumnSpec& deaths = Column("deaths");
  EXPECT_EQ(deaths.type, ValueType::kDecimal);
  EXPECT_EQ(deaths.precision, 10);
  EXPECT_EQ(deaths.scale, 2);
  EXPECT_EQ(deaths.unit + deaths.multiplier + deaths.thousands + deaths.decimal + deaths.bracketed, "deaths1000.,u");
  EXPECT_FALSE(deaths.additive);
  EXPECT_EQ(deaths.blank, Blank::kZero);
  EXPECT_EQ(Column("flag").column, "D");
  EXPECT_EQ(Column("flag").of, "deaths");
  EXPECT_EQ(Column("refs").role, Role::kNote);
  EXPECT_EQ(Column("all").within, "0.5");
  EXPECT_EQ(Column("all").of, "deaths");
  EXPECT_EQ(Column("rest").role, Role::kIgnore);
}

TEST_F(EveryKey, Rules) {
  ASSERT_EQ(base().codes.size(), 2U);
  EXPECT_EQ(base().codes[0].label.text(), "Wales");
  EXPECT_EQ(base().codes[1].code, "E92000001");
  EXPECT_EQ(base().markers.base, "gss");
  ASSERT_EQ(base().markers.own.size(), 2U);
  EXPECT_EQ(base().markers.own[0].value, 0);
  EXPECT_EQ(base().markers.own[1].note, "not available");
  EXPECT_FALSE(base().notes.script || base().notes.bracket);
  EXPECT_TRUE(base().notes.trailing);
  EXPECT_THAT(Texts(base().notes.sheet), ElementsAre("Remarks"));
}

TEST_F(EveryKey, ChecksAndRevisions) {
  const ChecksSpec& checks = base().checks;
  EXPECT_EQ(checks.rows->least, 101);
  EXPECT_EQ(checks.periods + checks.when_final, "contiguous12 periods");
  ASSERT_EQ(checks.values.size(), 1U);
  EXPECT_EQ(checks.values[0].column, "deaths");
  EXPECT_EQ(checks.values[0].relation, ValueCheck::Relation::kRange);
  EXPECT_EQ(checks.values[0].range.most, 100);
  EXPECT_TRUE(checks.complete);
  EXPECT_EQ(checks.fresh_days, 60);
  EXPECT_TRUE(checks.future);
  EXPECT_EQ(checks.codes, Severity::kWarn);
  EXPECT_EQ(checks.names, Severity::kOff);
  EXPECT_EQ(checks.markers, 5.5);
  ASSERT_EQ(checks.sums.size(), 3U);
  EXPECT_EQ(checks.sums[2].over, "place");
  EXPECT_EQ(checks.sums[1].of, "deaths");
  EXPECT_EQ(checks.sums[1].year, "2015..");
  EXPECT_EQ(base().revisions.limit_percent, 1);
  EXPECT_EQ(base().revisions.limit_abs, 5);
  EXPECT_EQ(base().revisions.beyond, Severity::kWarn);
  EXPECT_EQ(base().revisions.removed, Severity::kFail);
}

TEST_F(EveryKey, Outputs) {
  ASSERT_EQ(base().outputs.size(), 2U);
  const OutputSpec& table = base().outputs[0];
  EXPECT_EQ(table.columns.at(3).name, "start");
  EXPECT_EQ(table.columns.at(3).function, "start");
  EXPECT_EQ(table.columns.at(3).argument, "period");
  EXPECT_THAT(table.key, ElementsAre("code", "period"));
  EXPECT_THAT(table.sort, ElementsAre("period"));
  EXPECT_FALSE(table.lineage);
  EXPECT_EQ(base().outputs[1].file, "old/deaths_data.parquet");
  EXPECT_EQ(base().outputs[1].rows, "as-before");
}

TEST_F(EveryKey, WhenNeedsAllItsConditions) {
  std::vector<int> applied;
  ASSERT_TRUE(recipe_->For({{"year", "2018"}, {"ext", "csv"}}, &applied).has_value());
  EXPECT_THAT(applied, IsEmpty());
  ASSERT_TRUE(recipe_->For({{"ext", "xls"}}, &applied).has_value());
  EXPECT_THAT(applied, IsEmpty());
  const auto spec = recipe_->For({{"year", "2018"}, {"ext", "xls"}}, &applied);
  ASSERT_TRUE(spec.has_value());
  EXPECT_THAT(applied, ElementsAre(0));
  EXPECT_EQ(Column(*spec, "deaths").type, ValueType::kInt64);
  EXPECT_EQ(Column(*spec, "deaths").unit, "deaths");
}

TEST_F(EveryKey, WhenTakesOutColumnsAndReplacesKeyByKey) {
  const auto spec = recipe_->For({{"released", "2019-08-27"}, {"sheet", "Table 1"}});
  ASSERT_TRUE(spec.has_value());
  EXPECT_EQ(spec->columns.size(), base().columns.size() - 1);
  EXPECT_EQ(spec->markers.own[1].status, "c");
  EXPECT_EQ(spec->markers.own[1].note, "not available");
  std::vector<int> applied;
  ASSERT_TRUE(recipe_->For({{"released", "2018-12-31"}, {"sheet", "Table 1"}}, &applied).has_value());
  EXPECT_THAT(applied, IsEmpty());
}

TEST(Recipe, AllErasOfAPageAreBlocksInOrder) {
  const auto text = recipe::testing::FileText(TIDEMILL_SOURCE_DIR "/recipes/ons/deaths-monthly.toml");
  const auto recipe = Recipe::Parse(text, "deaths-monthly.toml");
  ASSERT_TRUE(recipe.has_value());
  std::vector<int> applied;
  const auto early = recipe->For({{"year", "2006"}, {"ext", "xls"}}, &applied);
  ASSERT_TRUE(early.has_value());
  EXPECT_THAT(applied, ElementsAre(0, 1, 2));
  EXPECT_EQ(early->columns[0].system, "ons-snac");
  EXPECT_EQ(early->columns[0].unknown, Unknown::kKeep);
  EXPECT_EQ(early->columns[1].take, 1);
  const auto late = recipe->For({{"year", "2013"}, {"ext", "xls"}}, &applied);
  ASSERT_TRUE(late.has_value());
  EXPECT_THAT(applied, ElementsAre(3, 4));
  EXPECT_EQ(late->columns[0].from, "label");
  EXPECT_EQ(late->table.repeats, Repeats::kEqual);
}

TEST(Recipe, RefusesWhatIsTooLarge) {
  const auto recipe = Recipe::Parse(std::string(256 * 1024 + 1, '#'), "r.toml");
  ASSERT_FALSE(recipe.has_value());
  EXPECT_EQ(recipe.error().code, base::ErrorCode::kTooLarge);
}

TEST(Recipe, ErrorSpeaksOfTheFirstFaultAndCountsTheOthers) {
  const auto recipe = Recipe::Parse("recipe = 1\nname = 'a'\ntitle = 'b'\n", "r.toml");
  ASSERT_FALSE(recipe.has_value());
  EXPECT_EQ(recipe.error().ToText(), "r.toml:1:1: missing-key: 'source' is required (and 2 more faults)");
}

TEST(MatchLink, DefaultTakesAnyWorkbook) {
  const auto recipe = Recipe::Parse(
      "recipe = 1\nname = 'a'\ntitle = 'b'\nsource.page = 'https://example.org/'\n"
      "columns.n = { role = 'value', type = 'int32', header = 'N' }\noutput = [{ table = 't' }]\n",
      "r.toml");
  ASSERT_TRUE(recipe.has_value()) << recipe.error().ToText();
  const SourceSpec& source = recipe->base().source;
  const auto match =
      MatchLink(source, {.targets = {"https://example.org/file", "/a/b.xlsb"}, .text = "", .heading = ""});
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(match->captures.at("ext"), "xlsb");
  EXPECT_EQ(match->edition, "");
  EXPECT_FALSE(MatchLink(source, {.targets = {"https://example.org/a.pdf"}, .text = "", .heading = ""}));
}

TEST(MatchLink, JoinsTheCapturesThatNameAnEdition) {
  SourceSpec source;
  source.link = {Pattern::Compile("*/{year:year}/{month:month}/{file}.{ext:xls}").value()};
  source.text = {Pattern::Compile("{kind:word} file").value()};
  source.only = NumberRange{.least = 2018, .most = {}};
  const auto match = MatchLink(source, {.targets = {"x/2018/may/a.xls"}, .text = "Final file", .heading = ""});
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(match->edition, "2018-may-final");
  EXPECT_FALSE(MatchLink(source, {.targets = {"x/2017/may/a.xls"}, .text = "Final file", .heading = ""}));
  EXPECT_FALSE(MatchLink(source, {.targets = {"x/2018/may/a.xls"}, .text = "Final", .heading = ""}));
}

}  // namespace
}  // namespace tidemill::recipe
