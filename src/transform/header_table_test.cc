// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/transform/testing/cell_text.h"
#include "tidemill/transform/testing/editable_workbook.h"

#include "tidy_workbook.h"

// Layouts other than months across: tables found by their headers, totals, native tables.
namespace tidemill::transform {
namespace {

using testing::CellText;
using testing::EditableSheet;
using testing::EditableWorkbook;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr std::string_view kHead = R"toml(recipe = 1
name = "test/table"
title = "A table"
source = { file = "table.xlsx" }
)toml";

base::Result<TidyEdition> TidyOne(const EditableWorkbook& book, std::string_view recipe_text) {
  auto recipe = recipe::Recipe::Parse(std::string(kHead) + std::string(recipe_text), "table.toml");
  EXPECT_TRUE(recipe.has_value()) << recipe.error().ToText();
  if (!recipe) return tl::unexpected(std::move(recipe).error());
  const EditionInput input{.edition = "2021",
                           .captures = {{"ext", "xlsx"}},
                           .final = true,
                           .file = "table.xlsx",
                           .url = {},
                           .sha256 = "00",
                           .today = base::ParseDate("2022-01-01").value()};
  return TidyWorkbook(book, *recipe, input, Register(), {});
}

std::string FindingPlaces(const TidyEdition& tidy) {
  std::string text;
  for (const Finding& finding : tidy.findings) text += finding.slug + " " + finding.cell + "; ";
  return text;
}

// Sex and year down, two measures across.
EditableWorkbook LongTable() {
  EditableSheet sheet("Data");
  sheet.Text("A1", "Births and deaths by sex");
  sheet.Text("A3", "Sex");
  sheet.Text("B3", "Year");
  sheet.Text("C3", "Births [note 1]");
  sheet.Text("D3", "Deaths");
  const double births[] = {100, 110, 48, 52, 52, 58};
  for (std::uint32_t i = 0; i < 6; ++i) {
    const std::string row = std::to_string(i + 4);
    if (i % 2 == 0) sheet.Text("A" + row, i == 0 ? "Persons" : i == 2 ? "Males" : "Females");
    sheet.Number("B" + row, 2020 + i % 2);
    sheet.Number("C" + row, births[i]);
    sheet.Number("D" + row, births[i] / 2);
  }
  sheet.Text("A11", "Source: the office");
  sheet.Text("A12", "[note 1] Live births.");
  EditableWorkbook book;
  book.Add(std::move(sheet));
  return book;
}

constexpr std::string_view kLong = R"toml(
columns.sex    = { role = "dimension", header = "Sex", fill = "down", map = { "Persons" = "all" } }
columns.period = { role = "dimension", header = "Year", axis = "year" }
columns.births = { role = "value", header = "Births", type = "int32", unit = "births" }
columns.deaths = { role = "value", header = "Deaths", type = "float64", additive = false }
output = [{ table = "t" }]
)toml";

TEST(HeaderTable, ReadsDimensionsDownAndSeveralMeasures) {
  const auto tidy = TidyOne(LongTable(), kLong);
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(tidy->findings, IsEmpty()) << FindingPlaces(*tidy);
  EXPECT_EQ(tidy->accounting.unaccounted, 0);
  EXPECT_EQ(tidy->table->num_rows(), 6);
  EXPECT_EQ(CellText(*tidy->table, "sex", 1), "all");
  EXPECT_EQ(CellText(*tidy->table, "period", 1), "2021");
  EXPECT_EQ(CellText(*tidy->table, "births", 5), "58");
  EXPECT_EQ(CellText(*tidy->table, "deaths", 5), "29");
  EXPECT_THAT(tidy->explained, HasSubstr("header in row 3"));
}

TEST(HeaderTable, NamesTheHeaderThatIsMissing) {
  EditableWorkbook book = LongTable();
  book.sheet("Data").Text("D3", "Marriages");
  const auto tidy = TidyOne(book, kLong);
  ASSERT_FALSE(tidy.has_value());
  EXPECT_THAT(tidy.error().message, StartsWith("table-missing"));
}

TEST(HeaderTable, TheSameKeyTwiceIsFound) {
  EditableWorkbook book = LongTable();
  book.sheet("Data").Number("B5", 2020);
  const auto tidy = TidyOne(book, kLong);
  ASSERT_TRUE(tidy.has_value());
  EXPECT_EQ(FindingPlaces(*tidy), "key-repeated B5; ");
}

TEST(HeaderTable, AHeaderThatHitsTwoColumnsIsAmbiguous) {
  EditableWorkbook book = LongTable();
  book.sheet("Data").Text("E3", "Deaths");
  book.sheet("Data").Number("E4", 1);
  const auto tidy = TidyOne(book, kLong);
  ASSERT_FALSE(tidy.has_value());
  EXPECT_THAT(tidy.error().message, StartsWith("column-ambiguous"));
}

// Months across and years down, with a total: the years are no axis, so each row is named by its label.
EditableWorkbook TotalsTable() {
  EditableSheet sheet("1");
  sheet.Text("A1", "Births");
  sheet.Text("A3", "Area");
  sheet.Text("B3", "Total");
  sheet.Text("C3", "January 2021");
  sheet.Text("D3", "February 2021");
  sheet.Text("E3", "March 2021");
  for (std::uint32_t row = 4; row <= 6; ++row) {
    const std::string name = std::to_string(row);
    sheet.Text("A" + name, row == 4 ? "All" : row == 5 ? "North" : "South");
    for (const auto* const column : {"C", "D", "E"}) sheet.Number(column + name, row == 4 ? 22 : row + 5);
    sheet.Number("B" + name, row == 4 ? 66 : (row + 5) * 3);
  }
  EditableWorkbook book;
  sheet.Number("C5", 11);
  sheet.Number("D5", 11);
  sheet.Number("E5", 11);
  sheet.Number("B5", 33);
  book.Add(std::move(sheet));
  return book;
}

constexpr std::string_view kTotals = R"toml(
columns.area   = { role = "label" }
columns.total  = { role = "total", header = "Total" }
columns.period = { role = "axis", axis = "month" }
columns.births = { role = "value", type = "int32" }
checks.sums    = ["All = sum(others)"]
output = [{ table = "t" }]
)toml";

TEST(AxisTable, ATotalIsCheckedAndNotWritten) {
  const auto tidy = TidyOne(TotalsTable(), kTotals);
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(tidy->findings, IsEmpty()) << FindingPlaces(*tidy);
  EXPECT_EQ(tidy->accounting.total, 3);
  EXPECT_EQ(tidy->table->num_rows(), 9);
  EditableWorkbook book = TotalsTable();
  book.sheet("1").Number("B5", 34);
  EXPECT_EQ(FindingPlaces(*TidyOne(book, kTotals)), "total B5; ");
}

TEST(AxisTable, OfTwoEqualAxesTheAnchorChooses) {
  EditableWorkbook book = TotalsTable();
  EditableSheet& sheet = book.sheet("1");
  const std::vector<testing::EditableCell> cells = sheet.cells;
  for (const testing::EditableCell& cell : cells) {
    if (cell.row < 2) continue;
    testing::EditableCell copy = cell;
    copy.row += 20;
    if (copy.text == "January 2021") copy.text = "April 2021";
    sheet.cells.push_back(copy);
  }
  sheet.Text("A23", "Region");
  const std::string by_axis = "table.find = \"axis\"\n" + std::string(kTotals);
  const auto ambiguous = TidyOne(book, by_axis);
  ASSERT_FALSE(ambiguous.has_value());
  EXPECT_THAT(ambiguous.error().message,
              AllOf(StartsWith("table-ambiguous"), HasSubstr("C3 'January 2021'"), HasSubstr("C23 'April 2021'")));
  const auto chosen = TidyOne(book, "table.anchor = \"Area\"\ntable.stop = \"Region\"\n" + by_axis);
  ASSERT_TRUE(chosen.has_value()) << chosen.error().ToText();
  EXPECT_THAT(chosen->explained, HasSubstr("anchor A3 'Area'"));
}

TEST(NativeTable, BoundsTheBodyAndItsTotals) {
  EditableWorkbook book = TotalsTable();
  EditableSheet& sheet = book.sheet("1");
  sheet.Text("A7", "Sum");
  for (const auto* const cell : {"B7", "C7", "D7", "E7"}) sheet.Number(cell, 1);
  sheet.tables.push_back({.name = "births", .range = {2, 0, 6, 4}, .header_rows = 1, .totals_rows = 1, .columns = {}});
  const auto tidy = TidyOne(book, kTotals);
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(tidy->findings, IsEmpty()) << FindingPlaces(*tidy);
  EXPECT_THAT(tidy->explained, HasSubstr("native table \"births\""));
  EXPECT_EQ(tidy->table->num_rows(), 9);
  EXPECT_EQ(tidy->accounting.total, 3 + 5);
}

TEST(Markers, AMarkersNoteIsWrittenWithTheCellsItTouches) {
  EditableWorkbook book = TotalsTable();
  book.sheet("1").Text("C5", "-");
  book.sheet("1").Number("C4", 11);
  book.sheet("1").Number("B4", 55);
  book.sheet("1").Number("B5", 22);
  const auto tidy =
      TidyOne(book, "markers = { \"-\" = { value = 0, status = \"z\", note = \"nil\" } }\n" + std::string(kTotals));
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(tidy->findings, IsEmpty()) << FindingPlaces(*tidy);
  EXPECT_EQ(CellText(*tidy->table, "births", 3), "0");
  EXPECT_EQ(CellText(*tidy->table, "births_status", 3), "z");
  ASSERT_NE(tidy->notes, nullptr);
  EXPECT_EQ(CellText(*tidy->notes, "text", 0), "nil");
  EXPECT_EQ(CellText(*tidy->notes, "touches", 0), "C5");
  EXPECT_THAT(tidy->lock_toml, HasSubstr("markers = { - = 1 }"));
}

}  // namespace
}  // namespace tidemill::transform
