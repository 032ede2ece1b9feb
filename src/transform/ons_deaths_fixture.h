// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tidemill/transform/tidy.h"

// The published workbooks of monthly deaths and the recipe of the project. For tests.
namespace tidemill::transform {

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

// Facts of a file, measured with another reader.
struct Edition {
  std::string year, folder;
  bool final = true;
  std::int64_t rows = 0;     // of the table: a row that is repeated counts once
  std::int64_t cells = 0;    // with content
  std::int64_t codes = 0;    // in a column of their own
  std::int64_t markers = 0;  // "-"
  std::int64_t kept = 0;     // areas without a GSS code
  std::int64_t sum = 0;      // of the body, repeated rows included
  std::string geo_vintage;
};

inline const std::vector<Edition> kEditions = {
    {"2006", "2006-final", true, 432, 6063, 429, 0, 45, 2'870'211, "2006-01-01"},
    {"2008", "2008-final", true, 432, 6065, 429, 0, 45, 2'905'903, "2006-01-01"},
    {"2009", "2009-final", true, 434, 6120, 431, 1, 37, 2'805'027, "2009-04-01"},
    {"2011", "2011-final", true, 434, 5689, 0, 2, 37, 2'765'299, "2009-04-01"},
    {"2012", "2012-final", true, 397, 5216, 0, 3, 0, 2'850'060, "2009-04-01"},
    {"2014", "2014-final", true, 397, 5195, 0, 0, 0, 2'862'932, "2013-04-01"},
    {"2015", "2015-final", true, 397, 5579, 397, 0, 0, 2'990'187, "2013-04-01"},
    {"2017", "2017-final", true, 397, 5579, 397, 0, 0, 3'010'509, "2013-04-01"},
    {"2018", "2018-final", true, 387, 5440, 387, 0, 0, 3'050'567, "2019-04-01"},
    {"2019", "2019-december-provisional", false, 387, 5443, 387, 0, 0, 2'991'539, "2019-04-01"},
};
constexpr std::size_t kFirstWithGssCodes = 6;

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

  TidyEdition TidyOne(const Edition& edition) const { return TidyOne(edition, *recipe_); }
  TidyEdition TidyOne(const Edition& edition, const recipe::Recipe& recipe) const {
    const std::string bytes = ReadFile(FileOf(edition));
    auto tidy = Tidy(bytes, recipe, InputOf(edition), register_, {}, {});
    EXPECT_TRUE(tidy.has_value()) << tidy.error().ToText();
    return tidy ? *std::move(tidy) : TidyEdition();
  }

  std::filesystem::path folder_;
  std::optional<recipe::Recipe> recipe_;
  Register register_;
};

}  // namespace tidemill::transform
