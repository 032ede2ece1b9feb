// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/text.h"
#include "tidemill/recipe/testing/test_files.h"
#include "tidemill/transform/testing/cell_text.h"
#include "tidemill/transform/tidy.h"

// Workbooks of many publishers, each by its recipe under recipes/: tests/publishers holds a folder each with what must
// come of it, checked by hand. Without the workbooks the tests are skipped, and say so.
namespace tidemill::transform {
namespace {

using recipe::testing::FileText;
using testing::CellText;
using ::testing::ElementsAreArray;

const std::filesystem::path kSource = TIDEMILL_SOURCE_DIR;
const std::filesystem::path kData = TIDEMILL_SHARED_DATA;

struct Edition {
  std::string path, name;
  recipe::Captures captures;
  bool final = true;
};

// scenario.tsv: a key, a tab, its values.
struct Scenario {
  std::string recipe;
  std::vector<Edition> editions;
  std::map<std::string, std::string> numbers;  // "rows", "sums", "unaccounted" …
  std::vector<std::string> findings;           // "slug sheet!cell"
};

Scenario ReadScenario(const std::filesystem::path& folder) {
  Scenario scenario;
  for (const auto& row : recipe::testing::TableRows(folder / "scenario.tsv")) {
    if (row[0] == "recipe") {
      scenario.recipe = row[1];
    } else if (row[0] == "input") {
      scenario.editions.push_back({.path = row[1], .name = row[2], .captures = {}});
    } else if (row[0] == "capture") {
      scenario.editions.back().captures[row[1]] = row[2];
    } else if (row[0] == "finding") {
      scenario.findings.push_back(row[1]);
    } else {
      scenario.numbers[row[0]] = row[1];
    }
  }
  return scenario;
}

base::Result<TidyEdition> TidyOne(const Edition& edition, const recipe::Recipe& recipe, const Register& geography,
                                  const std::string& bytes) {
  const std::filesystem::path path = edition.path;
  EditionInput input{.edition = edition.name.empty() ? "all" : edition.name,
                     .captures = edition.captures,
                     .final = edition.final,
                     .file = path.filename().string(),
                     .url = {},
                     .sha256 = "00",
                     .today = base::ParseDate("2026-06-30").value()};
  input.captures.try_emplace("ext", path.extension().string().substr(1));
  return Tidy(bytes, recipe, input, geography, {}, {});
}

std::string Report(const TidyEdition& tidy) {
  std::string text = tidy.explained + tidy.lock_toml;
  std::size_t shown = 0;
  for (const Finding& finding : tidy.findings) {
    if (++shown > 40) break;
    text += finding.Id() + "  " + finding.message + "\n";
  }
  return text;
}

// The rows of a table that have these texts in these columns; the column "cell" is where the value came from.
std::vector<std::int64_t> RowsWith(const frame::Frame& table, const std::vector<std::string>& names,
                                   const recipe::testing::Row& row, std::size_t keys) {
  std::vector<std::int64_t> found;
  for (std::int64_t at = 0; at < table.num_rows(); ++at) {
    bool all = true;
    for (std::size_t i = 0; i < keys && all; ++i) all = CellText(table, names[i], at) == row[i];
    if (all) found.push_back(at);
  }
  return found;
}

std::string CellOf(const frame::Frame& table, std::int64_t row) {
  const auto number = base::ParseInt(CellText(table, "src_row", row)).value_or(0);
  const auto column = base::ParseInt(CellText(table, "src_col", row)).value_or(0);
  const std::string source = CellText(table, "src", row);
  return source.substr(source.find(' ') + 1) + "!" +
         workbook::A1(static_cast<std::uint32_t>(number - 1), static_cast<std::uint32_t>(column - 1));
}

// expected.tsv: names, those left of "|" being the key; then one row each.
void ExpectRows(const frame::Frame& table, const std::filesystem::path& folder) {
  const auto rows = recipe::testing::TableRows(folder / "expected.tsv");
  ASSERT_FALSE(rows.empty());
  std::vector<std::string> names = rows[0].fields;
  const auto bar = std::ranges::find(names, "|");
  ASSERT_NE(bar, names.end());
  const auto keys = static_cast<std::size_t>(bar - names.begin());
  const auto values = std::count_if(
      bar + 1, names.end(), [](const std::string& name) { return name != "cell" && !name.ends_with("_status"); });
  EXPECT_GE((rows.size() - 1) * static_cast<std::size_t>(values), 24U) << "a few dozen cells";
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto found = RowsWith(table, names, rows[i], keys);
    ASSERT_EQ(found.size(), 1U) << "line " << rows[i].line;
    for (std::size_t k = keys + 1; k < names.size(); ++k) {
      const std::string text = names[k] == "cell" ? CellOf(table, found[0]) : CellText(table, names[k], found[0]);
      EXPECT_EQ(text, rows[i][k]) << "line " << rows[i].line << ", " << names[k];
    }
  }
}

std::vector<std::string> Folders() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kSource / "tests/publishers")) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

class Publisher : public ::testing::TestWithParam<std::string> {};

TEST_P(Publisher, IsReadAsCheckedByHand) {
  const std::filesystem::path folder = kSource / "tests/publishers" / GetParam();
  const Scenario scenario = ReadScenario(folder);
  auto recipe = recipe::Recipe::Parse(FileText(kSource / "recipes" / (scenario.recipe + ".toml")), scenario.recipe);
  ASSERT_TRUE(recipe.has_value()) << recipe.error().ToText();
  EXPECT_EQ(recipe->base().name, scenario.recipe);
  const auto geography = Register::Parse(FileText(kSource / "recipes/registers/gss.csv"));
  ASSERT_TRUE(geography.has_value());
  std::vector<TidyEdition> editions;
  std::vector<std::string> findings;
  Accounting cells;
  std::int64_t sums = 0;
  std::string report;
  for (const Edition& edition : scenario.editions) {
    if (!std::filesystem::exists(kData / edition.path)) GTEST_SKIP() << "no " << kData / edition.path;
    const std::string bytes = FileText(kData / edition.path);
    auto tidy = TidyOne(edition, *recipe, *geography, bytes);
    ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
    for (const Finding& finding : tidy->findings) findings.push_back(finding.Id());
    cells.Add(tidy->accounting);
    sums += tidy->sums_checked;
    report += Report(*tidy);
    editions.push_back(*std::move(tidy));
  }
  SCOPED_TRACE(report);
  const auto stacked = Stack(editions, recipe->base());
  ASSERT_TRUE(stacked.has_value()) << stacked.error().ToText();
  for (const Finding& finding : stacked->findings) findings.push_back(finding.Id());
  EXPECT_THAT(findings, ElementsAreArray(scenario.findings));
  const frame::Frame& table = *stacked->outputs[0].table;
  EXPECT_EQ(cells.unaccounted, 0);
  EXPECT_EQ(std::to_string(table.num_rows()), scenario.numbers.at("rows"));
  EXPECT_EQ(std::to_string(sums), scenario.numbers.at("sums"));
  ExpectRows(table, folder);
}

INSTANTIATE_TEST_SUITE_P(Workbooks, Publisher, ::testing::ValuesIn(Folders()), [](const auto& test) {
  std::string name = test.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace tidemill::transform
