// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <sstream>

#include <arrow/api.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/transform/tidy.h"

// The published workbooks of monthly deaths, read by the recipe of the project.
namespace tidemill::transform {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

struct Expected {
  std::string folder, edition;
  bool final;
  std::int64_t rows, sum;
};

const Expected kEditions[] = {{"2015-final", "2015", true, 397, 0},
                              {"2017-final", "2017", true, 397, 0},
                              {"2018-final", "2018", true, 387, 3'050'567},
                              {"2019-december-provisional", "2019", false, 387, 2'991'539}};

class OnsDeaths : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(TIDEMILL_SHARED_DATA) / "ons-monthly-deaths";
    if (!std::filesystem::exists(folder_ / "2018-final")) GTEST_SKIP() << "no published workbooks in " << folder_;
    auto recipe =
        recipe::Recipe::Parse(ReadFile(std::filesystem::path(TIDEMILL_SOURCE_DIR) / "recipes/ons/deaths-monthly.toml"),
                              "deaths-monthly.toml");
    ASSERT_TRUE(recipe.has_value()) << recipe.error().ToText();
    recipe_ = *std::move(recipe);
  }

  base::Result<TidyEdition> TidyOne(const Expected& expected, const Register& geography = {}) {
    std::filesystem::path file;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / expected.folder)) file = entry.path();
    const std::string bytes = ReadFile(file);
    EditionInput input{.edition = expected.edition,
                       .captures = {{"year", expected.edition}, {"ext", "xls"}, {"file", file.stem().string()}},
                       .final = expected.final,
                       .file = file.filename().string(),
                       .url = "file:" + file.filename().string(),
                       .sha256 = std::string(64, '0'),
                       .today = base::ParseDate("2026-01-01").value()};
    return Tidy(bytes, *recipe_, input, geography, {}, {});
  }

  std::filesystem::path folder_;
  std::optional<recipe::Recipe> recipe_;
};

TEST_F(OnsDeaths, ReadsEachEditionWhole) {
  std::vector<TidyEdition> editions;
  for (const Expected& expected : kEditions) {
    auto tidy = TidyOne(expected);
    ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
    SCOPED_TRACE(tidy->explained + tidy->lock_toml + tidy->layout_signature);
    fputs((tidy->explained + tidy->lock_toml + tidy->layout_signature + "\n").c_str(), stderr);
    for (const Finding& finding : tidy->findings) fputs((finding.Id() + " " + finding.ToText() + "\n").c_str(), stderr);
    EXPECT_EQ(tidy->accounting.unaccounted, 0);
    EXPECT_EQ(tidy->accounting.value, expected.rows * 12);
    EXPECT_EQ(tidy->table->num_rows(), expected.rows * 12);
    editions.push_back(*std::move(tidy));
  }
  auto stacked = Stack(editions, recipe_->base());
  ASSERT_TRUE(stacked.has_value()) << stacked.error().ToText();
  for (const OutputTable& output : stacked->outputs) {
    fputs((output.table->schema()->ToString(true) + "\n" + output.table->Slice(0, 5)->ToString() + "\n").c_str(),
          stderr);
  }
}

}  // namespace
}  // namespace tidemill::transform
