// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/transform/testing/cell_text.h"
#include "tidemill/transform/tidy.h"

// The project's samples: invented counts in the layouts of six editions, .xls and accessible .xlsx.
namespace tidemill::transform {
namespace {

using testing::CellText;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

struct Sample {
  std::string year, path;
  bool final;
  std::int64_t rows, months;
};

const Sample kSamples[] = {{"2017", "files/2017/sampleannual2017final.xls", true, 397, 12},
                           {"2018", "files/2018/samplepublished2018.xls", true, 387, 12},
                           {"2019", "files/2019/sampleoutputdecember2019.xls", false, 387, 12},
                           {"2020", "files/2020/sampleoutputseptember2020new.xls", false, 383, 9},
                           {"2021", "files/2021/samplemonthlyfinalised2021.xlsx", true, 0, 12},
                           {"2022", "state-1/samplemonthly2022.xlsx", false, 0, 6},
                           {"2022", "state-2/samplemonthly2022.xlsx", false, 0, 9}};

class Samples : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path recipes = std::filesystem::path(TIDEMILL_SOURCE_DIR) / "recipes";
    auto recipe = recipe::Recipe::Parse(ReadFile(recipes / "ons/deaths-monthly.toml"), "deaths-monthly.toml");
    ASSERT_TRUE(recipe.has_value()) << recipe.error().ToText();
    recipe_ = *std::move(recipe);
    auto geography = Register::Parse(ReadFile(recipes / "registers/gss.csv"));
    ASSERT_TRUE(geography.has_value()) << geography.error().ToText();
    register_ = *std::move(geography);
  }

  TidyEdition TidyOne(const Sample& sample) const {
    const std::filesystem::path path = std::filesystem::path(TIDEMILL_SOURCE_DIR) / "samples/site" / sample.path;
    EditionInput input{.edition = sample.year,
                       .captures = {{"year", sample.year}, {"ext", path.extension().string().substr(1)}},
                       .final = sample.final,
                       .file = path.filename().string(),
                       .url = "https://publisher.example/" + sample.path,
                       .sha256 = std::string(64, 'a'),
                       .today = base::ParseDate("2023-02-01").value()};
    const std::string bytes = ReadFile(path);
    auto tidy = Tidy(bytes, *recipe_, input, register_, {}, {});
    EXPECT_TRUE(tidy.has_value()) << tidy.error().ToText();
    return tidy ? *std::move(tidy) : TidyEdition();
  }

  std::optional<recipe::Recipe> recipe_;
  Register register_;
};

TEST_F(Samples, EveryLayoutIsReadWhole) {
  for (const Sample& sample : kSamples) {
    const TidyEdition tidy = TidyOne(sample);
    SCOPED_TRACE(sample.path + "\n" + tidy.explained + tidy.lock_toml);
    std::string findings;
    for (const Finding& finding : tidy.findings) findings += finding.Id() + " " + finding.ToText() + "\n";
    EXPECT_THAT(tidy.findings, IsEmpty()) << findings;
    EXPECT_EQ(tidy.accounting.unaccounted, 0);
    EXPECT_GT(tidy.sums_checked, 200);
    if (tidy.table == nullptr) continue;
    const std::int64_t rows = tidy.accounting.code;
    if (sample.rows != 0) {
      EXPECT_EQ(rows, sample.rows);
    }
    EXPECT_EQ(tidy.table->num_rows(), rows * sample.months);
    EXPECT_EQ(CellText(*tidy.table, "deaths_status", 0), sample.final ? "null" : "p");
  }
}

TEST_F(Samples, TheAccessibleLayoutNestsByTheRegister) {
  const TidyEdition tidy = TidyOne(kSamples[4]);
  EXPECT_THAT(tidy.lock_toml, HasSubstr("find = \"table\""));
  EXPECT_THAT(tidy.lock_toml, HasSubstr("levels = \"code\""));
  EXPECT_THAT(tidy.explained, HasSubstr("ignored"));
}

TEST_F(Samples, APartYearLeavesItsLaterMonthsUnpublished) {
  EXPECT_THAT(TidyOne(kSamples[3]).unpublished, ElementsAre("2020-10", "2020-11", "2020-12"));
}

TEST_F(Samples, AllStackIntoOneTableAndALaterStateOfOneEditionTwiceIsRefused) {
  std::vector<TidyEdition> editions;
  for (const Sample& sample : kSamples) editions.push_back(TidyOne(sample));
  const auto repeated = Stack(editions, recipe_->base());
  ASSERT_TRUE(repeated.has_value()) << repeated.error().ToText();
  ASSERT_FALSE(repeated->findings.empty());
  EXPECT_EQ(repeated->findings[0].slug, "key-repeated");
  editions.pop_back();
  const auto stacked = Stack(editions, recipe_->base());
  ASSERT_TRUE(stacked.has_value()) << stacked.error().ToText();
  EXPECT_THAT(stacked->findings, IsEmpty());
}

}  // namespace
}  // namespace tidemill::transform
