// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/text.h"
#include "tidemill/transform/testing/cell_text.h"
#include "tidemill/transform/testing/editable_workbook.h"
#include "tidemill/transform/testing/spoils.h"
#include "tidemill/transform/tidy.h"

#include "tidy_workbook.h"

// The published workbooks of monthly deaths, read by the recipe of the project.
namespace tidemill::transform {
namespace {

using testing::CellText;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

struct Edition {
  std::string year, folder;
  bool final;
  std::int64_t rows, cells, notes, facts, sum;
  std::string geo_vintage;
};

// Facts of the files, measured with another reader.
const Edition kEditions[] = {{"2015", "2015-final", true, 397, 5579, 2, 1, 2'990'187, "2013"},
                             {"2017", "2017-final", true, 397, 5579, 1, 2, 3'010'509, "2013"},
                             {"2018", "2018-final", true, 387, 5440, 2, 2, 3'050'567, "2019-04-01"},
                             {"2019", "2019-december-provisional", false, 387, 5443, 5, 2, 2'991'539, "2019-04-01"}};

class OnsDeaths : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(TIDEMILL_SHARED_DATA) / "ons-monthly-deaths";
    if (!std::filesystem::exists(folder_ / "2018-final")) GTEST_SKIP() << "no published workbooks in " << folder_;
    const std::filesystem::path recipes = std::filesystem::path(TIDEMILL_SOURCE_DIR) / "recipes";
    auto recipe = recipe::Recipe::Parse(ReadFile(recipes / "ons/deaths-monthly.toml"), "deaths-monthly.toml");
    ASSERT_TRUE(recipe.has_value()) << recipe.error().ToText();
    recipe_ = *std::move(recipe);
    auto geography = Register::Parse(ReadFile(recipes / "registers/gss.csv"));
    ASSERT_TRUE(geography.has_value()) << geography.error().ToText();
    register_ = *std::move(geography);
  }

  std::filesystem::path FileOf(const Edition& edition) const {
    return std::filesystem::directory_iterator(folder_ / edition.folder)->path();
  }

  static EditionInput InputOf(const Edition& edition) {
    return {.edition = edition.year,
            .captures = {{"year", edition.year}, {"ext", "xls"}},
            .final = edition.final,
            .file = edition.folder + ".xls",
            .url = "https://publisher.example/" + edition.folder + ".xls",
            .sha256 = std::string(64, 'a'),
            .today = base::ParseDate("2020-02-01").value()};
  }

  TidyEdition TidyOne(const Edition& edition) const {
    const std::string bytes = ReadFile(FileOf(edition));
    auto tidy = Tidy(bytes, *recipe_, InputOf(edition), register_, {}, {});
    EXPECT_TRUE(tidy.has_value()) << tidy.error().ToText();
    return tidy ? *std::move(tidy) : TidyEdition();
  }

  std::filesystem::path folder_;
  std::optional<recipe::Recipe> recipe_;
  Register register_;
};

TEST_F(OnsDeaths, EveryCellOfFourEditionsIsAccountedFor) {
  for (const Edition& edition : kEditions) {
    SCOPED_TRACE(edition.year);
    const TidyEdition tidy = TidyOne(edition);
    const Accounting& cells = tidy.accounting;
    EXPECT_EQ(cells.cells(), edition.cells);
    EXPECT_EQ(cells.value, edition.rows * 12);
    EXPECT_EQ(cells.code, edition.rows);
    EXPECT_EQ(cells.label, edition.rows);
    EXPECT_EQ(cells.header, 13);
    EXPECT_EQ(cells.text, 5);
    EXPECT_EQ(cells.note, edition.notes);
    EXPECT_EQ(cells.fact, edition.facts);
    EXPECT_EQ(cells.unaccounted, 0);
    EXPECT_EQ(tidy.table->num_rows(), edition.rows * 12);
    EXPECT_THAT(tidy.lock_toml, HasSubstr(fmt::format("sum = {{ deaths = {} }}", edition.sum)));
    EXPECT_THAT(tidy.lock_toml, HasSubstr("\ngeo_vintage = " + edition.geo_vintage));
  }
}

TEST_F(OnsDeaths, EverySumHoldsButForTheTwoDatedExceptions) {
  for (const Edition& edition : kEditions) {
    SCOPED_TRACE(edition.year);
    const TidyEdition tidy = TidyOne(edition);
    EXPECT_GT(tidy.sums_checked, 500);
    for (const Finding& finding : tidy.findings) {
      EXPECT_EQ(finding.slug, "name-differs") << finding.ToText();
      EXPECT_EQ(finding.severity, FindingSeverity::kWarn);
    }
    EXPECT_EQ(tidy.explained.find("exceptions:") != std::string::npos, edition.year == "2018") << tidy.explained;
  }
  EXPECT_THAT(TidyOne(kEditions[2]).explained, HasSubstr("exceptions: 2018-01 by 18 because so published; 2018-02 by 3 "
                                                         "because so published\n"));
}

TEST_F(OnsDeaths, EveryValueOfTheWorkbookIsInTheOutputWithItsCell) {
  for (const Edition& edition : kEditions) {
    SCOPED_TRACE(edition.year);
    const TidyEdition tidy = TidyOne(edition);
    const std::string bytes = ReadFile(FileOf(edition));
    const auto book = workbook::OpenWorkbook(bytes);
    ASSERT_TRUE(book.has_value());
    const auto name = std::ranges::find((*book)->sheets(), "Figures for " + edition.year, &workbook::SheetEntry::name);
    const auto sheet = (*book)->ReadSheet(static_cast<std::size_t>(name - (*book)->sheets().begin()));
    ASSERT_TRUE(sheet.has_value());
    std::map<std::pair<int, int>, double> written;
    for (std::int64_t row = 0; row < tidy.table->num_rows(); ++row) {
      const auto number = [&](const std::string& column) {
        return base::ParseInt(CellText(*tidy.table, column, row)).value();
      };
      written[{static_cast<int>(number("src_row")) - 1, static_cast<int>(number("src_col")) - 1}] =
          static_cast<double>(number("deaths"));
    }
    std::map<std::pair<int, int>, double> published;
    for (std::size_t row = 0; row < sheet->rows().size(); ++row) {
      for (const workbook::Cell& cell : sheet->CellsOf(row)) {
        if (cell.kind == workbook::CellKind::kNumber) {
          published[{static_cast<int>(sheet->rows()[row].number), static_cast<int>(cell.column)}] = cell.number();
        }
      }
    }
    EXPECT_EQ(written, published);
  }
}

TEST_F(OnsDeaths, TotalsAreThoseOfTheReference) {
  std::map<std::string, std::string> reference;  // edition's year → month → total, as "2018-01" → "64154"
  std::istringstream lines(ReadFile(folder_ / "reference/deaths_and_temps_england_wales.csv"));
  for (std::string line; std::getline(lines, line);) {
    const auto fields = base::Split(line, ',');
    if (fields.size() > 2 && fields[0] != "date") reference[std::string(fields[0].substr(0, 7))] = fields[2];
  }
  for (const Edition& edition : kEditions) {
    if (!edition.final) continue;  // provisional figures were revised since
    const TidyEdition tidy = TidyOne(edition);
    for (std::int64_t month = 0; month < 12; ++month) {
      EXPECT_EQ(CellText(*tidy.table, "geo_code", month), "K04000001_J99000001");
      EXPECT_EQ(CellText(*tidy.table, "deaths", month), reference[CellText(*tidy.table, "period", month)]);
    }
  }
}

TEST_F(OnsDeaths, AProvisionalEditionSaysSoInEveryRow) {
  const TidyEdition tidy = TidyOne(kEditions[3]);
  for (std::int64_t row = 0; row < tidy.table->num_rows(); ++row) {
    ASSERT_EQ(CellText(*tidy.table, "deaths_status", row), "p");
  }
  EXPECT_EQ(CellText(*TidyOne(kEditions[2]).table, "deaths_status", 0), "null");
}

TEST_F(OnsDeaths, StackingGivesTheTableAndTheOldPipelinesFile) {
  std::vector<TidyEdition> editions;
  for (const Edition& edition : kEditions) editions.insert(editions.begin(), TidyOne(edition));
  const auto stacked = Stack(editions, recipe_->base());
  ASSERT_TRUE(stacked.has_value()) << stacked.error().ToText();
  EXPECT_THAT(stacked->findings, IsEmpty());
  ASSERT_EQ(stacked->outputs.size(), 2U);
  const frame::Frame& table = *stacked->outputs[0].table;
  const frame::Frame& compat = *stacked->outputs[1].table;
  EXPECT_EQ(table.num_rows(), 18'816);
  EXPECT_EQ(compat.num_rows(), 18'816);
  std::vector<std::string> names;
  for (const frame::Column& column : compat.columns) names.push_back(column.name);
  EXPECT_THAT(names, ElementsAre("geo_code", "place_name", "month", "deaths", "year", "datetime"));
  // Isles of Scilly, whose code ends in blanks until 2017, and the compound total: the old pipeline lost both.
  std::map<std::string, int> rows;
  for (std::int64_t row = 0; row < compat.num_rows(); ++row) ++rows[CellText(compat, "geo_code", row)];
  EXPECT_EQ(rows["E06000053"], 48);
  EXPECT_EQ(rows["K04000001_J99000001"], 48);
  recipe::Spec as_before = recipe_->base();
  as_before.outputs[1].rows = "as-before";
  EXPECT_EQ(Stack(editions, as_before)->outputs[1].table->num_rows(), 18'768);
}

TEST_F(OnsDeaths, EverySpoiltCopyIsFound) {
  for (const Edition& edition : {kEditions[1], kEditions[2], kEditions[3]}) {
    const std::string bytes = ReadFile(FileOf(edition));
    const auto book = workbook::OpenWorkbook(bytes);
    ASSERT_TRUE(book.has_value());
    for (const testing::Spoil& spoil : testing::Spoils()) {
      if (spoil.only_2018 && edition.year != "2018") continue;
      SCOPED_TRACE(edition.year + ": " + spoil.name);
      testing::EditableWorkbook spoilt(**book);
      spoil.spoil(spoilt, spoilt.sheet("Figures for " + edition.year));
      const auto tidy = TidyWorkbook(spoilt, *recipe_, InputOf(edition), register_, {});
      if (!tidy) {
        EXPECT_THAT(tidy.error().message, StartsWith(spoil.slug));
        continue;
      }
      std::vector<std::string> slugs;
      for (const Finding& finding : tidy->findings) {
        if (finding.severity == FindingSeverity::kFail) slugs.push_back(finding.slug);
      }
      EXPECT_THAT(slugs, Contains(spoil.slug));
    }
  }
}

}  // namespace
}  // namespace tidemill::transform
