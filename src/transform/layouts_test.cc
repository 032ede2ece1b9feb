// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/text.h"
#include "tidemill/recipe/testing/test_files.h"
#include "tidemill/transform/testing/cell_text.h"
#include "tidemill/transform/testing/layout_file.h"

#include "tidy_workbook.h"

// Each file of tests/layouts: small sheets, a recipe, and what must come of them.
namespace tidemill::transform {
namespace {

using testing::CellText;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using testing::LayoutFile;
using ::testing::StartsWith;

constexpr std::string_view kHead = R"toml(recipe = 1
name = "test/layout"
title = "A layout"
source.file = "layout-{year:year}.xlsx"
)toml";

std::vector<std::string> Layouts() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(TIDEMILL_SOURCE_DIR "/tests/layouts")) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

EditionInput InputOf(const LayoutFile& file) {
  EditionInput input{.edition = "2021",
                     .captures = {{"ext", "xlsx"}},
                     .final = true,
                     .file = "layout.xlsx",
                     .url = {},
                     .sha256 = "00",
                     .today = base::ParseDate("2022-06-30").value()};
  for (const auto& [name, value] : file.facts) {
    if (name == "edition") input.edition = value;
    if (name == "state") input.final = value == "final";
    if (name == "today") input.today = base::ParseDate(value).value();
    input.captures.insert_or_assign(name, value);
  }
  return input;
}

std::vector<std::string> FindingLines(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    lines.push_back(finding.cell.empty() ? finding.slug : finding.slug + " " + finding.cell);
  }
  return lines;
}

std::string Report(const TidyEdition& tidy) {
  std::string text = tidy.explained;
  for (const Finding& finding : tidy.findings) text += finding.slug + ": " + finding.ToText() + "\n";
  return text;
}

std::vector<std::vector<std::string>> RowsOf(const frame::Frame& table, const std::vector<std::string>& names) {
  std::vector<std::vector<std::string>> rows;
  for (std::int64_t row = 0; row < table.num_rows(); ++row) {
    std::vector<std::string> cells;
    for (const std::string& name : names) cells.push_back(CellText(table, name, row));
    rows.push_back(std::move(cells));
  }
  return rows;
}

std::string Drawn(const std::vector<std::vector<std::string>>& rows) {
  std::string text;
  for (const auto& row : rows) text += base::Join(row, " | ") + "\n";
  return text;
}

void ExpectTable(const LayoutFile& file, const TidyEdition& tidy, const recipe::Spec& spec,
                 std::vector<std::string>& findings) {
  const auto stacked = Stack({tidy}, spec);
  ASSERT_TRUE(stacked.has_value()) << stacked.error().ToText();
  for (std::string& line : FindingLines(stacked->findings)) findings.push_back(std::move(line));
  if (file.table.empty()) return;
  const auto rows = RowsOf(*stacked->outputs[0].table, file.table[0]);
  EXPECT_EQ(Drawn(rows), Drawn({file.table.begin() + 1, file.table.end()}));
}

void ExpectCounts(const LayoutFile& file, const Accounting& accounting) {
  EXPECT_EQ(accounting.unaccounted == 0,
            std::ranges::none_of(file.findings, [](const std::string& f) { return f.starts_with("unaccounted"); }));
  for (const std::string& line : file.counts) {
    const std::size_t blank = line.find(' ');
    for (const auto& [name, count] : accounting.Classes()) {
      if (name != line.substr(0, blank)) continue;
      EXPECT_EQ(std::to_string(count), line.substr(blank + 1)) << name;
    }
  }
}

class Layout : public ::testing::TestWithParam<std::string> {};

TEST_P(Layout, ComesOutAsExpected) {
  const std::string path = TIDEMILL_SOURCE_DIR "/tests/layouts/" + GetParam() + ".txt";
  const LayoutFile file = testing::ParseLayout(recipe::testing::FileText(path));
  const auto recipe = recipe::Recipe::Parse(std::string(kHead) + file.recipe, "layout.toml");
  ASSERT_TRUE(recipe.has_value()) << recipe.error().ToText();
  const auto geography = Register::Parse(file.geography);
  ASSERT_TRUE(geography.has_value()) << geography.error().ToText();
  const auto tidy = TidyWorkbook(file.book, *recipe, InputOf(file), *geography, {});
  if (!file.error.empty()) {
    ASSERT_FALSE(tidy.has_value()) << Report(*tidy);
    EXPECT_THAT(tidy.error().ToText(), HasSubstr(file.error));
    return;
  }
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  SCOPED_TRACE(Report(*tidy));
  std::vector<std::string> findings = FindingLines(tidy->findings);
  ExpectTable(file, *tidy, recipe->base(), findings);
  EXPECT_THAT(findings, ElementsAreArray(file.findings));
  ExpectCounts(file, tidy->accounting);
  for (const std::string& part : file.explained) EXPECT_THAT(Report(*tidy) + tidy->lock_toml, HasSubstr(part));
}

INSTANTIATE_TEST_SUITE_P(Files, Layout, ::testing::ValuesIn(Layouts()), [](const auto& test) {
  std::string name = test.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace tidemill::transform
