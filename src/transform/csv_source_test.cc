// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/transform/testing/cell_text.h"
#include "tidemill/transform/tidy.h"

// source.csv: how delimited text is written.
namespace tidemill::transform {
namespace {

using testing::CellText;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

base::Result<TidyEdition> TidyText(std::string_view bytes, std::string_view csv) {
  const std::string text = R"toml(recipe = 1
name = "test/csv"
title = "A file of delimited text"
source.file = "deaths.csv"
columns.area   = { role = "dimension", header = "Área" }
columns.period = { role = "dimension", header = "Año", axis = "year" }
columns.deaths = { role = "value", header = "Total", type = "int32", thousands = "." }
output = [{ table = "deaths" }]
)toml" + std::string(csv);
  const auto recipe = recipe::Recipe::Parse(text, "csv.toml");
  EXPECT_TRUE(recipe.has_value()) << recipe.error().ToText();
  if (!recipe) return tl::unexpected(recipe.error());
  const EditionInput input{.edition = "2019",
                           .captures = {{"ext", "csv"}},
                           .final = true,
                           .file = "deaths.csv",
                           .url = {},
                           .sha256 = "00",
                           .today = base::ParseDate("2022-01-01").value()};
  return Tidy(bytes, *recipe, input, Register(), {}, {});
}

// Windows-1252, a bar between the cells, quotes of one stroke, a line of comment.
constexpr std::string_view kBytes =
    "% made by hand\n"
    "\xC1rea|A\xF1o|Total\n"
    "'Le\xF3n|North'|2019|2.840\n"
    "M\xE1laga|2019|93\n";

TEST(CsvSource, IsReadAsTheRecipeSays) {
  const auto tidy = TidyText(kBytes,
                             "[source.csv]\nencoding = \"windows-1252\"\ndelimiter = \"|\"\n"
                             "quote = \"'\"\ncomment = \"%\"\n");
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(tidy->findings, IsEmpty());
  ASSERT_EQ(tidy->table->rows, 2U);
  EXPECT_EQ(CellText(*tidy->table, "area", 0), "León|North");
  EXPECT_EQ(CellText(*tidy->table, "deaths", 0), "2840");
  EXPECT_EQ(CellText(*tidy->table, "area", 1), "Málaga");
}

TEST(CsvSource, AnotherDelimiterBindsNothing) {
  const auto tidy = TidyText(kBytes, "[source.csv]\nencoding = \"windows-1252\"\ndelimiter = \";\"\n");
  ASSERT_FALSE(tidy.has_value());
  EXPECT_THAT(tidy.error().ToText(), HasSubstr("table-missing"));
}

}  // namespace
}  // namespace tidemill::transform
