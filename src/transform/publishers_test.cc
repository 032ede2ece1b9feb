// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/transform/testing/cell_text.h"
#include "tidemill/transform/tidy.h"

// Workbooks of other publishers, each by a recipe of its own.
namespace tidemill::transform {
namespace {

using testing::CellText;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

base::Result<TidyEdition> TidyFile(const std::filesystem::path& path, std::string_view recipe_text) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  auto recipe = recipe::Recipe::Parse(recipe_text, "recipe.toml");
  if (!recipe) return tl::unexpected(std::move(recipe).error());
  const EditionInput input{.edition = "all",
                           .captures = {{"ext", path.extension().string().substr(1)}},
                           .final = true,
                           .file = path.filename().string(),
                           .url = {},
                           .sha256 = "00",
                           .today = base::ParseDate("2026-01-01").value()};
  return Tidy(std::move(bytes).str(), *recipe, input, Register(), {}, {});
}

std::string Report(const TidyEdition& tidy) {
  std::string text = tidy.explained + tidy.lock_toml;
  for (const Finding& finding : tidy.findings) text += finding.Id() + "  " + finding.ToText() + "\n";
  return text;
}

TEST(Publishers, DftAirportsInANativeTableWithNotesAndMarkers) {
  const auto path = std::filesystem::path(TIDEMILL_SHARED_DATA) / "workbooks/dft/avi0102.xlsx";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  const auto tidy = TidyFile(path, R"toml(
recipe = 1
name   = "dft/passengers-summary-airports"
title  = "Terminal passengers at UK summary airports, thousands"
source = { file = "avi0102.xlsx" }
sheet  = { pick = "TSGB0202f" }
table  = { find = "table" }
columns.airport    = { role = "label", header = "Summary Airport" }
columns.period     = { role = "axis", axis = "year" }
columns.passengers = { role = "value", type = "float64", unit = "thousand passengers" }
markers = { "[n]" = { value = 0 }, "[note 2]" = { status = "z" } }
checks  = { sums = ["'Summary airports total' = sum(others) within 0.0005 except 2019 by -0.039 because 'the total omits Lydd'"] }
output  = [{ table = "passengers", key = ["airport", "period"] }]
)toml");
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  SCOPED_TRACE(Report(*tidy));
  EXPECT_THAT(tidy->findings, IsEmpty());
  EXPECT_EQ(tidy->accounting.unaccounted, 0);
  EXPECT_THAT(tidy->explained, HasSubstr("exceptions: 2019 by -0.039 because the total omits Lydd"));
  EXPECT_GT(tidy->sums_checked, 5);
}

}  // namespace
}  // namespace tidemill::transform
